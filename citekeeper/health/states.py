"""The seventeen states: what each means, what to do, and how much it matters."""

from __future__ import annotations

from typing import Final, assert_never

from citekeeper.model import CodeMeaning, Level, State

_MEANINGS: Final = {
    State.OK: ("The cited address shows a page.", "Nothing to do; keep an archived copy."),
    State.MOVED: ("The page is now at another address.", "Update the link."),
    State.DRIFTED: ("The page is there but has changed since it was cited.", "Cite the archived copy nearest to the citation date."),
    State.REPLACED: ("The address now shows something else.", "Link the archived copy."),
    State.PARKED: (
        "The domain has lapsed, was sold, or shows a bare server.",
        "Link the archived copy; do not leave the live link clickable, for such a domain can show anything.",
    ),
    State.SOFT_404: (
        "The server says that all is well, but the page says or shows that the cited one is not there.",
        "Link the archived copy.",
    ),
    State.GONE: ("The server says that there is no such page.", "Link the archived copy."),
    State.HOST_DEAD: ("The host does not exist any more, or has not answered for a long time.", "Link the archived copy."),
    State.TLS_BROKEN: (
        "Only the security of the connection stands in the way.",
        "Open the page by hand; its content was not fetched unverified.",
    ),
    State.LOGIN: ("An account is needed to see the page.", "Link an archived copy if one has the content."),
    State.PAYWALL: (
        "The page is there; part of it is for subscribers.",
        "Cite author, title and date; link an archived copy if one has the text.",
    ),
    State.BLOCKED: (
        "A bot wall or a rate limit kept us out; that says nothing about whether the page exists.",
        "Open the page in a browser, or check again later.",
    ),
    State.RESTRICTED: ("A law, a country or a filter stands in the way, seen from here.", "Check from another network or country."),
    State.TRANSIENT: ("It does not work now; nothing says that it will not work again.", "Check again later."),
    State.INCOMPLETE: (
        "The document shows only part of the address, and no single whole address fits.",
        "Replace the address by the whole one; the candidates are listed.",
    ),
    State.INVALID: ("The text cannot be an address.", "Correct the address in the article."),
    State.UNKNOWN: ("The evidence is not enough to say anything, or contradicts itself.", "Open the page in a browser."),
}

STATES: Final = tuple(CodeMeaning(state.value, *_MEANINGS[state]) for state in State)


def meaning(state: State) -> CodeMeaning:
    """What `state` means."""
    return CodeMeaning(state.value, *_MEANINGS[state])


def level_of(state: State, confirmed: bool) -> Level:
    """How much a state matters: the dead ones are errors once confirmed, a refusal is never more than a note."""
    match state:
        case State.OK:
            return Level.NONE
        case State.MOVED | State.LOGIN | State.PAYWALL | State.BLOCKED | State.TRANSIENT | State.UNKNOWN:
            return Level.NOTE
        case State.DRIFTED | State.TLS_BROKEN | State.RESTRICTED:
            return Level.WARNING
        case State.REPLACED | State.PARKED | State.SOFT_404 | State.GONE | State.HOST_DEAD:
            return Level.ERROR if confirmed else Level.WARNING
        case State.INCOMPLETE | State.INVALID:
            return Level.ERROR
        case _:
            assert_never(state)
