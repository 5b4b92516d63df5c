"""Where settings come from: flags over environment over a file over defaults, and who set what.

Files: the one named with -c, else the nearest of citekeeper.toml and pyproject.toml ([tool.citekeeper]) in this
folder and those above it. Unknown keys are refused with the nearest right one named.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from citekeeper.errors import ConfigError
from citekeeper.settings import IgnoreRule, Option, Settings, options

FILE_NAMES = ("citekeeper.toml", "pyproject.toml")
# Variables of the same prefix that are not settings: what the test suite is given.
_OTHER_VARIABLES = {"CITEKEEPER_DATA", "CITEKEEPER_AXE"}
_SECONDS = {"ms": 0.001, "": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_HOURS = {"h": 1, "d": 24, "w": 7 * 24}
_BYTES = {"": 1, "b": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


@dataclass(frozen=True, slots=True)
class Configured:
    """Settings, and for each key that is not at its default who set it."""

    settings: Settings
    origins: Mapping[str, str]


def configure(
    flags: Mapping[str, Any], environ: Mapping[str, str], *, file: Path | None = None, isolated: bool = False, folder: Path | None = None
) -> Configured:
    """Settings from `flags` (by key; None means not given), `environ` and configuration files.

    Raises ConfigError for an unknown key, a wrong value or an unreadable file.
    """
    known = {option.key: option for option in options()}
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    found = file or (None if isolated else _nearest_file(folder or Path.cwd()))
    if found is not None:
        _take(values, origins, _from_file(found, known), str(found))
    for variable, (key, value) in _from_environment(environ, known).items():
        _take(values, origins, {key: value}, variable)
    for key, value in flags.items():
        if value is not None:
            where = known[key].flag or key
            _take(values, origins, {key: _parsed(known[key], value, where)}, where)
    return Configured(_build(Settings, values, ""), origins)


def _take(values: dict[str, Any], origins: dict[str, str], new: Mapping[str, Any], origin: str) -> None:
    values.update(new)
    origins.update(dict.fromkeys(new, origin))


def _build(cls: type[Any], values: Mapping[str, Any], prefix: str) -> Any:
    arguments: dict[str, Any] = {}
    for each in dataclasses.fields(cls):
        key = prefix + each.name
        if "help" not in each.metadata:
            assert callable(each.default_factory)
            arguments[each.name] = _build(type(each.default_factory()), values, key + ".")
        elif key in values:
            arguments[each.name] = values[key]
    return cls(**arguments)


# ── files ─────────────────────────────────────────────────────────────────────────────────────


def _nearest_file(folder: Path) -> Path | None:
    for place in (folder, *folder.parents):
        for name in FILE_NAMES:
            path = place / name
            if path.is_file() and (name != "pyproject.toml" or "citekeeper" in _load(path).get("tool", {})):
                return path
    return None


def _load(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            return tomllib.load(stream)
    except OSError as error:
        raise ConfigError(
            f"cannot read it: {error.strerror or error}", where=str(path), hint="check the path and its permissions"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"not valid TOML: {error}", where=str(path), hint="see docs/configuration.md for an example") from error


def _from_file(path: Path, known: Mapping[str, Option]) -> dict[str, Any]:
    table = _load(path)
    if path.name == "pyproject.toml":
        table = table.get("tool", {}).get("citekeeper", {})
    return {key: _parsed(_known(key, known, str(path)), value, f"{path}, {key}") for key, value in _flat(table, known)}


def _flat(table: Mapping[str, Any], known: Mapping[str, Option], prefix: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in table.items():
        key = prefix + name.replace("-", "_")
        if isinstance(value, dict) and key not in known:
            found += _flat(value, known, key + ".") if value else []
        else:
            found.append((key, value))
    return found


def _known(key: str, known: Mapping[str, Option], where: str) -> Option:
    if key in known:
        return known[key]
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else "docs/configuration.md lists the keys"
    raise ConfigError(f"unknown key {key!r}", where=where, hint=hint)


# ── environment ───────────────────────────────────────────────────────────────────────────────


def _from_environment(environ: Mapping[str, str], known: Mapping[str, Option]) -> dict[str, tuple[str, Any]]:
    by_variable = {option.variable: option for option in known.values()}
    found: dict[str, tuple[str, Any]] = {}
    for variable, value in environ.items():
        if not variable.startswith("CITEKEEPER_") or variable in _OTHER_VARIABLES:
            continue
        if variable not in by_variable:
            near = difflib.get_close_matches(variable, by_variable, n=1)
            hint = f"did you mean {near[0]}?" if near else "docs/configuration.md lists the variables"
            raise ConfigError("unknown variable", where=variable, hint=hint)
        option = by_variable[variable]
        found[variable] = (option.key, _parsed(option, value, variable))
    return found


# ── values ────────────────────────────────────────────────────────────────────────────────────


def _parsed(option: Option, value: Any, where: str) -> Any:
    """`value` (text, or what TOML made of it) as the option's type; ConfigError says what it should look like."""
    try:
        result = _READERS[option.type](value)
    except (ValueError, TypeError) as error:
        raise ConfigError(f"{value!r} is not {_DESCRIPTIONS[option.type]}", where=where, hint=option.help) from error
    if option.choices and result not in option.choices:
        near = difflib.get_close_matches(str(result), option.choices, n=1)
        meant = f"did you mean {near[0]}?" if near else ""
        raise ConfigError(f"{value!r} is none of {', '.join(option.choices)}", where=where, hint=meant)
    if option.least is not None and result < option.least:
        raise ConfigError(f"{value!r} is less than {option.least:g}", where=where, hint=option.help)
    if option.most is not None and result > option.most:
        raise ConfigError(f"{value!r} is more than {option.most:g}", where=where, hint=option.help)
    return result


