"""Visits made by hand, for the tests of the health room."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

from citekeeper.health import judge, observe
from citekeeper.model import Exchange, Failure, FailureKind, Observation, Resolution, Response, State, Stop, TlsFault, Verdict, Visit

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HTML = ("Content-Type", "text/html; charset=utf-8")
PROSE = "The mill by the river was rebuilt after the flood, and the village met there every autumn to share what the year had brought. "


def response(body: str | bytes = "", status: int = 200, headers: tuple[tuple[str, str], ...] = (HTML,)) -> Response:
    content = body.encode() if isinstance(body, str) else body
    return Response(status, "", headers, b"", content, content)


def exchange(url: str, answer: Response | Failure, at: datetime = NOW) -> Exchange:
    return Exchange(url, at, 0.1, b"", answer)


def visit(*exchanges: Exchange, stop: Stop | None = None) -> Visit:
    ended = Stop.FAILURE if exchanges[-1].failure else Stop.ANSWER
    return Visit("visit-1", exchanges[0].url, exchanges, stop or ended)


def served(
    body: str | bytes = "",
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = (HTML,),
    *,
    url: str = "https://paper.example/2020/old-mill-rebuilt",
    via: tuple[str, ...] = (),
    at: datetime = NOW,
) -> Visit:
    """A visit that ends with this answer at `url`, after redirects from the addresses in `via`."""
    chain = (*via, url)
    steps = [exchange(here, response("", 301, (("Location", there),)), at) for here, there in itertools.pairwise(chain)]
    return visit(*steps, exchange(url, response(body, status, headers), at))


def failed(kind: FailureKind, fault: TlsFault | None = None) -> Visit:
    return visit(exchange("https://paper.example/a", Failure(kind, "as told", fault)))


def article(paragraphs: int = 12, title: str = "The old mill is rebuilt") -> str:
    text = "".join(f"<p>{PROSE * 3}</p>" for _ in range(paragraphs))
    head = f"<html><head><title>{title} | The Paper</title></head>"
    return f"{head}<body><nav><a href=/>Home</a></nav><article><h1>{title}</h1>{text}</article></body></html>"


def short(title: str, text: str) -> str:
    return f"<html><head><title>{title}</title></head><body><nav>Home News Sport</nav><h1>{title}</h1><p>{text}</p></body></html>"


def seen(of: Visit) -> Observation:
    return observe(of, vantage="citekeeper/0 (test)")


def codes(of: Visit) -> set[str]:
    return {evidence.code for evidence in seen(of).evidence}


def as_written(url: str = "https://paper.example/2020/old-mill-rebuilt") -> Resolution:
    return Resolution(url, "as-written", 1.0)


def verdict(of: Visit) -> Verdict:
    return judge(as_written(of.target), seen(of))


def state(of: Visit) -> State:
    return verdict(of).state
