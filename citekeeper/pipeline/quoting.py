"""What an article takes from each source: quotations and figures close before the mark that cites it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from citekeeper.model import Document, Reference

_BEFORE: Final = 700
"""Characters before a mark in which its quotation stands."""
_SENTENCE: Final = 300
_QUOTES: Final = 3
_FIGURES: Final = 4
_LEAST_WORDS: Final = 4

_QUOTED = re.compile(
    r"“([^“”]{12,600})”|\"([^\"\n]{12,600})\"|«([^«»]{12,600})»|»([^«»]{12,600})«|„([^„“”]{12,600})[“”]|「([^「」]{6,300})」|『([^『』]{6,300})』"
)
_PARAGRAPH = re.compile(r"\n\s{0,20}\n")
_SENTENCE_END = re.compile(r"[.!?。！？]\s")
# Three digits and more, or a share; not the numbers of notes.
_FIGURE = re.compile(
    r"(?<![\w.,])(?:\d{1,3}(?:[.,\u00a0\u202f ]\d{3}){1,4}(?!\w)|\d{1,9}[.,]\d{1,4}(?!\w)|\d{3,9}(?![\w.,]\d))",
)
_YEAR = re.compile(r"(?:1[89]|20)\d\d$")


def with_quotes(document: Document, reference: Reference) -> Reference:
    """The reference with what the document takes from it."""
    before = [_text_before(document, place.offset) for place in (reference.cited_at or (reference.location,))[:5]]
    quotes = dict.fromkeys(quote for text in before for quote in quotes_in(text))
    figures = dict.fromkeys(figure for text in before for figure in figures_in(text))
    return replace(reference, quotes=tuple(quotes)[:_QUOTES], figures=tuple(figures)[:_FIGURES])


def quotes_in(text: str) -> list[str]:
    """The quotations in `text`, the last ones first; single words and names are none."""
    found = [next(filter(None, match.groups())).strip() for match in _QUOTED.finditer(text)]
    return [quote for quote in reversed(found) if len(quote.split()) >= _LEAST_WORDS or not quote.isascii()][:_QUOTES]


def figures_in(text: str) -> list[str]:
    """The figures in the last sentence of `text`, but for years."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text[:-1])]
    sentence = text[max((end for end in ends if len(text) - end > 20), default=0) :][-_SENTENCE:]
    return [match[0] for match in _FIGURE.finditer(sentence) if not _YEAR.match(match[0])][:_FIGURES]


def _text_before(document: Document, offset: int) -> str:
    """What a reader reads before the place in the source, in the same paragraph."""
    at = _reading_offset(document, offset)
    text = document.reading[max(0, at - _BEFORE) : at]
    *_, start = (0, *_paragraph_ends(text))
    return text[start:]


def _paragraph_ends(text: str) -> Iterator[int]:
    return (match.end() for match in _PARAGRAPH.finditer(text))


def _reading_offset(document: Document, offset: int) -> int:
    """Where the reading text shows the source's `offset`: the inverse of `Document.to_source`."""
    if not document.segments:
        return offset
    index = bisect_right(document.segments, offset, key=lambda segment: segment.source.start) - 1
    segment = document.segments[max(0, index)]
    inside = max(0, offset - segment.source.start)
    return min(segment.reading.end, segment.reading.start + inside)
