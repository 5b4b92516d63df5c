"""OpenDocument texts: the copy as a tracked insertion, which an editor accepts or rejects. OpenDocument 1.3, part 3, 5.5."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from html import escape

from citekeeper.repairs.elements import Splice, Spot, Tree, Words

AUTHOR = "citekeeper"

_OPENDOCUMENT = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = {
    "office": f"{_OPENDOCUMENT}:office:1.0",
    "text": f"{_OPENDOCUMENT}:text:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_PARAGRAPHS = frozenset({"p", "h"})
_HOLDS_TEXT = frozenset({"span", "meta", "ruby", "ruby-base"})
_LINKS = frozenset({"a"})
_BEFORE_CHANGES = frozenset({"forms"})


class Writer:
    """Puts copies into content.xml, which it does not change itself."""

    def __init__(self, xml: str, now: datetime, ids: Iterator[int]) -> None:
        """Read the member's text; insertions are made at `now` and numbered by `ids`. ValueError when it cannot be edited."""
        self._tree = Tree(xml)
        self._now = now.strftime("%Y-%m-%dT%H:%M:%S")
        self._ids = ids
        self._changes: list[str] = []
        self._body = self._find_body()
        self._prefixes = self._read_prefixes()

    def insertion(self, spot: Spot, words: Words) -> Splice | str:
        """What to put in for a copy, or why that cannot be."""
        at = self._place(spot)
        if isinstance(at, str):
            return at
        text, xlink = self._prefixes["text"], self._prefixes["xlink"]
        change = f"ck{next(self._ids)}"
        href = f'{xlink}:type="simple" {xlink}:href="{escape(words.url)}"'
        link = f"<{text}:a {href}>{escape(words.url)}</{text}:a>"
        mark = f'{text}:change-id="{change}"/>'
        written = f"<{text}:change-start {mark}{escape(words.before)}{link}{escape(words.behind)}<{text}:change-end {mark}"
        self._changes.append(self._entry(change))
        return Splice(at, at, written)

    def rest(self) -> list[Splice]:
        """The list of changes before the text, with an entry for each insertion made."""
        if not self._changes:
            return []
        entries, tag = "".join(self._changes), f"{self._prefixes['text']}:tracked-changes"
        listed = next((each for each in self._tree.children(self._body) if each.name == "tracked-changes"), None)
        if listed is None:
            heads = [each for each in self._tree.children(self._body) if each.name in _BEFORE_CHANGES]
            at = heads[-1].end if heads else self._tree.elements[self._body].inner
            # Editors go on as before: changes of their own are tracked only if they wish so.
            start_tag = f'<{tag} {self._prefixes["text"]}:track-changes="false">'
            return [Splice(at, at, f"{start_tag}{entries}</{tag}>")]
        if listed.inner == listed.end:
            return [Splice(listed.end - 2, listed.end, f">{entries}</{listed.tag}>")]
        return [Splice(listed.inner_end, listed.inner_end, entries)]

    def _find_body(self) -> int:
        elements = self._tree.elements
        for number, each in enumerate(elements):
            if each.name == "text" and each.parent >= 0 and elements[each.parent].name == "body":
                return number
        raise ValueError("no text")

    def _read_prefixes(self) -> dict[str, str]:
        """The file's own prefixes for what is written; ValueError when its root lacks one."""
        root = self._tree.start_tag(self._tree.elements[0])
        declared = {address: prefix for prefix, address in re.findall(r"\sxmlns:([\w.-]+)\s?=\s?[\"']([^\"']*)[\"']", root)}
        if not declared.keys() >= set(_SPACES.values()):
            raise ValueError("prefixes")
        return {name: declared[address] for name, address in _SPACES.items()}

    def _place(self, spot: Spot) -> int | str:
        """Behind the characters, and behind the link around them."""
        tree = self._tree
        at = tree.behind_characters(spot)
        if at is None:
            return "its place in the file was not found"
        above = list(tree.around(spot.element))
        for each in above if spot.is_tail else [spot.element, *above]:
            element = tree.elements[each]
            if element.name in _PARAGRAPHS:
                return at
            if element.name in _LINKS:
                at = element.end
            elif element.name not in _HOLDS_TEXT:
                break
        return "its place in the file was not understood"

    def _entry(self, change: str) -> str:
        text, office, dc = (self._prefixes[name] for name in ("text", "office", "dc"))
        info = f"<{dc}:creator>{AUTHOR}</{dc}:creator><{dc}:date>{self._now}</{dc}:date>"
        insertion = f"<{text}:insertion><{office}:change-info>{info}</{office}:change-info></{text}:insertion>"
        return f'<{text}:changed-region xml:id="{change}" {text}:id="{change}">{insertion}</{text}:changed-region>'


def free_ids(members: Iterable[str]) -> Iterator[int]:
    """Numbers that no change in these texts of members has."""
    taken = {int(found) for xml in members for found in re.findall(r"\bck(\d{1,9})\b", xml)}
    return (each for each in range(1, 2**31) if each not in taken)
