"""Repairs: findings become edits of the document they stand in. Pure: nothing here reads or writes a file.

An edit adds; the original address is never lost, and nothing outside of the edits changes. To add a format: one file with a
`Format` and one line in `FORMATS` in formats.py. Imports only the nouns.
"""

from citekeeper.repairs.edits import Edit, Kind, Left, Plan, apply
from citekeeper.repairs.formats import FORMATS, UNWRITABLE, Format
from citekeeper.repairs.packages import PACKED, Packed, packed
from citekeeper.repairs.planning import plan, with_copies
from citekeeper.repairs.rewriting import Rewriting, rewriting_of

__all__ = [
    "FORMATS",
    "PACKED",
    "UNWRITABLE",
    "Edit",
    "Format",
    "Kind",
    "Left",
    "Packed",
    "Plan",
    "Rewriting",
    "apply",
    "packed",
    "plan",
    "rewriting_of",
    "with_copies",
]
