"""Documents: sources are found and bytes become a `Document`, text with positions, links and a date.

`find` is the room's door: it walks files, folders and standard input. `read` is pure. Neither raises for what one
source does: a source that cannot be read is a `SourceProblem`, and the others go on.

To add a format: write one file with a function `read(text, *, source) -> Document` and add one line to `FORMATS`
in formats.py; for a container (a file that is no text) a function that reads bytes, and a line in `CONTAINERS` in
containers.py. `listing` tells feeds and sitemaps, which hold no article but name many. Parsers load when the first
document of their format is read.
"""

from citekeeper.documents.containers import CONTAINERS, Container
from citekeeper.documents.finding import Given, Remote, find
from citekeeper.documents.formats import FORMATS, Format, read
from citekeeper.documents.listings import Listed, Listing, listing

__all__ = ["CONTAINERS", "FORMATS", "Container", "Format", "Given", "Listed", "Listing", "Remote", "find", "listing", "read"]
