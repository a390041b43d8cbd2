"""`Table`: rows that a chapter computed, shown as a table on the page and as text elsewhere."""

import html
import re


class Table:
    """Rows of texts or numbers under a row of headings.

        Table(["tool", "says"], [["torchinfo", "nothing"], ["hooks", "the layer"]])

    The first cell of a row names it. What stands between backticks is code. Ends a cell as a bare
    expression. Raises ValueError where a row has another number of cells than there are headings.
    """

    def __init__(self, headings, rows):
        self.headings = [str(heading) for heading in headings]
        self.rows = [[str(cell) for cell in row] for row in rows]
        for row in self.rows:
            if len(row) != len(self.headings):
                raise ValueError(
                    f"The row {row[:1]} has {len(row)} cells; expected {len(self.headings)}, one a heading."
                )

    def __repr__(self):
        """Return the table in columns of text."""
        lines = [self.headings, *self.rows]
        widths = [max(len(line[place]) for line in lines) for place in range(len(self.headings))]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        )

    def _repr_html_(self):
        """Return the table for a page or a notebook."""
        head = "".join(f'<th scope="col">{html.escape(heading)}</th>' for heading in self.headings)
        body = "".join(f"<tr>{_cells(row)}</tr>" for row in self.rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(row):
    """Return the HTML of a row's cells; the first one names the row."""
    first, *others = map(_marked_up, row)
    return f'<th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in others)


def _marked_up(cell):
    """Return a cell's text as HTML."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(cell))
