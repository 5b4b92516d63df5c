"""The baseline: a file, kept beside the articles, of references that are known to be broken, each with a reason and a last day."""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from citekeeper.errors import ConfigError, UsageError
from citekeeper.model import Finding
from citekeeper.pipeline.waivers import Waiver, address_of, key_of, state_named

DAYS = 90
"""How long a new entry holds: long enough for an author to answer, short enough that nothing is forgotten."""

_HEAD = """\
# References that are known to be broken: citekeeper check fails on others only.
# Sorted by address. Edit reason and until (the last day on which the entry holds) by hand;
# citekeeper check --update-baseline adds what is new, keeps your words, and takes out what is well again.
"""


@dataclass(frozen=True, slots=True)
class Renewal:
    """What became of a baseline."""

    text: str
    added: int
    kept: int
    removed: int
    not_seen: int
    """Of the kept ones: those whose address the sources of this run do not cite."""


def read(path: Path) -> tuple[Waiver, ...]:
    """The entries of the file; UsageError when there is none, ConfigError for one that is not sound."""
    try:
        with path.open("rb") as stream:
            table = tomllib.load(stream)
    except FileNotFoundError as error:
        raise UsageError("there is no such baseline", where=str(path), hint="write one with check --update-baseline") from error
    except IsADirectoryError as error:
        raise UsageError("is a folder", where=str(path), hint="name the file of the baseline itself") from error
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror or error}", where=str(path), hint="check its permissions") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"is not valid TOML: {error}", where=str(path), hint="each entry is [[known]] with url, state, reason") from error
    entries = table.get("known", [])
    if not isinstance(entries, list) or table.keys() - {"known"}:
        raise ConfigError("is not a baseline", where=str(path), hint="each entry is [[known]] with url, state, reason and until")
    return tuple(_entry(each, f"{path}, entry {number}") for number, each in enumerate(entries, 1))


def renew(known: Sequence[Waiver], broken: Iterable[Finding], examined: Iterable[Finding], today: date) -> Renewal:
    """The baseline after a run: broken references join it, entries whose address is in another state now leave it."""
    now = {(key_of(address_of(each)), each.verdict.state): address_of(each) for each in broken}
    still = {(key_of(address_of(each)), each.verdict.state) for each in examined}
    seen = {key for key, _ in still}
    kept = [each for each in known if _name(each) in still or key_of(each.url) not in seen]
    # One whose day has passed counts as known too: it holds again only when somebody gives it a new day.
    have = {_name(each) for each in kept}
    until = today + timedelta(days=DAYS)
    added = [
        Waiver(url, f"known since {today}", state, until, is_pattern=False) for (key, state), url in now.items() if (key, state) not in have
    ]
    not_seen = sum(key_of(each.url) not in seen for each in kept)
    return Renewal(_written([*kept, *added]), len(added), len(kept), len(known) - len(kept), not_seen)


def write(path: Path, text: str) -> None:
    """Write the file, whole or not at all; UsageError when that cannot be."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise UsageError(f"cannot be written: {error.strerror or error}", where=str(path), hint="check the folder") from error


def _name(waiver: Waiver) -> tuple[str, object]:
    return key_of(waiver.url), waiver.state


def _entry(table: Any, where: str) -> Waiver:
    if not isinstance(table, dict) or table.keys() - {"url", "state", "reason", "until"}:
        raise ConfigError("an entry has url, state, reason and until only", where=where)
    url, state, reason, until = (table.get(key) for key in ("url", "state", "reason", "until"))
    if not (isinstance(url, str) and isinstance(state, str) and isinstance(reason, str) and url and reason.strip()):
        raise ConfigError("an entry needs url, state and reason, as texts", where=where)
    # A date with a time is a date to Python; the time would make it incomparable.
    if until is not None and type(until) is not date:
        raise ConfigError("until must be a date", where=where, hint="write it without quotes: until = 2027-03-31")
    return Waiver(url, reason, state_named(state, where), until, is_pattern=False)


def _written(entries: Sequence[Waiver]) -> str:
    ordered = sorted(entries, key=lambda each: (each.url, str(each.state)))
    return _HEAD + "".join(f"\n{_table(each)}" for each in ordered)


def _table(entry: Waiver) -> str:
    lines = ["[[known]]", f"url = {_quoted(entry.url)}", f'state = "{entry.state}"', f"reason = {_quoted(entry.reason)}"]
    lines += [f"until = {entry.until}"] if entry.until else []
    return "".join(f"{line}\n" for line in lines)


def _quoted(text: str) -> str:
    return '"' + "".join(_escaped(each) for each in text) + '"'


def _escaped(character: str) -> str:
    code = ord(character)
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    # TOML has no way to write half of a surrogate pair: https://toml.io/en/v1.0.0#string
    return "\\uFFFD" if 0xD800 <= code <= 0xDFFF else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
