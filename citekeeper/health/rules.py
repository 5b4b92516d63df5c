"""The order of decision, on one screen: the first rule that holds gives the state.

Every rule asks only for evidence codes, so that a verdict can be drawn again from what is stored, without the page.
Early rows outrank later ones for a reason: a wall, a filter or a lapsed domain answers *instead of* the site, so
what its status or wording says of the page means nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from citekeeper.model import Confidence, State


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: the state that evidence leads to."""

    state: State
    confidence: Confidence
    any_of: tuple[str, ...]
    """One of these must be there; they become the verdict's first reasons."""
    with_any: tuple[str, ...] = ()
    """And one of these, when there are any here."""
    unless: tuple[str, ...] = ()
    """And none of these."""

    def holds(self, codes: frozenset[str]) -> bool:
        """Whether the evidence in `codes` is what this row asks for."""
        return (
            not codes.isdisjoint(self.any_of)
            and (not self.with_any or not codes.isdisjoint(self.with_any))
            and codes.isdisjoint(self.unless)
        )


HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW

_SAYS_NOT_FOUND: Final = ("not-found-headline", "not-found-text")
_LED_AWAY: Final = ("redirect-to-root", "redirect-to-error")
_ELSEWHERE: Final = ("redirect-similar", "redirect-to-section", "redirect-elsewhere", "redirect-other-site", "redirect-front")
_ABSENT_STATUS: Final = ("status-not-found", "status-gone")
_NOT_ASKED: Final = (
    "unsupported-scheme", "forbidden-address", "offline", "proxy", "budget", "robots", "breaker", "head-too-large",
    "redirect-loop", "too-many-hops", "bad-location",
)  # fmt: skip
SILENCE: Final = ("dns", "refused", "unreachable", "connect-timeout", "timeout", "reset", "protocol")
_BAD_CERTIFICATE: Final = ("tls-expired", "tls-not-yet-valid", "tls-wrong-host", "tls-self-signed", "tls-untrusted")
_CLIENT_ERROR: Final = ("status-unauthorized", "status-forbidden", "status-refused", "status-client-error", "status-odd")

