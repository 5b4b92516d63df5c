"""Whose page an address is: the outlet by its registered name, and its country where the name tells one."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from citekeeper.domains import registrable

NO_ADDRESS = "(no address)"
NOT_TOLD = "not told by the address"


def outlet_of(url: str | None) -> str:
    """The registrable domain of an address, else its host; `NO_ADDRESS` where there is none."""
    host = _host(url)
    return (registrable(host) or host) if host else NO_ADDRESS


def country_of(url: str | None) -> str:
    """The country in whose domain an address lies; `NOT_TOLD` for com, org and the like, and for codes that are sold worldwide."""
    label = _ascii(_host(url).rpartition(".")[2])
    told = _table()
    if label in told["worldwide"]["tlds"]:
        return NOT_TOLD
    code = told["others"].get(label, label.upper())
    name: str = told["countries"].get(code, NOT_TOLD)
    return name


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _ascii(label: str) -> str:
    try:
        return label.encode("idna").decode()
    except UnicodeError:
        return label


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("data/countries.toml").read_text(encoding="utf-8"))
