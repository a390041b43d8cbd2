"""What the handouts take from the book's settings, and where its files lie."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """The book's title, its public address (empty until it is published), and the folder that holds book/."""

    title: str
    address: str
    root: Path

    @property
    def book(self):
        """The folder of the notebooks and of the book's own packages."""
        return self.root / "book"

    def page(self, target):
        """Return the public address of a page: `04-the-repair.ipynb#a-part` or `errors/x.md`."""
        name, mark, place = target.partition("#")
        return f"{self.address.rstrip('/')}/{name.rpartition('.')[0]}.html{mark}{place}"
