"""Asking whether a page changed: which stored answers may be asked about, and which 304 is believed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from citekeeper.config import configure
from citekeeper.demo import Request, World, answer
from citekeeper.http1 import freshened, parse_head
from citekeeper.model import Ask, Cut, Exchange, Fetch, Purpose, Response, Stop, Visit
from citekeeper.network import Door, Remembered, Validators, validators_of, visit

NOW = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
SENT = ("Date", "Fri, 02 Jan 2026 12:00:00 GMT")
CHANGED = "Thu, 01 Jan 2026 12:00:00 GMT"
URL = "http://a.example/page"


def response(status: int, *headers: tuple[str, str], body: bytes = b"", cut: Cut | None = None, problem: str | None = None) -> Response:
    lines = [f"HTTP/1.1 {status} Some", *(f"{name}: {value}" for name, value in headers), "", ""]
    return Response(status, "Some", headers, "\r\n".join(lines).encode("latin-1"), body, body, cut, problem)


def page(*headers: tuple[str, str], status: int = 200, cut: Cut | None = None, problem: str | None = None) -> Response:
    return response(status, *headers, body=b"<p>Hello</p>", cut=cut, problem=problem)


def exchange(outcome: Response, *, withheld: bool = False, method: str = "GET") -> Exchange:
    return Exchange(URL, NOW, 0.1, b"", outcome, method=method, withheld=withheld)


def remembered(stored: Response, etag: str = '"one"', last_modified: str = "") -> Remembered:
    return Remembered(Validators(etag, last_modified), stored, "urn:uuid:1", URL, NOW)


# ── what can be asked with ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("etag", ['"one"', 'W/"one"', '""', '"' + "x" * 1000 + '"', '"\xe9"'])
def test_an_etag_is_kept_as_the_server_wrote_it(etag: str) -> None:
    assert validators_of(exchange(page(("ETag", etag)))) == Validators(etag, "")


@pytest.mark.parametrize("etag", ["one", 'w/"one"', '"a"b"', '"a b"', "*", "", '"' + "x" * 1001 + '"', '"a\x7f"'])
def test_what_is_no_etag_is_not_asked_with(etag: str) -> None:
    assert validators_of(exchange(page(("ETag", etag)))) is None


def test_two_etags_name_nothing() -> None:
    assert validators_of(exchange(page(("ETag", '"one"'), ("ETag", '"two"')))) is None


def test_a_date_of_change_counts_once_it_is_a_minute_old() -> None:
    """RFC 9110, 8.8.2.2: a page that changed twice within a second has the same date both times."""
    assert validators_of(exchange(page(SENT, ("Last-Modified", CHANGED)))) == Validators("", CHANGED)
    for fresh in ("Fri, 02 Jan 2026 11:59:30 GMT", "Fri, 02 Jan 2026 12:00:00 GMT", "Sat, 01 Jan 2050 00:00:00 GMT"):
        assert validators_of(exchange(page(SENT, ("Last-Modified", fresh)))) is None
        assert validators_of(exchange(page(("Last-Modified", fresh)))) is None
    assert validators_of(exchange(page(SENT, ("Last-Modified", "last week")))) is None


@pytest.mark.parametrize(
    "given",
    [
        exchange(page(("ETag", '"one"'), status=404)),
        exchange(page(("ETag", '"one"'), status=206)),
        exchange(page(("ETag", '"one"'), ("Location", "/"), status=301)),
        exchange(page(("ETag", '"one"'), cut=Cut.LENGTH)),
        exchange(page(("ETag", '"one"'), cut=Cut.DISCONNECT)),
        exchange(page(("ETag", '"one"'), problem="bad-gzip")),
        exchange(page(("ETag", '"one"'), ("Vary", "Accept, *"))),
        exchange(response(200, ("ETag", '"one"'))),
        exchange(page(("ETag", '"one"')), withheld=True),
        exchange(page(("ETag", '"one"')), method="HEAD"),
        exchange(page(("Content-Type", "text/html"))),
    ],
    ids=["404", "206", "301", "capped", "cut", "bad-gzip", "vary-all", "empty", "with-credentials", "head", "no-validators"],
)
def test_what_is_not_whole_or_not_for_everyone_is_never_asked_about(given: Exchange) -> None:
    assert validators_of(given) is None


@example('"\xad"', "Thu, 01 Jan 2026 12:00:00 GMT\r\x00")
@given(*[st.text(st.characters(max_codepoint=255), max_size=50)] * 2)
def test_any_field_can_be_read(etag: str, last_modified: str) -> None:
    found = validators_of(exchange(page(("ETag", etag), ("Last-Modified", last_modified))))
    assert found is None or all(value.isprintable() for _, value in found.conditions)


# ── a visit that asks ─────────────────────────────────────────────────────────────────────────


class Web:
    """Answers each request with the next of `answers`, the last one again and again; asks are kept."""

    def __init__(self, *answers: Response) -> None:
        self.answers = list(answers)
        self.asks: list[Ask] = []

    async def fetch(self, ask: Ask) -> Exchange:
        self.asks.append(ask)
        outcome = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return Exchange(ask.url, NOW, 0.1, b"", outcome)

    def visit(self, known: Callable[[Ask], Remembered | None]) -> Visit:
        async def recall(ask: Ask) -> Remembered | None:
            return known(ask)

        return asyncio.run(visit(URL, self.fetch, recall=recall))

    @property
    def conditions(self) -> list[dict[str, str]]:
        return [dict(ask.headers) for ask in self.asks]


STORED = page(("ETag", '"one"'), ("Content-Type", "text/html"), ("Set-Cookie", "old=1"), ("Age", "3"))


def test_a_304_is_judged_as_the_stored_page() -> None:
    web = Web(response(304, ("ETag", 'W/"one"'), ("Age", "7"), ("Content-Type", "text/odd")))
    seen = web.visit(lambda _: remembered(STORED))
    assert web.conditions == [{"If-None-Match": '"one"'}]
    assert (seen.stop, len(seen.exchanges)) == (Stop.ANSWER, 1)
    last, told = seen.last.response, seen.last.not_modified
    assert last is not None
    assert told is not None
    assert (last.status, last.content) == (200, STORED.content)
    assert dict(last.headers) == {"ETag": '"one"', "Content-Type": "text/html", "Age": "7"}
    assert (told.record_id, told.url, told.at) == ("urn:uuid:1", URL, NOW)
    assert told.head.startswith(b"HTTP/1.1 304 ")


def test_both_validators_are_sent_when_there_are_both() -> None:
    web = Web(response(304))
    web.visit(lambda _: remembered(page(("Last-Modified", CHANGED)), last_modified=CHANGED))
    assert web.conditions == [{"If-None-Match": '"one"', "If-Modified-Since": CHANGED}]


def test_a_page_that_changed_is_taken_as_it_comes() -> None:
    web = Web(page(("ETag", '"two"')))
    seen = web.visit(lambda _: remembered(STORED))
    assert (len(web.asks), seen.last.not_modified) == (1, None)


@pytest.mark.parametrize(
    "odd",
    [
        response(304, ("ETag", '"two"')),
        response(304, ("Last-Modified", CHANGED)),
        response(304, ("ETag", '"one"'), ("ETag", '"two"')),
        response(412),
        response(400),
        response(500),
    ],
    ids=["another-etag", "another-date", "two-etags", "412", "400", "500"],
)
def test_an_answer_that_may_be_to_the_condition_is_kept_and_the_page_asked_for_without(odd: Response) -> None:
    web = Web(odd, page(("ETag", '"three"')))
    seen = web.visit(lambda _: remembered(STORED))
    assert web.conditions == [{"If-None-Match": '"one"'}, {}]
    assert [each.response.status for each in seen.exchanges if each.response] == [odd.status, 200]
    assert all(each.not_modified is None for each in seen.exchanges)


def test_a_page_that_is_gone_by_now_is_gone_at_the_first_word() -> None:
    web = Web(response(404))
    seen = web.visit(lambda _: remembered(STORED))
    assert (len(web.asks), seen.last.response and seen.last.response.status) == (1, 404)


def test_a_304_that_nobody_asked_for_is_the_304_that_it_is() -> None:
    web = Web(response(304, ("ETag", '"one"')))
    seen = web.visit(lambda _: None)
    assert (seen.last.response and seen.last.response.status, seen.last.not_modified) == (304, None)


def test_a_server_that_answers_304_to_everything_is_not_believed_when_it_names_another_version() -> None:
    web = Web(response(304, ("ETag", '"nine"')))
    seen = web.visit(lambda _: remembered(STORED))
    assert (seen.last.response and seen.last.response.status, seen.last.not_modified) == (304, None)


def test_each_hop_is_asked_with_its_own_validators() -> None:
    """The page that a redirect leads to has other names for its versions than the page that redirects."""
    end = "http://b.example/end"
    web = Web(response(301, ("Location", end)), response(304))
    web.visit(lambda ask: remembered(STORED, '"end"') if ask.url == end else None)
    assert web.conditions == [{}, {"If-None-Match": '"end"'}]


def test_with_cookies_the_page_is_asked_for_whole() -> None:
    """What was stored without them may be another page."""
    web = Web(response(302, ("Location", "/gate"), ("Set-Cookie", "in=1")), page())
    web.visit(lambda ask: remembered(STORED) if "gate" in ask.url else None)
    assert web.conditions == [{}, {"Cookie": "in=1"}]


# ── fields brought up to date ─────────────────────────────────────────────────────────────────


def test_a_304_never_changes_what_describes_the_stored_body() -> None:
    stored = (("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"), ("Content-Length", "9"), ("X-A", "1"), ("X-B", "1"))
    told = (("content-encoding", "br"), ("transfer-encoding", "x"), ("content-length", "0"), ("x-a", "2"), ("X-C", "3"))
    assert freshened(stored, told) == (*stored[:3], ("X-B", "1"), ("x-a", "2"), ("X-C", "3"))


# ── both engines, on real sockets ─────────────────────────────────────────────────────────────

ENGINES = ("curl", "requests")


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    def site(request: Request) -> Iterable[bytes]:
        if request.header("if-none-match") == 'W/"one"' and request.header("if-modified-since") == CHANGED:
            return [answer(304, "Not Modified", {"ETag": 'W/"one"'})]
        return [answer(headers={"ETag": 'W/"one"', "Last-Modified": CHANGED, "Date": SENT[1]}, body="Hello")]

    with World(scenes=(), sites={"a.example": site}) as opened:
        yield opened


def door_to(world: World, engine: str, **more: object) -> Door:
    return Door(configure({**world.settings_overrides(), "network.engine": engine, **more}, {}, isolated=True).settings.network)


@pytest.mark.parametrize("engine", ENGINES)
def test_both_engines_ask_and_bring_the_304_back_as_it_came(engine: str, world: World) -> None:
    async def run() -> tuple[Visit, Visit, Exchange]:
        async with door_to(world, engine) as door:
            first = await visit(URL, door.fetch)
            validators, stored = validators_of(first.last), first.last.response
            assert validators is not None
            assert stored is not None
            known = Remembered(validators, stored, "urn:uuid:1", URL, first.last.started)

            async def recall(_: Ask) -> Remembered:
                return known

            second = await visit(URL, door.fetch, recall=recall)
            return first, second, await door.fetch(Ask(URL))

    first, second, third = asyncio.run(run())
    told = second.last.not_modified
    assert told is not None
    head = parse_head(told.head)
    assert head is not None
    assert (head.status, dict(head.headers)["ETag"]) == (304, 'W/"one"')
    assert b'If-None-Match: W/"one"\r\nIf-Modified-Since: Thu, 01 Jan 2026 12:00:00 GMT\r\n' in second.last.request
    assert second.last.response is not None
    assert first.last.response is not None
    assert second.last.response.content == first.last.response.content == b"Hello"
    # The connection is as good as before: a 304 has no body that could be left in it.
    assert third.response is not None
    assert third.response.content == b"Hello"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_request_with_fields_that_are_not_stored_says_so(engine: str, world: World) -> None:
    async def fetch(door: Door, ask: Ask) -> bool:
        fetched: Fetch = door.fetch
        return (await fetched(ask)).withheld

    async def run() -> list[bool]:
        own = {"network.headers": ("X-Mine: secret",), "network.host_headers": ("b.example X-Theirs: secret",)}
        async with door_to(world, engine, **own) as door:
            assert door.adds_headers(URL)
            asks = [Ask(URL), Ask(URL, Purpose.SOURCE), Ask(URL, Purpose.SOURCE, headers=(("Cookie", "a=b"),))]
            return [await fetch(door, ask) for ask in asks]

    assert asyncio.run(run()) == [True, False, True]


def test_headers_for_one_host_are_no_matter_to_another(world: World) -> None:
    door = door_to(world, "curl", **{"network.host_headers": ("b.example X-Theirs: secret",)})
    assert not door.adds_headers(URL)
    assert door.adds_headers("http://b.example/")
