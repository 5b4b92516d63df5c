"""`citekeeper history`: what each reference was over time, for people (terminal) and programs (json, csv)."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import StringIO
from types import MappingProxyType
from typing import Any

from citekeeper.model import Episode, Level, ReferencePast, State
from citekeeper.reports import safe, wording

_LONGEST = 2_000
_SIGNS = {Level.NONE: "✓", Level.NOTE: "•", Level.WARNING: "!", Level.ERROR: "✗"}
COLUMNS = ("source", "marker", "url", "raw", "state", "level", "confirmed", "since", "until", "seen", "reason", "cited")


def terminal(pasts: Sequence[ReferencePast]) -> str:
    """One reference after the other, an episode a line."""
    lines: list[str] = []
    source: str | None = None
    for past in pasts:
        if past.source != source:
            source = past.source
            lines += ["", safe.one_line(source), ""]
        lines += _reference(past)
    return "".join(f"{line}\n" for line in lines[1:])


def _reference(past: ReferencePast) -> Iterator[str]:
    notes = past.markers or (() if past.marker is None else (past.marker,))
    marker = f"[{', '.join(notes)}] " if notes else ""
    times = f", cited {past.cited} times" if past.cited > max(1, len(notes)) else ""
    yield f"  {_text(f'{marker}{past.url or past.raw}')}{times}"
    for each in past.episodes:
        yield f"      {_days(each):<23}  {_sign(each)} {each.state:<11} {_times(each)}{_text(each.reason)}"
    if past.memento is not None and past.episodes[-1].level is not Level.NONE:
        yield f"      copy of {wording.day(past.memento.datetime)}: {_text(past.memento.url)}"


def _days(episode: Episode) -> str:
    since, until = (f"{wording.utc(at):%Y-%m-%d}" for at in (episode.since, episode.until))
    return since if since == until else f"{since} – {until}"


def _sign(episode: Episode) -> str:
    return "?" if episode.state is State.UNKNOWN else _SIGNS[episode.level]


def _times(episode: Episode) -> str:
    times = "once" if episode.seen == 1 else f"{episode.seen} times"
    return f"{times}, " + ("" if episode.confirmed else "not confirmed, ")


def as_json(pasts: Sequence[ReferencePast]) -> str:
    """A list of references with their episodes, as `citekeeper/history/1`."""
    document = {"schema": "citekeeper/history/1", "references": [_object(past) for past in pasts]}
    return safe.json_document(json.dumps(document, indent=2, ensure_ascii=False)) + "\n"


def _object(past: ReferencePast) -> dict[str, Any]:
    memento = past.memento
    return {
        "source": safe.json_value(past.source),
        "marker": None if past.marker is None else safe.json_value(past.marker),
        "markers": [safe.json_value(marker) for marker in past.markers],
        "cited": past.cited,
        "url": None if past.url is None else safe.json_value(past.url),
        "raw": safe.json_value(past.raw),
        "episodes": [_episode(each) for each in past.episodes],
        "memento": None if memento is None else {"url": safe.json_value(memento.url), "datetime": _moment(memento.datetime)},
    }


def _episode(each: Episode) -> dict[str, Any]:
    return {
        "state": each.state.value,
        "level": each.level.value,
        "confirmed": each.confirmed,
        "since": _moment(each.since),
        "until": _moment(each.until),
        "seen": each.seen,
        "reason": safe.json_value(each.reason),
    }


def as_csv(pasts: Sequence[ReferencePast]) -> str:
    """A row for each episode under `COLUMNS`."""
    stream = StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for past in pasts:
        what = [safe.csv_cell(value or "") for value in (past.source, past.marker, past.url, past.raw)]
        for each in past.episodes:
            told = _episode(each)
            writer.writerow([*what, *(safe.csv_cell(str(told[name])) for name in COLUMNS[4:-1]), past.cited])
    return stream.getvalue()


def _moment(at: Any) -> str:
    return wording.utc(at).isoformat(timespec="seconds").replace("+00:00", "Z")


def _text(value: str) -> str:
    return safe.one_line(value if len(value) <= _LONGEST else value[:_LONGEST] + "…")


HISTORY_FORMATS: Mapping[str, Callable[[Sequence[ReferencePast]], str]] = MappingProxyType(
    {"terminal": terminal, "json": as_json, "csv": as_csv}
)
"""Every format of a history by its name on the command line."""
