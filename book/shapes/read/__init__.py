"""From the text that people paste to layers: print(model), Python lines, or the table of a Keras
summary().
"""

from .printed import looks_printed, read_printed
from .source import read_source
from .summary import looks_like_summary, read_summary, torch_table


def read(text, framework=None):
    """Return the Reading of a text. `framework` decides where names exist in both."""
    table = torch_table(text)
    if table is not None:
        return table
    if looks_like_summary(text):
        return read_summary(text)
    if looks_printed(text):
        return read_printed(text)
    return read_source(text, framework)
