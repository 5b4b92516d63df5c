"""Documents: sources are found and bytes become a `Document`, text with positions, links and a date.

`find` is the room's door: it walks files, folders and standard input. `read` is pure. Neither raises for what one
source does: a source that cannot be read is a `SourceProblem`, and the others go on.

To add a format: write one file with a function `read(text, *, source) -> Document` and add one line to `FORMATS`
in formats.py. Parsers load when the first document of their format is read.
"""

from citekeeper.documents.finding import Given, Remote, find
from citekeeper.documents.formats import FORMATS, Format, read

__all__ = ["FORMATS", "Format", "Given", "Remote", "find", "read"]
