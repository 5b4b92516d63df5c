"""What a signal looks at: one visit, with its final page read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from citekeeper.health.marks import Answer
from citekeeper.health.page import Page, read_page
from citekeeper.health.shape import has_own_headline, has_paragraphs, is_headed_as_failing
from citekeeper.model import Exchange, Failure, Hop, Response, Visit


@dataclass(frozen=True)
class View:
    """A visit through the eyes of the signals."""

    visit: Visit
    page: Page | None
    """The final answer's body; None when there was no answer."""

    @property
    def last(self) -> Exchange:
        """The exchange that ended the visit."""
        return self.visit.last

    @property
    def response(self) -> Response | None:
        """The final answer."""
        return self.visit.last.response

    @property
    def failure(self) -> Failure | None:
        """Why there was no final answer."""
        return self.visit.last.failure

    @property
    def status(self) -> int | None:
        """The final answer's status."""
        return self.response.status if self.response else None

    @property
    def text_page(self) -> Page | None:
        """The final page when it is one that a person reads (HTML or plain text)."""
        return self.page if self.page is not None and self.page.kind in {"html", "text"} else None

    @cached_property
    def answer(self) -> Answer | None:
        """The final answer as marks see it."""
        return Answer(self.response, self.page) if self.response is not None and self.page is not None else None

    @property
    def heads(self) -> tuple[str, ...]:
        """The title, "" where there is none, and the first headings, as wording is compared; none without an answer."""
        return self.answer.heads if self.answer is not None else ()

    @cached_property
    def has_own_headline(self) -> bool:
        """Whether a heading says what the page is about, and that is no message of a server."""
        return self.answer is not None and has_own_headline(self.answer)

    @cached_property
    def is_headed_as_failing(self) -> bool:
        """Whether the title or a heading says that something is wrong, if not what: "Oops!", "Error"."""
        return self.answer is not None and is_headed_as_failing(self.answer)

    @cached_property
    def has_paragraphs(self) -> bool:
        """Whether there are some paragraphs to read."""
        return self.answer is not None and has_paragraphs(self.answer)

    @property
    def plain_text(self) -> str:
        """The beginning of the visible text, as wording is compared."""
        return self.answer.lines if self.answer is not None else ""


def view(visit: Visit) -> View:
    """Look at `visit`, reading its final page."""
    response = visit.last.response
    return View(visit, read_page(response) if response else None)


def hops_of(visit: Visit) -> tuple[Hop, ...]:
    """The visit in short."""
    return tuple(_hop(exchange) for exchange in visit.exchanges)


def _hop(exchange: Exchange) -> Hop:
    response = exchange.response
    if response is None:
        return Hop(exchange.url, None, None)
    location = response.header("location") if 300 <= response.status < 400 else None
    return Hop(exchange.url, response.status, location[:4000] if location else None)


def join(base: str, target: str) -> str | None:
    """`target` made absolute against `base`; None when it is no http(s) address."""
    try:
        url = urljoin(base, target.strip())
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and host else None
