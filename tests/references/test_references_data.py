"""The gate: scores over labelled texts, when they are at hand."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from citekeeper.model import Address, Document
from citekeeper.references import extract

DATA = os.environ.get("CITEKEEPER_DATA")
pytestmark = pytest.mark.skipif(not DATA, reason="CITEKEEPER_DATA names no folder of labelled texts")


def addresses(text: str) -> list[Address]:
    return [one.address for one in extract(Document("-", "text", text, text))]


def key(url: str) -> str:
    """An address without its scheme and without differences that mean nothing."""
    rest = re.sub(r"(?i)^[a-z]+://", "", url.strip())
    parts = urlsplit("//" + rest) if "[" not in rest else None
    path = rest[len(parts.netloc) :] if parts else rest
    host = parts.netloc.lower() if parts else ""
    return host + unquote(path).removesuffix("#").removesuffix("?") if path not in ("", "/") else host


def test_labelled_texts_are_read_as_their_labels_say() -> None:
    right = wrong = missed = silent = 0
    for file in sorted(Path(str(DATA), "references").glob("*.labels.json")):
        labels = json.loads(file.read_text(encoding="utf-8"))
        text = file.with_name(file.name.replace(".labels.json", ".txt")).read_text(encoding="utf-8")
        spared = {key(url) for one in labels if one.get("optional") or one.get("ambiguous") for url in [one["url"], *one.get("alts", [])]}
        wanted = [one for one in labels if not (one.get("optional") or one.get("ambiguous"))]
        accepted = [({key(url) for url in [one["url"], *one.get("alts", [])]}, bool(one["truncated"])) for one in wanted]
        found = {(key(one.url or ""), one.truncated) for one in addresses(text)}
        missed += sum(not any((url, cut) in found for url in urls) for urls, cut in accepted)
        for url, cut in found:
            fits = any(url in urls and cut == is_cut for urls, is_cut in accepted)
            silent += any(url in urls and is_cut and not cut for urls, is_cut in accepted) and not fits
            right += fits
            wrong += not fits and url not in spared
    assert right > 900
    assert silent == 0
    assert 2 * right / (2 * right + wrong + missed) >= 0.985


def test_adversarial_texts_give_what_they_hold_and_no_more() -> None:
    lines = Path(str(DATA), "references-extra", "adversarial.tsv").read_text(encoding="utf-8").splitlines()[1:]
    failed = []
    for line in filter(None, lines):
        name, _category, text, expected, allowed, _note = line.split("\t")
        found = [key(one.url or "") for one in addresses(json.loads(text))]
        must, may = [key(one["url"]) for one in json.loads(expected)], [key(url) for url in json.loads(allowed)]
        if not all(url in found or (len(must) == 1 and set(may) & set(found)) for url in must) or set(found) - set(must) - set(may):
            failed.append((name, found))
    assert len(failed) <= 0.03 * len(lines), failed