def _scaled(value: Any, units: Mapping[str, float]) -> float:
    if isinstance(value, bool):
        raise TypeError(value)
    if isinstance(value, int | float):
        number, unit = float(value), ""
    else:
        match = re.fullmatch(r"\s*([0-9]{1,15}(?:\.[0-9]{1,9})?)\s*([a-z]*)\s*", str(value).lower())
        if match is None:
            raise ValueError(value)
        number, unit = float(match[1]), match[2]
    if unit not in units or number != number or number in (float("inf"), float("-inf")):
        raise ValueError(value)
    return number * units[unit]


def _integer(value: Any) -> int:
    if isinstance(value, bool | float):
        raise TypeError(value)
    return int(value)


def _number(value: Any) -> float:
    return _scaled(value, {"": 1})


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text not in _TRUE | _FALSE:
        raise ValueError(value)
    return text in _TRUE


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _address(value: Any) -> str:
    text = _text(value).strip()
    match = re.fullmatch(r"(https?)(://[^/\s]\S*)", text, re.IGNORECASE)
    if text and match is None:
        raise ValueError(value)
    return match[1].lower() + match[2] if match else ""


def _list(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if isinstance(value, list | tuple):
        return tuple(_text(each) for each in value)
    raise TypeError(value)


def _date(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return date.fromisoformat(_text(value))


def _since(value: Any) -> timedelta | date | None:
    age = re.fullmatch(r"\s*(\d{1,5})\s*([hdw])\s*", value, re.IGNORECASE) if isinstance(value, str) else None
    return timedelta(hours=int(age[1]) * _HOURS[age[2].lower()]) if age is not None else _date(value)


def _rules(value: Any) -> tuple[IgnoreRule, ...]:
    tables = json.loads(value) if isinstance(value, str) else value
    if not isinstance(tables, list):
        raise TypeError(value)
    return tuple(_rule(table) for table in tables)


def _rule(table: Any) -> IgnoreRule:
    if not isinstance(table, dict) or not table.keys() <= {"url", "reason", "state", "until"}:
        raise ValueError(table)
    until = table.get("until")
    rule = IgnoreRule(
        _text(table.get("url")), _text(table.get("reason")), _text(table.get("state", "")), None if until is None else _date(until)
    )
    # A rule without a reason is one that nobody dares to take out later.
    if not rule.url.strip() or not rule.reason.strip():
        raise ValueError(table)
    return rule


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "str": _text,
    "Address": _address,
    "bool": _boolean,
    "int": _integer,
    "float": _number,
    "Seconds": lambda value: _scaled(value, _SECONDS),
    "Bytes": lambda value: int(_scaled(value, _BYTES)),
    "tuple[str, ...]": _list,
    "date | None": _date,
    "Since | None": _since,
    "tuple[IgnoreRule, ...]": _rules,
}
_DESCRIPTIONS = {
    "str": "text",
    "Address": "a web address (http://… or https://…)",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "Seconds": "a duration (30, 500ms, 5m, 2h, 7d)",
    "Bytes": "a size in bytes (65536, 64k, 8M, 1G)",
    "tuple[str, ...]": "a list of texts",
    "date | None": "a date (YYYY-MM-DD)",
    "Since | None": "an age or a date (36h, 7d, 2w, 2026-01-31)",
    "tuple[IgnoreRule, ...]": "a list of rules, each with url and reason, and perhaps state and until (a date)",
}
