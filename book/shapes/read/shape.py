"""Reads the shapes that people type: (1, 3, 224, 224), [8, 3, 32], 1x3x64x64, one or several."""

import re

MOST_AXES = 8
LARGEST = 10**12
WRITE_IT = "Write the input's shape with its batch, such as (1, 3, 224, 224); None where a size is not known."


def shape_of(text):
    """Return one shape as a tuple; raise ValueError with a sentence."""
    shapes, problem = shapes_of(text)
    if problem or len(shapes) != 1:
        raise ValueError(problem or WRITE_IT)
    return tuple(shapes[0])


def shapes_of(text):
    """Return (shapes, sentence): the shapes as lists, or no shape and what is wrong."""
    text = re.sub(r"(?<=[0-9])\s*[x×X]\s*(?=[0-9])", ", ", text.strip().removeprefix("torch.Size").strip())
    if not text:
        return [], WRITE_IT
    parts = re.findall(r"[(\[][^()\[\]]*[)\]]", text) or [text]
    rest = text
    for part in parts:
        rest = rest.replace(part, "", 1)
    if re.search(r"[^\s,;()\[\]]", rest.replace("torch.Size", "")):
        return [], WRITE_IT
    shapes = []
    for part in parts:
        words = [word for word in re.split(r"[\s,;()\[\]]+", part) if word]
        wrong = next((word for word in words if not re.match(r"(?:[0-9]{1,15}|None|\?|-1)$", word)), None)
        if wrong is not None:
            return [], f"{wrong[:20]} is no size. {WRITE_IT}"
        shape = [int(word) if word[0] in "0123456789" else None for word in words]
        if any(size is not None and not 1 <= size <= LARGEST for size in shape):
            return [], "A size is a whole number from 1 on."
        if not 1 <= len(shape) <= MOST_AXES:
            return [], WRITE_IT
        shapes.append(shape)
    return shapes, ""