RULES: Final = (
    # 1 The address itself, and what kept us from asking.
    Rule(State.INVALID, HIGH, ("invalid-url",)),
    Rule(State.UNKNOWN, LOW, _NOT_ASKED),
    # 2-3 Names, connections, certificates. A failing look-up says nothing of the name; a refused one says it does not exist.
    Rule(State.HOST_DEAD, MEDIUM, ("nxdomain",)),
    Rule(State.TLS_BROKEN, HIGH, _BAD_CERTIFICATE),
    Rule(State.TLS_BROKEN, MEDIUM, ("tls-handshake", "tls-other")),
    Rule(State.TRANSIENT, LOW, SILENCE),
    # 4-6 Someone else answered: a bot wall, a filter, a censor.
    Rule(State.BLOCKED, HIGH, ("challenge-header", "challenge-page")),
    Rule(State.BLOCKED, MEDIUM, ("challenge-redirect",)),
    Rule(State.RESTRICTED, HIGH, ("filter-header", "status-legal")),
    Rule(State.RESTRICTED, MEDIUM, ("block-page", "geo-block")),
    Rule(State.RESTRICTED, LOW, ("block-stub",)),
    # 7 The domain is no longer the site's.
    Rule(State.PARKED, HIGH, ("parked-page",)),
    Rule(State.PARKED, MEDIUM, ("parking-redirect", "default-page")),
    # 8 An account is wanted; a page that calls itself part of a subscription asks for one as well.
    Rule(State.PAYWALL, HIGH, ("paywall-schema",), with_any=("login-page",), unless=(*_SAYS_NOT_FOUND, *_ABSENT_STATUS)),
    Rule(State.PAYWALL, MEDIUM, ("paywall-text",), with_any=("login-page",), unless=(*_SAYS_NOT_FOUND, *_ABSENT_STATUS)),
    Rule(State.LOGIN, HIGH, ("login-required",)),
    Rule(State.LOGIN, HIGH, ("login-redirect", "status-account"), unless=_ABSENT_STATUS),
    Rule(State.LOGIN, MEDIUM, ("login-page",), unless=(*_SAYS_NOT_FOUND, *_ABSENT_STATUS)),
    # A registry that knows the work outranks whatever its publisher tells a program; one that does not, tells a wrong identifier.
    Rule(State.GONE, HIGH, _ABSENT_STATUS, with_any=("registry-unknown",)),
    Rule(State.UNKNOWN, LOW, _ABSENT_STATUS, with_any=("registry-knows",)),
    Rule(State.BLOCKED, MEDIUM, _CLIENT_ERROR, with_any=("registry-knows",)),
    Rule(State.UNKNOWN, LOW, (*_SAYS_NOT_FOUND, *_LED_AWAY), with_any=("registry-knows",), unless=("text-same", "passages-kept")),
    # 9 Statuses. Only 404 and 410 say that a page is gone; every other refusal leaves it open.
    Rule(State.GONE, HIGH, ("status-gone",), unless=("content-despite-status", "text-same")),
    Rule(State.GONE, HIGH, ("status-not-found",), with_any=_SAYS_NOT_FOUND, unless=("text-same",)),
    Rule(State.UNKNOWN, LOW, ("content-despite-status",)),
    Rule(State.UNKNOWN, LOW, _ABSENT_STATUS, with_any=("text-same",)),
    Rule(State.GONE, MEDIUM, ("status-not-found",)),
    Rule(State.BLOCKED, MEDIUM, ("status-rate-limited",)),
    Rule(State.PAYWALL, MEDIUM, ("status-payment",)),
    Rule(State.TRANSIENT, LOW, ("status-try-later", "status-server-error")),
    Rule(State.UNKNOWN, LOW, _CLIENT_ERROR),
    # 10 Redirects that lead away from the page; an archived copy with the same text says that they do not,
    # but archives keep consent pages too, and an address that asks for consent is nobody's new address.
    Rule(State.MOVED, HIGH, ("text-same",), with_any=(*_ELSEWHERE, *_LED_AWAY), unless=("consent-redirect",)),
    Rule(State.MOVED, MEDIUM, ("passages-kept",), with_any=_ELSEWHERE, unless=("passages-lost", "text-replaced", "consent-redirect")),
    Rule(State.PARKED, MEDIUM, ("parking-hint",), with_any=("sibling-same-text", "sibling-same-target")),
    Rule(State.SOFT_404, HIGH, _LED_AWAY, with_any=(*_SAYS_NOT_FOUND, "text-replaced", "sibling-same-target", "redirect-shared")),
    Rule(State.SOFT_404, MEDIUM, ("sibling-same-target",), unless=("passages-kept", "login-redirect", "consent-redirect")),
    Rule(State.UNKNOWN, LOW, ("consent-redirect",)),
    Rule(State.SOFT_404, MEDIUM, _LED_AWAY),
    # 11 The page itself.
    Rule(State.SOFT_404, HIGH, ("not-found-headline",), with_any=("not-found-text",), unless=("text-same",)),
    Rule(State.SOFT_404, HIGH, _SAYS_NOT_FOUND, with_any=("text-replaced", "sibling-same-text", "registry-unknown", "canonical-error")),
    # A server that says 404 where it has nothing means its 200, whatever a sentence of the page may be about.
    Rule(State.UNKNOWN, LOW, ("not-found-text",), with_any=("sibling-not-found",), unless=("not-found-headline", "text-same")),
    Rule(State.SOFT_404, MEDIUM, _SAYS_NOT_FOUND, unless=("text-same",)),
    Rule(State.SOFT_404, MEDIUM, ("not-found-mention",), with_any=("text-replaced", "sibling-same-text", "canonical-error")),
    Rule(State.TRANSIENT, LOW, ("failure-headline", "body-incomplete")),
    Rule(State.UNKNOWN, LOW, ("refusal-headline",)),
    Rule(State.UNKNOWN, LOW, ("body-unreadable", "status-no-content", "empty-body", "redirect-stub")),
    Rule(State.MOVED, LOW, ("moved-notice",)),
    Rule(State.UNKNOWN, LOW, ("script-shell", "empty-page")),
    Rule(State.PAYWALL, HIGH, ("paywall-schema",)),
    Rule(State.PAYWALL, MEDIUM, ("paywall-text",)),
    # 12 The archived copy of the citation date, where there is one.
    Rule(State.PARKED, MEDIUM, ("text-replaced",), with_any=("parking-hint", "spam-template")),
    Rule(State.REPLACED, MEDIUM, ("text-replaced",), unless=("passages-kept",)),
    Rule(State.DRIFTED, MEDIUM, ("passages-lost",)),
    Rule(State.DRIFTED, MEDIUM, ("text-edited",), with_any=("names-lost",), unless=("passages-kept",)),
    Rule(State.DRIFTED, LOW, ("text-edited",), unless=("passages-kept", *_ELSEWHERE)),
    Rule(State.UNKNOWN, LOW, ("redirect-other-site", "redirect-to-section", "redirect-shared")),
    Rule(State.MOVED, MEDIUM, ("redirect-similar",)),
    Rule(State.MOVED, LOW, ("redirect-elsewhere", "redirect-front")),
    # 13 Something is there; without a copy or a quotation nobody can say that it is what was cited, so then never more than medium.
    Rule(State.OK, HIGH, ("text-same",)),
    Rule(State.OK, HIGH, ("passages-kept",), with_any=("text-edited",)),
    Rule(
        State.OK,
        LOW,
        (
            "sibling-same-text",
            "type-mismatch",
            "little-text",
            "parking-hint",
            "not-found-hint",
            "not-found-mention",
            "canonical-front",
            "canonical-error",
        ),
    ),
    Rule(State.OK, MEDIUM, ("file", "page")),
)
