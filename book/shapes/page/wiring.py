"""What the wiring's page shows of one convolution over an image: code, output, weight and formula in both
frameworks, or what each says, and where the kernel stands along each axis.
"""

from ..arguments import bind
from ..calls import call
from ..pages import page_of
from ..records import Layer, Refusal, Unknown
from ..repair import repair_of
from ..rules import answer
from ..rules.keras_conv import OUT_BACKPROP
from ..sizes import same_padding, span
from ..table import number, shape

AXES = ("height", "width")
NO_GROUPS = "Keras's Conv2DTranspose has no groups."
NO_WORD = "PyTorch's ConvTranspose2d takes numbers as its padding, not 'same' or 'valid'."
START = {
    "in_channels": 4, "out_channels": 6, "groups": 2, "size": [9, 12], "kernel": [3, 4], "stride": [2, 2],
    "padding": "zeros", "zeros": [1, 0], "dilation": [1, 1], "transposed": False, "output_padding": [0, 0],
}  # fmt: skip
LIMITS = {
    "in_channels": 512, "out_channels": 512, "groups": 512, "size": 64, "kernel": 11, "stride": 8,
    "zeros": 11, "dilation": 6, "output_padding": 7,
}  # fmt: skip
LEAST = {"zeros": 0, "output_padding": 0}


def wired(settings):
    """Return what the page shows. `settings` has START's names; padding is "zeros", "same" or "valid"."""
    sides = [in_pytorch(settings), in_keras(settings)]
    return {
        "sides": sides,
        "weights": [side["weight"] for side in sides],
        "summary": ". ".join(said_of(side) for side in sides),
    }


def said_of(side):
    """Return what a screen reader hears of a side."""
    return f"{side['name']}: {side['message'] or 'output ' + side['output']}"


def in_pytorch(settings):
    """Return PyTorch's side."""
    transposed = settings["transposed"]
    kind = "ConvTranspose2d" if transposed else "Conv2d"
    zeros = settings["padding"] == "zeros"
    if transposed and not zeros:
        return {**empty_side("PyTorch"), "message": NO_WORD}
    named = {
        "stride": tuple(settings["stride"]),
        "padding": tuple(settings["zeros"]) if zeros else settings["padding"],
        "groups": settings["groups"],
        "dilation": tuple(settings["dilation"]),
    }
    if transposed:
        named["output_padding"] = tuple(settings["output_padding"])
    positional = [settings["in_channels"], settings["out_channels"], tuple(settings["kernel"])]
    given = (1, settings["in_channels"], *settings["size"])
    side = side_of("PyTorch", "pytorch", kind, positional, named, given)
    side["order"] = "(in, out / groups, height, width)" if transposed else "(out, in / groups, height, width)"
    side["letters"] = "IOHW" if transposed else "OIHW"
    if not side["message"]:
        pads = side.pop("padding")
        if transposed:
            pads = [[pad, pad] for pad in settings["zeros"]]
        side["axes"] = [axis_of(settings, place, side["sizes"][place], pads[place], "") for place in (0, 1)]
    elif not zeros and max(settings["stride"]) > 1:
        side |= with_numbers(settings)
    return side


