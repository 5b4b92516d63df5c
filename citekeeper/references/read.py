"""Reads one address forward from its anchor: host, path, and all that was done to them on the way to this text."""

from __future__ import annotations

from collections.abc import Sequence

from citekeeper.references import bounds, cuts
from citekeeper.references.authority import is_at_path, read_host
from citekeeper.references.beyond import beyond
from citekeeper.references.draft import Found
from citekeeper.references.hosts import is_possible_host
from citekeeper.references.passage import Passage
from citekeeper.references.path import read_path
from citekeeper.references.schemes import Anchor


def read(text: str, anchor: Anchor, stops: Sequence[int] = ()) -> Found | None:
    """The address at `anchor`, or None when what stands there is none."""
    passage = read_passage(text, anchor, stops)
    return None if passage is None else _found(passage)


def read_passage(text: str, anchor: Anchor, stops: Sequence[int] = ()) -> Passage | None:
    """The pass over the address at `anchor`, or None when what stands there is none.

    Plain characters never run on over one of the `stops` (in order): the format ends a link, or cites a note, there.
    """
    passage = Passage(text, anchor, stops)
    read_host(passage)
    host = passage.draft.value
    has_path = text.startswith("/", passage.draft.at)
    if not host or not is_possible_host(host, anchor, is_cut=passage.cut is not None, has_path=has_path):
        return None
    if passage.cut is None and is_at_path(passage):
        read_path(passage)
    elif passage.cut is None:
        passage.read_spaced_cut()
    if passage.cut is None:
        draft = passage.draft
        aside = bounds.aside_at(draft.value, text, draft.at)
        if aside is not None:
            draft.shorten(aside)
        draft.shorten(max(bounds.closed_length(draft.value, passage.opener), len(host)))
    return passage if anchor.scheme or _is_worth_it(passage, len(host)) else None


def _is_worth_it(passage: Passage, host_length: int) -> bool:
    """Without a scheme only a path, or "www", makes an address of a name."""
    value = passage.draft.value
    return len(value) > host_length or value.lower().startswith("www") or passage.cut is not None


def _found(passage: Passage) -> Found:
    draft, cut = passage.draft, passage.cut
    url = f"{passage.anchor.scheme or 'http'}://{draft.value}"
    others = tuple(_other_readings(passage, url))
    if cut is None:
        return Found(draft.start, draft.at, url, draft.repairs, alternatives=others)
    suffix = cut.suffix
    if suffix and draft.has_undone("glued-dot"):
        suffix = suffix.replace("DOT", ".")
    repairs = (*draft.repairs, "cut-middle" if suffix else "cut")
    maker, missing = cuts.missing(cuts.lengths(passage.url(), passage.anchor.scheme is not None), len(cut.suffix or "")) or (None, None)
    return Found(draft.start, cut.end, url, repairs, True, suffix, others, maker, missing)


def _other_readings(passage: Passage, url: str) -> dict[str, None]:
    anchor, draft = passage.anchor, passage.draft
    rest = beyond(passage.text, draft.at, draft.value) if passage.cut is None else None
    others = [*draft.alternatives, *passage.ended, *([] if rest is None else [draft.value + rest])]
    readings = [f"{anchor.scheme or 'http'}://{other}" for other in others]
    other_scheme = anchor.other_scheme or (None if anchor.scheme else "https")
    if other_scheme:
        readings.append(f"{other_scheme}://{draft.value}")
    if passage.cut and passage.cut.other is not None:
        readings.append(url + passage.cut.other)
    return dict.fromkeys(readings)
