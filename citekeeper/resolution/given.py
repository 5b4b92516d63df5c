"""Addresses that need no completion: whole as printed, repaired, stated by a link, or none at all."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urldefrag

from citekeeper.model import Address, Candidate, Evidence, Reference, Resolution
from citekeeper.resolution.shown import CutAt, differs_in_scheme_only, read_shown
from citekeeper.surt import without_userinfo

_OTHER_READINGS = 0.7
"""The share of the first reading when the text allows others; the references room puts the likelier first."""
_REPAIRED = 0.98
_LINK_REPAIRS = ("href", "href-differs")


def as_given(reference: Reference) -> Resolution | None:
    """The resolution of a whole or hopeless address; None when it is cut and needs an archive's index."""
    address = _without_userinfo(reference.address)
    if address.url is None:
        return Resolution(None, "unresolved", 0.0, (), (Evidence("no-url", reference.raw[:200]),))
    if address.truncated:
        return _cut_but_known(reference, address.url)
    method = _method(address)
    evidence = (Evidence("href-differs", address.alternatives[0]),) if "href-differs" in address.repairs and address.alternatives else ()
    others = tuple(url for url in address.alternatives if not differs_in_scheme_only(url, address.url))
    if not others or method == "href":
        return Resolution(address.url, method, 1.0 if method != "repaired" else _REPAIRED, (), evidence)
    return Resolution(address.url, method, _OTHER_READINGS, _readings(address.url, others), (Evidence("other-readings"),))


def _without_userinfo(address: Address) -> Address:
    url = None if address.url is None else without_userinfo(address.url)
    return replace(address, url=url, alternatives=tuple(map(without_userinfo, address.alternatives)))


def _method(address: Address) -> str:
    if any(repair in _LINK_REPAIRS for repair in address.repairs):
        return "href"
    return "repaired" if address.repairs else "as-written"


def _readings(first: str, others: tuple[str, ...]) -> tuple[Candidate, ...]:
    reason = (Evidence("other-readings"),)
    share = (1.0 - _OTHER_READINGS) / len(others)
    return (Candidate(first, _OTHER_READINGS, reason), *(Candidate(url, share, reason) for url in others))


def _cut_but_known(reference: Reference, prefix: str) -> Resolution | None:
    href = without_userinfo(reference.href or "")
    if _is_whole(href, prefix):
        return Resolution(href, "href", 1.0)
    shown = read_shown(reference.address)
    if shown is not None and shown.at is CutAt.FRAGMENT and "#/" not in prefix and "#!" not in prefix:
        # The page is known; only the place in it is not.
        return Resolution(urldefrag(prefix).url, "completed", 0.97, (), (Evidence("cut-in-fragment", prefix.partition("#")[2][:80]),))
    return None


def _is_whole(href: str, prefix: str) -> bool:
    return len(href) > len(prefix) and href.startswith(prefix) and "..." not in href and "…" not in href
