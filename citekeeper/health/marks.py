"""Marks: what walls, filters, parkings and login pages leave in headers and markup; the lists are data.

Each file in `data/` holds `[[mark]]` tables. A mark holds when every condition that it names holds; a list is a choice.

    id, vendor, source, date    who leaves it, where that is documented or was seen, and when
    kind                        two marks of different kinds weigh more than two of one: "header", "script", "wording", …
    decisive                    one is enough (for lists where supporting marks exist)
    status                      "403", "4xx" or "400-599"
    headers                     field -> what its value contains ("" for: is there)
    absent                      fields that must not be there
    max_body, max_visible       bytes of the body, characters of visible text, at most
    title, text                 phrases in the title, in the visible text (with <noscript>)
    markup, markup_all          literals in the source, any or all
    positive, negative          an answer each that the mark must and must not hold for

All comparing is without case and by literal, so it takes time linear in the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final

from citekeeper.health.page import Page, read_page
from citekeeper.health.plain import length, plain, unquoted
from citekeeper.health.sieve import Sieve
from citekeeper.health.tables import table
from citekeeper.model import Response

MAX_PLAIN: Final = 12_800
"""Characters of visible text in which wording is looked for: navigation, a message, the beginning of what there is to read."""


_BESIDE: Final = 2


@dataclass(frozen=True)
class Answer:
    """A response and its page, as marks see them."""

    response: Response
    page: Page

    @cached_property
    def headers(self) -> dict[str, str]:
        """Field names and values in lower case, repeated fields joined."""
        joined: dict[str, str] = {}
        for name, value in self.response.headers:
            joined[name.lower()] = f"{joined[name.lower()]}, {value.lower()}" if name.lower() in joined else value.lower()
        return joined

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """The title, "" where there is none, and the first headings, made plain."""
        return tuple(_head(text) for text in (self.page.title, *self.page.parsed.headings))

    @cached_property
    def whole(self) -> str:
        """The beginning of the visible text, made plain."""
        return plain(self.page.parsed.text[:MAX_PLAIN])

    @cached_property
    def lines(self) -> str:
        """The same without what it quotes: whoever quotes a message does not give it."""
        return unquoted(self.whole)

    @cached_property
    def text(self) -> str:
        """The same in one line, and what is for readers without scripts."""
        hidden = f" {plain(self.page.parsed.noscript)}" if self.page.parsed.noscript else ""
        return f"{self.lines}{hidden}".replace("\n", " ")


def _head(text: str) -> str:
    """A title or heading made plain; without what it quotes, if it says anything beside that."""
    head = plain(text)
    rest = unquoted(head)
    return rest if length(rest.replace('""', "")) >= _BESIDE else head


@dataclass(frozen=True, slots=True)
class Example:
    """An answer in a data file."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    def answer(self) -> Answer:
        """The example as an answer from the wire."""
        content = self.body.encode()
        fields = self.headers if any(name.lower() == "content-type" for name, _ in self.headers) else (*self.headers, _HTML)
        response = Response(self.status, "", fields, b"", content, content)
        return Answer(response, read_page(response))


_HTML = ("Content-Type", "text/html; charset=utf-8")


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """One row of a list; two are the same only when they are one, so that a list of them is looked up at once."""

    id: str
    vendor: str
    kind: str
    decisive: bool
    status: tuple[tuple[int, int], ...]
    headers: tuple[tuple[str, str], ...]
    absent: tuple[str, ...]
    max_body: int | None
    max_visible: int | None
    title: tuple[str, ...]
    text: tuple[str, ...]
    markup: tuple[str, ...]
    markup_all: tuple[str, ...]
    source: str
    date: str
    positive: Example
    negative: Example

    def may_hold(self, answer: Answer) -> bool:
        """Whether the two conditions hold that most marks fail by."""
        is_short = self.max_visible is None or answer.page.visible <= self.max_visible
        return is_short and (not self.headers or self.headers[0][0] in answer.headers)

    def holds(self, answer: Answer) -> bool:
        """Whether every condition of the mark holds; the cheap ones are asked first."""
        return (
            self._head_holds(answer)
            and (self.max_visible is None or answer.page.visible <= self.max_visible)
            and (not self.title or any(phrase in answer.heads[0] for phrase in self.title))
            and (not self.text or any(phrase in answer.text for phrase in self.text))
            and (not self.markup or any(literal in answer.page.parsed.markup for literal in self.markup))
            and all(literal in answer.page.parsed.markup for literal in self.markup_all)
        )

    def _head_holds(self, answer: Answer) -> bool:
        status = answer.response.status
        return (
            (not self.status or any(low <= status <= high for low, high in self.status))
            and (self.max_body is None or len(answer.response.content) <= self.max_body)
            and all(name in answer.headers and value in answer.headers[name] for name, value in self.headers)
            and not any(name in answer.headers for name in self.absent)
        )


def holding(marks: tuple[Mark, ...], answer: Answer) -> Iterator[Mark]:
    """The marks that hold, in the order of the list."""
    speaking = _sieve(marks).owners(answer.text)
    return (mark for n, mark in enumerate(marks) if (not mark.text or n in speaking) and mark.may_hold(answer) and mark.holds(answer))


@cache
def _sieve(marks: tuple[Mark, ...]) -> Sieve:
    return Sieve({n: mark.text for n, mark in enumerate(marks)})


@cache
def load(name: str) -> tuple[Mark, ...]:
    """The list `data/NAME.toml`."""
    return tuple(_mark(row) for row in table(name)["mark"])


def _mark(row: Mapping[str, Any]) -> Mark:
    return Mark(
        id=row["id"],
        vendor=row["vendor"],
        kind=row["kind"],
        decisive=row.get("decisive", True),
        status=tuple(_range(text) for text in row.get("status", ())),
        headers=tuple((name.lower(), value.lower()) for name, value in row.get("headers", {}).items()),
        absent=_lower(row, "absent"),
        max_body=row.get("max_body"),
        max_visible=row.get("max_visible"),
        title=_lower(row, "title"),
        text=_lower(row, "text"),
        markup=_lower(row, "markup"),
        markup_all=_lower(row, "markup_all"),
        source=row["source"],
        date=str(row["date"]),
        positive=_example(row["positive"]),
        negative=_example(row["negative"]),
    )


def _lower(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(plain(text) if key in {"title", "text"} else text.lower() for text in row.get(key, ()))


def _range(text: str) -> tuple[int, int]:
    low, _, high = text.replace("xx", "00").partition("-")
    return int(low), int(high) if high else int(text.replace("xx", "99"))


def _example(row: Mapping[str, Any]) -> Example:
    return Example(row.get("status", 200), tuple(row.get("headers", {}).items()), row.get("body", ""))