def with_numbers(settings):
    """Return what is drawn of PyTorch where it refuses a word with a stride: the zeros that come nearest."""
    reaches = [span(k, d) for k, d in zip(settings["kernel"], settings["dilation"], strict=True)]
    zeros = [(reach - 1) // 2 for reach in reaches]
    instead = in_pytorch({**settings, "padding": "zeros", "zeros": zeros})
    both_alike = zeros[0] == zeros[1]
    written = str(zeros[0]) if both_alike else shape(zeros)
    return {"axes": instead["axes"], "drawn_as": f"PyTorch with padding={written}"}


def in_keras(settings):
    """Return Keras's side: a padding of numbers is a layer before it, and a Cropping2D behind a transposed
    convolution.
    """
    transposed = settings["transposed"]
    kind = "Conv2DTranspose" if transposed else "Conv2D"
    zeros = tuple(settings["zeros"]) if settings["padding"] == "zeros" else (0, 0)
    word = "valid" if settings["padding"] == "zeros" else settings["padding"]
    named = {
        "strides": tuple(settings["stride"]),
        "padding": word,
        "dilation_rate": tuple(settings["dilation"]),
    }
    size = tuple(settings["size"])
    if not transposed:
        named["groups"] = settings["groups"]
        size = tuple(each + 2 * pad for each, pad in zip(size, zeros, strict=True))
    elif settings["groups"] > 1:
        return {**empty_side("Keras"), "message": NO_GROUPS}
    elif needs_output_padding(settings):
        named["output_padding"] = tuple(settings["output_padding"])
    given = (1, *size, settings["in_channels"])
    side = side_of(
        "Keras", "keras", kind, [settings["out_channels"], tuple(settings["kernel"])], named, given
    )
    side["order"] = "(height, width, out, in)" if transposed else "(height, width, in / groups, out)"
    side["letters"] = "HWOI" if transposed else "HWIO"
    if side["message"]:
        return side
    pads = side.pop("padding")
    if transposed:
        full = side["sizes"]
        side["sizes"] = [each - 2 * pad for each, pad in zip(full, zeros, strict=True)]
        pads = [cropped(settings, place, full[place], word, zeros[place]) for place in (0, 1)]
        if min(side["sizes"]) < 1:
            return {**empty_side("Keras"), "message": "Cropping2D leaves nothing of the output."}
        side["output"] = shape([1, *side["sizes"], settings["out_channels"]])
    else:
        pads = [[before + pad, after + pad] for (before, after), pad in zip(pads, zeros, strict=True)]
    if any(zeros):
        name = "Cropping2D" if transposed else "ZeroPadding2D"
        extra = f"layers.{name}({zeros[0] if zeros[0] == zeros[1] else shape(zeros)})"
        side["code"] = f"{side['code']}\n{extra}" if transposed else f"{extra}\n{side['code']}"
    side["axes"] = [axis_of(settings, place, side["sizes"][place], pads[place], word) for place in (0, 1)]
    return side


def needs_output_padding(settings):
    """Whether Keras has to be told the output_padding to make PyTorch's output."""
    reaches = [span(k, d) for k, d in zip(settings["kernel"], settings["dilation"], strict=True)]
    short = any(reach < step for reach, step in zip(reaches, settings["stride"], strict=True))
    return any(settings["output_padding"]) or (short and settings["padding"] == "zeros")


def cropped(settings, place, full, word, zeros):
    """Return (before, after): what a transposed convolution of Keras cuts off the values that it makes."""
    if word != "same":
        return [zeros, zeros]
    reach = span(settings["kernel"][place], settings["dilation"][place])
    before, after = same_padding(full, reach, settings["stride"][place])
    return [before, after]


def empty_side(name):
    """Return a side of which nothing is known."""
    return {
        "name": name, "code": "", "output": "", "weight": "", "message": "", "page": "", "works": "",
        "note": "", "parameters": "", "work": "", "axes": [], "sizes": [], "order": "", "letters": "",
        "shape": "", "drawn_as": name,
    }  # fmt: skip


def side_of(name, framework, kind, positional, named, given):
    """Return what a framework makes of a layer and a shape."""
    side = empty_side(name)
    settings = {}
    try:
        settings = bind(kind, framework, positional, named)
        layer = Layer(
            kind, framework, {**settings, "name": kind.lower()} if framework == "keras" else settings
        )
        side["code"] = call(layer)
        made = answer(framework, kind, layer.settings, [given])
    except Refusal as refusal:
        side["message"] = f"{refusal.kind}: {refusal.message}"
        side["page"] = page_of(refusal.message)
        repair = repair_of(layer, refusal, [given]) if settings else None
        side["works"] = call(repair[0]) if repair else ""
        return side
    except Unknown as reason:
        side["message"] = f"Not known: {reason}."
        return side
    if made.note == OUT_BACKPROP:  # Keras builds the layer, TensorFlow doesn't run it
        return {**side, "message": made.note}
    sizes = made.output[2:] if framework == "pytorch" else made.output[1:3]
    weight = made.weights[0]
    return {
        **side,
        "output": shape(made.output),
        "weight": f"{weight.name} {shape(weight.shape)}",
        "shape": shape(weight.shape),
        "parameters": number(sum(count(each.shape) for each in made.weights)),
        "work": number(made.multiply_adds),
        "note": made.note,
        "sizes": list(sizes),
        "padding": [list(pair) for pair in made.padding],
    }


def count(sizes):
    """Return the number of values of a weight."""
    total = 1
    for size in sizes:
        total *= size
    return total


def axis_of(settings, place, output, pads, word):
    """Return one axis: where the kernel stands, what lies outside, and the formula with its numbers."""
    size, kernel = settings["size"][place], settings["kernel"][place]
    stride, dilation = settings["stride"][place], settings["dilation"][place]
    transposed = settings["transposed"]
    steps = size if transposed else output
    taps = [[step * stride + tap * dilation for tap in range(kernel)] for step in range(steps)]
    before, after = pads
    middle = output if transposed else size
    read = {each - before for row in taps for each in row}
    last = max((each for each in read if each < size), default=-1)
    return {
        "name": AXES[place],
        "transposed": transposed,
        "size": size,
        "output": output,
        "before": before,
        "after": after,
        "middle": middle,
        "taps": taps,
        "unread": 0 if transposed else max(size - 1 - last, 0),
        "skipped": [] if transposed else [each for each in range(last + 1) if each not in read],
        "formula": formula(settings, place, output, pads, word),
    }


def formula(settings, place, output, pads, word):
    """Return the formula of the output's size with its numbers."""
    size, kernel = settings["size"][place], settings["kernel"][place]
    stride, dilation = settings["stride"][place], settings["dilation"][place]
    reach = span(kernel, dilation)
    shown = str(reach) if dilation == 1 else f"({dilation} × ({kernel} − 1) + 1)"
    before, after = pads
    if settings["transposed"]:
        if word == "same":
            return f"{size} × {stride} = {output}" if output == size * stride else f"{output}"
        extra = output - ((size - 1) * stride + reach - before - after)
        more = f" + {extra}" if extra else ""
        cut = f" − {before} − {after}" if before or after else ""
        return f"({size} − 1) × {stride} + {shown}{cut}{more} = {output}"
    if word == "same":
        return f"⌈{size} / {stride}⌉ = {output}"
    zeros = f" + {before} + {after}" if before or after else ""
    return f"⌊({size}{zeros} − {shown}) / {stride}⌋ + 1 = {output}"


def read_by(settings, output):
    """Return (group, first, last): which input channels an output channel reads; None where groups do not
    divide.
    """
    ins, outs, groups = settings["in_channels"], settings["out_channels"], settings["groups"]
    if groups < 1 or ins % groups or outs % groups or not 0 <= output < outs:
        return None
    group = output // (outs // groups)
    return [group, group * (ins // groups), (group + 1) * (ins // groups) - 1]


def reads(settings, output):
    """Say which input channels an output channel reads; "" where groups do not divide."""
    found = read_by(settings, output)
    if found is None:
        return ""
    group, first, last = found
    channels = f"input channel {first}" if first == last else f"input channels {first} to {last}"
    return f"It reads {channels}, of group {group}." if settings["groups"] > 1 else f"It reads {channels}."
