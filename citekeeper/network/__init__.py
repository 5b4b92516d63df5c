"""The only door to the web: requests made politely, answers kept byte for byte, inner addresses refused.

This room has the door: everything else in the house receives `fetch` as an argument.

- `Door`: one request, one exchange. Two engines stand behind it: libcurl, and requests for machines without it.
- `visit`, `visit_all`: hops, loops, cookies, retries, order; written against `fetch` and a clock, without I/O of their own.
- `decode`, `with_content`: a body as sent to its content, bombs defused; pure.

A further engine is one file that keeps the `Engine` protocol (engine.py), one line in `ENGINES` (door.py), and the conformance
suite in tests/network/.
"""

from citekeeper.network.clock import SystemClock
from citekeeper.network.conditions import Recall, Remembered, Validators, validators_of
from citekeeper.network.decoding import decode, with_content
from citekeeper.network.door import ENGINES, Door, counts_of
from citekeeper.network.online import is_online
from citekeeper.network.public_names import is_public_name
from citekeeper.network.request_heads import appearance, user_agent
from citekeeper.network.retries import is_transient, retry_after
from citekeeper.network.schedule import visit_all
from citekeeper.network.targets import resolve
from citekeeper.network.visits import visit

__all__ = [
    "ENGINES",
    "Door",
    "Recall",
    "Remembered",
    "SystemClock",
    "Validators",
    "appearance",
    "counts_of",
    "decode",
    "is_online",
    "is_public_name",
    "is_transient",
    "resolve",
    "retry_after",
    "user_agent",
    "validators_of",
    "visit",
    "visit_all",
    "with_content",
]
