"""The encoding that bytes themselves suggest, when nothing declares one: by the letters and characters that languages use.

Why not charset-normalizer: of fifteen short texts in fifteen encodings it took six for another one (2026-11, version 3.5.2).
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_SAMPLE = 32 * 1024
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_RUN = re.compile(rb"[\x80-\xff]+")
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\xfe]")

# A text whose letters are explained by less than this is in none of the encodings known.
_ENOUGH = 0.45

_KANA = re.compile("[\u3041-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class _Letters:
    codec: str
    latin: bool
    weights: dict[str, float]


@cache
def _alphabets() -> tuple[_Letters, ...]:
    table = tomllib.loads(files(__package__).joinpath("data/letters.toml").read_text(encoding="utf-8"))
    return tuple(_Letters(row["codec"], row.get("latin", False), _weights(row["frequent"], row["known"])) for row in table["encoding"])


def _weights(frequent: str, known: str) -> dict[str, float]:
    return dict.fromkeys(known, 0.3) | dict.fromkeys(frequent.upper(), 0.85) | dict.fromkeys(frequent, 1.0)


def guess_encoding(data: bytes) -> str | None:
    """Python's name of the encoding that `data` is most likely in; None when no language is recognised."""
    first = _BEYOND_ASCII.search(data)
    start = max(0, first.start() - 100) if first else 0
    sample = data[start : start + _SAMPLE]
    return _east_asian(sample) or _alphabetic(sample)


def _east_asian(sample: bytes) -> str | None:
    """Encodings with two bytes a character, told apart by the rows of their tables that are in daily use.

    Source of the rows: KS X 1001 (Hangul: lead bytes B0 to C8), GB 2312 (first level: B0 to D7), Big5 (frequent: A4 to C6).
    """
    for codec in ("cp932", "euc_jp"):
        if _share(_KANA, _decoded(sample, codec)) > 0.2:
            return codec
    if _share(_HANGUL, _decoded(sample, "cp949")) > 0.6 and _leads(sample, 0xB0, 0xC8) > 0.9:
        return "cp949"
    if _share(_HAN, _decoded(sample, "big5hkscs")) > 0.5 and _leads(sample, 0xA4, 0xC6) > 0.9 and _has_low_trails(sample):
        return "big5hkscs"
    if _share(_HAN, _decoded(sample, "gb18030")) > 0.5 and _leads(sample, 0xB0, 0xD7) > 0.7:
        return "gb18030"
    return None


def _decoded(sample: bytes, codec: str) -> str:
    """The sample decoded, but for a character cut at its end; empty when it is not in that encoding."""
    try:
        return codecs.getincrementaldecoder(codec)().decode(sample)
    except UnicodeDecodeError:
        return ""


def _share(pattern: re.Pattern[str], text: str) -> float:
    beyond = sum(not character.isascii() for character in text)
    return len(pattern.findall(text)) / beyond if beyond else 0.0


def _leads(sample: bytes, first: int, last: int) -> float:
    """The share of double bytes, punctuation (lead byte A1 to A3) left out, whose lead byte is in a range."""
    leads = [pair[0] for pair in _PAIR.findall(sample) if not 0xA1 <= pair[0] <= 0xA3]
    return sum(first <= lead <= last for lead in leads) / len(leads) if leads else 0.0


def _has_low_trails(sample: bytes) -> bool:
    """Whether trail bytes below 0x80 occur as often as in Big5, where two in five are; EUC encodings have none."""
    trails: list[int] = [pair[1] for pair in _PAIR.findall(sample)]
    return sum(trail < 0x80 for trail in trails) > 0.15 * len(trails)


def _alphabetic(sample: bytes) -> str | None:
    counts = Counter(byte for byte in sample if byte > 0x7F)
    latin = _is_latin(sample)
    ranked = [(_explained(counts, letters), -rank, letters.codec) for rank, letters in enumerate(_alphabets()) if letters.latin == latin]
    score, _, codec = max(ranked)
    return codec if score >= _ENOUGH else None


def _is_latin(sample: bytes) -> bool:
    """Whether bytes beyond ASCII stand one by one inside words; in other scripts whole words are made of them."""
    runs = [len(run) for run in _RUN.findall(sample)]
    return sum(run for run in runs if run > 2) < 0.5 * sum(runs)


def _explained(counts: Counter[int], letters: _Letters) -> float:
    """How well an encoding explains the bytes: 1 when all are frequent letters of its languages, below 0 when few are any."""
    meant = {byte: bytes([byte]).decode(letters.codec, "replace") for byte in counts}
    total = sum(counts.values())
    return sum(count * letters.weights.get(meant[byte], -1.0) for byte, count in counts.items()) / total if total else 0.0
