"""References: from a document to the addresses it cites, repaired, with their notes and exact places. Pure; no I/O.

The walk: `find` looks for anchors (`schemes`, `hosts`), `read` goes forward from there (`authority`, `path`) and asks
`dots` (defanging), `cuts` (truncation), `joins` (line wraps) and `bounds` (where it ends); `notes` and `context` look around it,
`links` settles text against href, `assemble` puts the references together.

A new way to write a dot is a row in `dots`, a new shortening system a row in `cuts.SIGNATURES`, a new mask of a scheme a row in
`schemes`; each repair code has its meaning in `repairs` and its example in docs/references.md.
"""

from citekeeper.references.assemble import extract
from citekeeper.references.repairs import REPAIRS
from citekeeper.references.trace import explain

__all__ = ["REPAIRS", "explain", "extract"]
