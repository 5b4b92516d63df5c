"""What was asked, seen, judged and left to do: one SQLite file in the archive folder, shared by processes.

A room with a door: the only one that imports sqlite3. May import model and errors. A new kind of thing to
remember is a table in database.py and its methods in store.py.
"""

from citekeeper.ledger.database import FILE_NAME, VERSION
from citekeeper.ledger.past import Counted, LastAudit, Past, PastFinding
from citekeeper.ledger.requisites import Got, Requisites
from citekeeper.ledger.saves import Save, Saves, SaveState
from citekeeper.ledger.store import EarlierCapture, Ledger, Run, Seen, StoredCapture, run_key
from citekeeper.ledger.versions import Unversioned, Version

__all__ = [
    "FILE_NAME",
    "VERSION",
    "Counted",
    "EarlierCapture",
    "Got",
    "LastAudit",
    "Ledger",
    "Past",
    "PastFinding",
    "Requisites",
    "Run",
    "Save",
    "SaveState",
    "Saves",
    "Seen",
    "StoredCapture",
    "Unversioned",
    "Version",
    "run_key",
]
