"""The summary as plain text for a screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from citekeeper.model import Rot
from citekeeper.reports import safe
from citekeeper.reports.summary import words

_MOST = 15
_NAME = 34
_COLUMNS = ("refs", "pages", "alive", "dead", "sure", "copy", "open", "dead of those known")
_LEGEND = "sure: dead and confirmed; copy: dead, with a good archived copy; open: undecided, or no address."
_WIDTH = 100


def render(rot: Rot, version: str) -> str:
    """Write `rot` for reading; the longest tables are cut, and say so."""
    return "".join(f"{line}\n" for line in _lines(rot))


def _lines(rot: Rot) -> Iterator[str]:
    yield from _wrapped(words.headline(rot))
    yield ""
    for name, count, more in words.facts(rot):
        yield f"  {name:<11} {count:>7,}   {more}".rstrip()
    yield ""
    yield from _wrapped(words.rotten(rot))
    yield _LEGEND
    for table in words.tables(rot, _MOST):
        yield from ("", f"{table.title}. {table.note}", "")
        rows = [(table.kind, *_COLUMNS), *((_name(each.name), *words.cells(each)) for each in table.tallies)]
        yield from _table(rows)
        if table.left_out:
            yield f"  … and {table.left_out:,} more; -f csv has all"
    if months := words.periods(rot, _MOST):
        yield from ("", "Over time.", *_wrapped(words.PERIOD_NOTE), "")
        yield from _table([("month", *words.PERIOD_COLUMNS), *months])
    yield from ("", "How long cited pages live", "")
    for sentence in words.survival_sentences(rot.survival, rot.undated):
        yield from _wrapped(sentence)
    if rot.survival is not None:
        yield ""
        yield from _table([words.CURVE_COLUMNS, *words.curve_rows(rot.survival)])
    yield ""
    yield from _wrapped(words.CAUTION)


def _name(name: str) -> str:
    shown = safe.one_line(name)
    return shown if len(shown) <= _NAME else shown[: _NAME - 1] + "…"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = words.widths(rows)
    for first, *others in rows:
        aligned = (f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True))
        yield f"  {first:<{widths[0]}}  {'  '.join(aligned)}".rstrip()


def _wrapped(sentence: str) -> Iterator[str]:
    from textwrap import wrap

    yield from wrap(sentence, _WIDTH)
