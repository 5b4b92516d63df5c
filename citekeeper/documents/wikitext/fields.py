"""What the parameters of citation templates mean, in the wikis of many languages."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_PLAIN = re.compile(r"[\s_-]+")


@cache
def _table() -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...]]:
    table = tomllib.loads(files("citekeeper.documents").joinpath("data/cite_fields.toml").read_text(encoding="utf-8"))
    meanings = {name: meaning for meaning, names in table["fields"].items() for name in names}
    return meanings, tuple(table["templates"]["begin_with"]), tuple(table["templates"]["hold_notes"])


def meaning_of(parameter: str) -> tuple[str, str]:
    """What a parameter means ("" when unknown), and the number behind its name ("last2")."""
    plain = _PLAIN.sub("", parameter.strip().lower())
    name = plain.rstrip("0123456789")
    return _table()[0].get(name, ""), plain[len(name) :]


def is_citation(template: str) -> bool:
    """Whether a template of this name describes a work."""
    return template.strip().lower().replace("_", " ").startswith(_table()[1])


def holds_notes(template: str) -> bool:
    """Whether notes in a template of this name are defined there, not cited."""
    return template.strip().lower().replace("_", " ").startswith(_table()[2])
