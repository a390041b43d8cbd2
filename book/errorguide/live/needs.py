"""What a layer expects of its input, and does not get."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Need:
    """`axis` of the input (None where its number of axes is wrong), the size that the layer expects there,
    and the one it gets. `ranks` are the numbers of axes that it takes; `argument` says which of its tensors
    is meant.
    """

    axis: int | None
    expected: int | None
    got: int
    ranks: tuple = ()
    what: str = "features"
    argument: int = 0

    @property
    def said(self):
        """What is expected, in a few words."""
        if self.axis is None:
            wanted = " or ".join(str(rank) for rank in self.ranks)
            return f"expects {wanted} axes, gets {self.got}"
        of_what = f" {self.what}" if self.what.endswith("state") else ""
        return f"expects {self.expected}{of_what}, gets {self.got}"
