"""What all summaries for people say: the same tables, sentences and cautions, as plain text that each format escapes for itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from citekeeper.model import FEWEST, Rot, Share, Survival, Tally
from citekeeper.reports import wording

COLUMNS = ("references", "pages", "alive", "dead", "confirmed", "with copy", "open", "dead of those known")
LEGEND = (
    "Confirmed and with copy: of the dead, seen often enough to act upon, and with a good archived copy. Open: undecided, or no address."
)
CAUTION = (
    f"Of fewer than {FEWEST} no percentage is told. The ranges (95 %) take pages as independent; "
    "those of one outlet often die together, so the truth may lie further out."
)
CURVE_COLUMNS = ("years after the citation", "pages that old when looked at", "still alive")


@dataclass(frozen=True, slots=True)
class Table:
    """One grouping of the references."""

    title: str
    kind: str
    """What a row is: "outlet", "country", "age"."""
    note: str
    tallies: tuple[Tally, ...]
    left_out: int
    """Rows that are not shown."""


_NOTES = {
    "outlet": "The registered name of the cited page's host.",
    "country": "The country of the outlet's top-level domain; com, org and codes that are sold worldwide tell none.",
    "age": "Years between the citation and the last look.",
}


def tables(rot: Rot, most: int) -> tuple[Table, ...]:
    """The groupings, each with at most `most` rows."""
    groups = {"outlet": rot.outlets, "country": rot.countries, "age": rot.ages}
    return tuple(Table(f"By {kind}", kind, _NOTES[kind], rows[:most], max(0, len(rows) - most)) for kind, rows in groups.items())


PERIOD_COLUMNS = ("documents", "references", "alive", "dead", "dead of those known")
PERIOD_NOTE = (
    "At the end of each month with an audit, every document as its last audit until then had left it; more documents are other documents."
)


def periods(rot: Rot, most: int) -> list[tuple[str, ...]]:
    """The last months, each with its cells under `PERIOD_COLUMNS`; none where there is but one."""
    if len(rot.periods) < 2:
        return []
    return [
        (
            f"{each.month:%Y-%m}",
            *(f"{number:,}" for number in (each.documents, each.references, each.alive, each.dead)),
            in_words(each.rotten),
        )
        for each in rot.periods[-most:]
    ]


def headline(rot: Rot) -> str:
    """What the summary is of."""
    total = rot.total
    numbers = ((total.references, "reference"), (total.pages, "page"), (rot.documents, "document"), (rot.audits, "audit"))
    references, pages, documents, audits = (wording.counted(number, noun) for number, noun in numbers)
    days = wording.day(rot.first_audit)
    if rot.last_audit != rot.first_audit:
        days = f"{days} to {wording.day(rot.last_audit)}"
    return f"{references} to {pages} in {documents}; {audits}, {days}."


def facts(rot: Rot) -> tuple[tuple[str, int, str], ...]:
    """The four fates, each with its number and what else is known of it."""
    total = rot.total
    drifted = f"of which {total.drifted:,} drifted from what was cited"
    sure = f"of which {total.confirmed:,} confirmed; an archive has a good copy of {total.with_copy:,}"
    walls = "walls, logins, failures of the moment: neither alive nor dead"
    return (
        ("alive", total.alive, drifted if total.drifted else ""),
        ("dead", total.dead, sure if total.dead else ""),
        ("undecided", total.undecided, walls if total.undecided else ""),
        ("no address", total.addressless, "cut and not completed, or none at all" if total.addressless else ""),
    )


def rotten(rot: Rot) -> str:
    """The one figure, and what it rests on."""
    share = rot.total.rotten
    if not share.of:
        return "Nothing is known of any page: no share can be told."
    return f"Dead among the {wording.counted(share.of, 'reference')} of which it is known: {in_words(share)}."


def in_words(share: Share) -> str:
    """ "17 % (13 to 21)", or "3 of 5" where that is all that can be said."""
    value, interval = share.value, share.interval
    if value is None or interval is None:
        return f"{share.part} of {share.of}" if share.of else "—"
    return f"{percent(value)} % ({percent(interval[0])} to {percent(interval[1])})"


def percent(value: float) -> str:
    """A share in whole per cent; never 0 or 100 for what is not."""
    whole = round(100 * value)
    if whole == 0 and value > 0:
        return "under 1"
    return "over 99" if whole == 100 and value < 1 else str(whole)


def cells(tally: Tally) -> tuple[str, ...]:
    """The row of a tally under `COLUMNS`."""
    is_open = tally.undecided + tally.addressless
    numbers = (tally.references, tally.pages, tally.alive, tally.dead, tally.confirmed, tally.with_copy, is_open)
    return (*(f"{number:,}" for number in numbers), in_words(tally.rotten))


def survival_sentences(survival: Survival | None, undated: int) -> Iterator[str]:
    """What the curve is, and what it cannot tell."""
    if survival is None:
        yield f"Fewer than {FEWEST} pages with a date of citation were seen alive or dead: too few for a curve."
    else:
        pages = wording.counted(survival.pages, "page")
        yield f"{pages}, each from its first citation, of which {survival.dead:,} died. {median(survival)}"
        yield (
            "Nobody sees a page die: it is known to have lived at one look, or at its citation or archived copy, and to be dead at a later "
            "look. The curve (Turnbull's estimate, that of Kaplan and Meier for such intervals) and its 95 % band reckon with that; "
            f"they end where fewer than {FEWEST} pages tell."
        )
        if survival.never_seen_alive:
            unseen = f"Dead at the first look already: {survival.never_seen_alive:,}."
            yield f"{unseen} When those died is the least certain; every further audit narrows the rest."
    if undated:
        references = wording.counted(undated, "reference")
        yield f"Not counted here: {references} without a date of citation (--as-of gives one to documents that tell none)."


def median(survival: Survival) -> str:
    """How long half of the pages live."""
    if survival.median is None:
        return f"More than half were alive as long as they were followed, {years(survival.until)}."
    least, most = survival.median_span
    low = years(least) if least is not None else "0 days"
    high = f"to {years(most)}" if most is not None else f"to more than {years(survival.until)}"
    return f"Half were dead after {years(survival.median)} ({low} {high})."


def years(days: int) -> str:
    """A span of days in years, or in days where it is short."""
    return f"{days / 365.25:.1f} years" if days >= 365 else wording.counted(days, "day")


def curve_rows(survival: Survival) -> Iterator[tuple[str, ...]]:
    """What the curve says after whole years, under `CURVE_COLUMNS`."""
    for mark in survival.marks:
        point = mark.point
        yield str(mark.years), f"{point.followed:,}", f"{percent(point.survival)} % ({percent(point.low)} to {percent(point.high)})"


def widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """The width of each column."""
    return [max(map(len, column)) for column in zip(*rows, strict=True)]
