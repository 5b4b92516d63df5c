"""The loopback index, given the rows of recorded answers, answers the recorded queries byte for byte."""

from __future__ import annotations

import gzip
import os
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from citekeeper.demo import Captures, IndexQuirks
from citekeeper.demo.cdx import Query, search

CASSETTES = Path(os.environ.get("CITEKEEPER_DATA") or "/nonexistent") / "archives/edgi-wayback/cassettes"
pytestmark = pytest.mark.skipif(not os.environ.get("CITEKEEPER_DATA"), reason="needs the recorded archive answers in CITEKEEPER_DATA")

Recorded = tuple[list[tuple[str, str]], str]
"""A query and the body that answered it."""


def recorded(path: Path) -> list[Recorded]:
    yaml: Any = import_module("yaml")
    loaded = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    found = []
    for each in loaded["interactions"]:
        raw = each["response"]["body"].get("string", b"")
        body = raw.encode() if isinstance(raw, str) else raw
        if "/cdx/search/cdx" in each["request"]["uri"] and each["response"]["status"]["code"] == 200:
            text = (gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body).decode()
            found.append((parse_qsl(urlsplit(each["request"]["uri"]).query, keep_blank_values=True), text))
    return found


def chains(answers: list[Recorded]) -> list[list[Recorded]]:
    """The pages of one query each: a query without resumeKey begins a new chain."""
    found: list[list[Recorded]] = []
    for query, text in answers:
        if "resumeKey" not in dict(query):
            found.append([])
        found[-1].append((query, text))
    return found


def test_recorded_queries_are_answered_as_recorded() -> None:
    pytest.importorskip("yaml")
    compared = 0
    for path in sorted(CASSETTES.glob("*.yaml")):
        for chain in chains(recorded(path)):
            rows = [line for _, text in chain for line in text.partition("\n\n")[0].splitlines()]
            kind = IndexQuirks(dirty_rows=tuple(rows), resume_key="new" if "\n\neJ" in chain[0][1] else "old")
            for query, text in chain:
                assert search(Captures([]), Query(query), kind).as_text() == text, (path.name, query)
                compared += 1
    assert compared >= 35
