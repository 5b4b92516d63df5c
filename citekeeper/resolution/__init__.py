"""Resolution: from an address as printed to a whole one. Cut addresses are completed from an archive's index, or left alone.

Pure: asks nothing by itself. The pipeline asks an archive for `index_query(address)` and hands the answers to `complete`.
A new sign for or against candidates: one function in `signs`, its weight in `weights`, its meaning in `codes`.
"""

from citekeeper.resolution.article import from_article
from citekeeper.resolution.codes import CODES
from citekeeper.resolution.completion import complete, index_query
from citekeeper.resolution.given import as_given

__all__ = ["CODES", "as_given", "complete", "from_article", "index_query"]
