"""How the frameworks write shapes in their messages."""


def brackets(shape):
    """Write a shape as PyTorch does: [1, 3, 8]."""
    return "[" + ", ".join(str(size) for size in shape) + "]"


def torch_size(shape):
    """Write a shape as torch.Size([1, 3, 8])."""
    return f"torch.Size({brackets(shape)})"


def parentheses(shape):
    """Write a shape as Python writes a tuple."""
    return "(" + ", ".join(str(size) for size in shape) + ("," if len(shape) == 1 else "") + ")"


def joined(shape, sign):
    """Write sizes with a sign between them: 3 x 4."""
    return sign.join(str(size) for size in shape)
