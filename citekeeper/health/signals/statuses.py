"""What the status line says, in the few groups that mean something different for a citation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from citekeeper.health.signals.base import Signal
from citekeeper.health.view import View
from citekeeper.model import CodeMeaning, Evidence

_NAMED: Final = {
    401: "status-unauthorized",
    402: "status-payment",
    403: "status-forbidden",
    404: "status-not-found",
    405: "status-refused",
    406: "status-refused",
    408: "status-try-later",
    410: "status-gone",
    425: "status-try-later",
    429: "status-rate-limited",
    451: "status-legal",
    # LinkedIn's own refusal of visitors without an account (seen 2023-03-02).
    999: "status-account",
}


def _look(view: View) -> Iterator[Evidence]:
    response = view.response
    if response is None:
        return
    code = _NAMED.get(response.status) or _group(response.status)
    if code:
        yield Evidence(code, f"{response.status} {response.reason}".strip()[:100])


def _group(status: int) -> str | None:
    if 200 <= status < 300:
        return "status-no-content" if status in {204, 205} else None
    if 400 <= status < 500:
        return "status-client-error"
    if 500 <= status < 600:
        return "status-server-error"
    return "status-odd"


_BROWSER: Final = "Open the page in a browser."
_LATER: Final = "Check again later."

STATUSES = Signal(
    _look,
    (
        CodeMeaning("status-not-found", "The server answered 404: it has no such page.", "Link an archived copy once that is confirmed."),
        CodeMeaning("status-gone", "The server answered 410: the page was removed on purpose.", "Link an archived copy."),
        CodeMeaning("status-unauthorized", "The server answered 401: it wants credentials.", _BROWSER),
        CodeMeaning("status-payment", "The server answered 402: it wants payment.", "Cite title and date, and link an archived copy."),
        CodeMeaning("status-forbidden", "The server answered 403: it refuses this visitor; the page may well exist.", _BROWSER),
        CodeMeaning("status-refused", "The server answered 405 or 406: it refuses this kind of request.", _BROWSER),
        CodeMeaning("status-try-later", "The server answered 408 or 425: it asks to try again.", _LATER),
        CodeMeaning("status-rate-limited", "The server answered 429: too many requests.", "Check again later and slower."),
        CodeMeaning(
            "status-legal", "The server answered 451: withheld for legal reasons.", "Check from another country, or link an archived copy."
        ),
        CodeMeaning("status-account", "The server answered 999: it shows pages only to people with an account.", _BROWSER),
        CodeMeaning("status-no-content", "The server answered that there is no content.", _BROWSER),
        CodeMeaning("status-client-error", "The server answered with another status from 400 to 499.", _BROWSER),
        CodeMeaning("status-server-error", "The server answered with a status from 500 to 599: it is failing now.", _LATER),
        CodeMeaning("status-odd", "The server answered with a status that has no meaning here.", _BROWSER),
    ),
)
