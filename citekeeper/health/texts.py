"""The text of a page for comparing it with another: its main content, all of it, its headings, and what it states of its content.

Measured on pairs of saves of one page: resiliparse's main content without comments separates "still the same thing" from
"something else" better than any text that keeps navigation, and it takes 1-2 ms a page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from citekeeper.health.page import Page, read_page
from citekeeper.health.parsing import Parsed, headings, main_content
from citekeeper.health.schema import items
from citekeeper.model import Response

MAX_COMPARED: Final = 40_000
"""Characters of each text that are compared; longer pages differ or agree in their beginning already."""

_LITTLE_MAIN: Final = 200
"""Main content below this is a failed extraction more often than a short page; then all of the text is taken."""

# Scripts that do not part words by spaces: Thai, Lao, Myanmar, Khmer, kana, Han. Each letter is a word of its own there.
_UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
# Not \w, which breaks words of Indic scripts at their vowel signs.
_APART: Final = r"\s!-/:-@\[-`{-~\u00a0-\u00bf\u0964\u0965\u060c\u061b\u061f\u2000-\u206f\u3000-\u303f\uff00-\uff0f\uff1a-\uff20"
_WORD = re.compile(rf"[{_UNSPACED}]|[^{_APART}{_UNSPACED}]+")
_SPACES: Final = {code: " " for code in range(128) if re.match(f"[{_APART}]", chr(code))}

# https://schema.org/articleBody and the like: a publisher's own statement of the content, free of what stands around it.
_BODIES: Final = ("articleBody", "recipeIngredient", "recipeInstructions")
_OTHERS_WORDS: Final = {"comment", "review", "answer", "question", "person", "organization"}


@dataclass(frozen=True, slots=True)
class PageText:
    """What two pages are compared by; every text is words parted by single spaces."""

    main: str
    whole: str
    heads: tuple[str, ...]
    """The title, the first headings, the title for social media."""
    stated: str
    """The content as the page's own JSON-LD states it; "" where it does not."""


def words(text: str) -> str:
    """`text` as words parted by single spaces: case, punctuation, width and spacing do not count."""
    return " ".join(part for line in text.splitlines() if (part := _words_of(line)))


def _words_of(line: str) -> str:
    # Most lines of most pages are ASCII, for which this takes a fifth of the time.
    if line.isascii():
        return " ".join(line.lower().translate(_SPACES).split())
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", line).casefold()))


def read_text(response: Response) -> PageText | None:
    """The text of an answer's page; None for what is no page."""
    return _text_of(read_page(response))


def _text_of(page: Page) -> PageText | None:
    parsed = page.parsed
    if page.kind == "text":
        text = words(parsed.text[:MAX_COMPARED])
        return PageText(text, text, (), "")
    if page.kind != "html":
        return None
    if parsed.tree is None:
        return _page_text(parsed.text, parsed.headings[:3], parsed)
    return _page_text(main_content(parsed.tree, comments=False), headings(parsed.tree, "h1", 3), parsed)


def _page_text(main: str, names: Sequence[str], parsed: Parsed) -> PageText:
    every = words(parsed.text)
    heads = (parsed.title, *names, parsed.metas.get("og:title", ""))
    told = tuple(dict.fromkeys(head for text in heads if (head := words(text[:300]))))
    return PageText(words(main[:MAX_COMPARED]) if len(main) >= _LITTLE_MAIN else every[:MAX_COMPARED], every, told, _stated(parsed.json_ld))


def _stated(blocks: Iterable[str]) -> str:
    texts: list[str] = []
    for block in blocks:
        for item in items(block[:200_000]):
            if str(item.get("@type", "")).lower() not in _OTHERS_WORDS:
                texts += (text for key in _BODIES if key in item for text in _strings(item[key]))
    return words(" ".join(texts)[:MAX_COMPARED])


def _strings(value: object) -> Iterator[str]:
    """The strings in a value of schema.org, in order; steps and lists of steps are taken apart."""
    waiting = [value]
    for _ in range(2_000):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict):
            waiting.append(value.get("text") or value.get("itemListElement") or value.get("name") or "")
