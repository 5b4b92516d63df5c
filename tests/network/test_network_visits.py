from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.model import Ask, Cut, Exchange, Failure, FailureKind, Purpose, Response, Stop, Visit
from citekeeper.network import is_transient, retry_after, visit
from citekeeper.network.cookies import CookieJar
from citekeeper.network.targets import Target, parse

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def response(status: int = 200, *headers: tuple[str, str]) -> Response:
    return Response(status, "", headers, b"", b"", b"")


def moved(location: str, *headers: tuple[str, str]) -> Response:
    return response(302, ("Location", location), *headers)


class Web:
    """A web of answers by address; asks are kept."""

    def __init__(self, pages: Mapping[str, Response | Failure | Callable[[Ask], Response]]) -> None:
        self.pages = pages
        self.asks: list[Ask] = []

    async def fetch(self, ask: Ask) -> Exchange:
        self.asks.append(ask)
        page = self.pages.get(ask.url.partition("#")[0], response(404))
        outcome = page(ask) if callable(page) else page
        return Exchange(ask.url, NOW, 0.1, b"", outcome)

    def visit(self, url: str, **options: object) -> Visit:
        return asyncio.run(visit(url, self.fetch, **options))  # type: ignore[arg-type]  # each test names its own options


def cookie_of(ask: Ask) -> str:
    return dict(ask.headers).get("Cookie", "")


def test_every_hop_is_an_exchange_of_its_own() -> None:
    web = Web({"http://a.example/": moved("/b"), "http://a.example/b": moved("https://c.example/"), "https://c.example/": response()})
    seen = web.visit("http://a.example/", new_id=lambda: "an id")
    assert (seen.id, seen.target, seen.stop, seen.attempts) == ("an id", "http://a.example/", Stop.ANSWER, 1)
    assert [each.url for each in seen.exchanges] == ["http://a.example/", "http://a.example/b", "https://c.example/"]


def test_every_visit_has_an_id_of_its_own() -> None:
    web = Web({})
    assert len({web.visit("http://a.example/").id for _ in range(3)}) == 3


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_these_statuses_lead_on(status: int) -> None:
    web = Web({"http://a.example/": response(status, ("Location", "/b")), "http://a.example/b": response()})
    assert web.visit("http://a.example/").last.url == "http://a.example/b"


@pytest.mark.parametrize("status", [200, 201, 300, 304, 305, 404, 503])
def test_these_statuses_are_answers_even_with_a_location(status: int) -> None:
    web = Web({"http://a.example/": response(status, ("Location", "/b"))})
    seen = web.visit("http://a.example/")
    assert (seen.stop, len(seen.exchanges)) == (Stop.ANSWER, 1)


def test_a_redirect_without_a_place_is_a_bad_one() -> None:
    assert Web({"http://a.example/": response(302)}).visit("http://a.example/").stop is Stop.BAD_LOCATION


def test_a_failure_on_the_way_ends_the_visit() -> None:
    web = Web({"http://a.example/": moved("http://b.example/"), "http://b.example/": Failure(FailureKind.RESET, "gone")})
    assert web.visit("http://a.example/").stop is Stop.FAILURE


def test_a_loop_is_seen_at_its_first_repetition() -> None:
    web = Web({"http://a.example/": moved("/b"), "http://a.example/b": moved("/")})
    seen = web.visit("http://a.example/")
    assert (seen.stop, len(seen.exchanges)) == (Stop.LOOP, 2)


def test_no_more_redirects_are_followed_than_allowed() -> None:
    web = Web({f"http://a.example/{n}": moved(f"/{n + 1}") for n in range(99)})
    seen = web.visit("http://a.example/0", max_redirects=4)
    assert (seen.stop, len(seen.exchanges)) == (Stop.TOO_MANY_HOPS, 5)
    assert web.visit("http://a.example/0", max_redirects=0).stop is Stop.TOO_MANY_HOPS


def test_the_fragment_goes_along_until_a_redirect_has_its_own() -> None:
    web = Web({"http://a.example/": moved("/b"), "http://a.example/b": moved("/c#own"), "http://a.example/c": moved("/d")})
    seen = web.visit("http://a.example/#mine")
    assert [each.url.partition("#")[2] for each in seen.exchanges] == ["mine", "mine", "own", "own"]


def test_a_cookie_gate_lets_us_pass() -> None:
    def gate(ask: Ask) -> Response:
        return response() if cookie_of(ask) == "pass=1" else moved("/", ("Set-Cookie", "pass=1; Path=/; HttpOnly"))

    seen = Web({"http://a.example/": gate}).visit("http://a.example/")
    assert (seen.stop, len(seen.exchanges)) == (Stop.ANSWER, 2)


def test_a_gate_that_never_opens_is_a_loop() -> None:
    stubborn = moved("/", ("Set-Cookie", "pass=1"))
    assert Web({"http://a.example/": stubborn}).visit("http://a.example/").stop is Stop.LOOP


def test_a_gate_that_counts_ends_at_the_limit() -> None:
    def counting(ask: Ask) -> Response:
        return moved("/", ("Set-Cookie", f"n={len(web.asks)}"))

    web = Web({"http://a.example/": counting})
    assert web.visit("http://a.example/").stop is Stop.TOO_MANY_HOPS


def test_cookies_do_not_outlive_the_visit_or_leave_their_host() -> None:
    pages = {"http://a.example/": moved("http://b.example/", ("Set-Cookie", "id=1")), "http://b.example/": response()}
    web = Web(pages)
    web.visit("http://a.example/")
    web.visit("http://a.example/")
    assert [cookie_of(ask) for ask in web.asks] == [""] * 4


def test_one_signpost_is_followed_and_no_second() -> None:
    pages: dict[str, Response] = {f"http://a.example/{n}": response() for n in range(3)}
    web = Web(pages)
    seen = web.visit("http://a.example/0", onward=lambda exchange: f"/{int(exchange.url[-1]) + 1}")
    assert [each.url for each in seen.exchanges] == ["http://a.example/0", "http://a.example/1"]
    assert seen.stop is Stop.ANSWER


def test_redirects_behind_a_signpost_are_followed() -> None:
    web = Web({"http://a.example/": response(), "http://a.example/b": moved("/c"), "http://a.example/c": response()})
    seen = web.visit("http://a.example/", onward=lambda exchange: "b")
    assert seen.last.url == "http://a.example/c"


def test_a_signpost_that_leads_nowhere_is_a_page() -> None:
    web = Web({"http://a.example/": response()})
    assert web.visit("http://a.example/", onward=lambda exchange: "javascript:void(0)").stop is Stop.ANSWER


def test_the_purpose_is_the_askers() -> None:
    web = Web({})
    web.visit("http://a.example/", purpose=Purpose.SOURCE)
    assert web.asks[0].purpose is Purpose.SOURCE


def target(url: str) -> Target:
    found = parse(url)
    assert isinstance(found, Target)
    return found


@pytest.mark.parametrize(
    ("set_by", "field", "asked", "sent"),
    [
        ("http://a.example/x/y", "n=v", "http://a.example/x/z", "n=v"),
        ("http://a.example/x/y", "n=v", "http://a.example/other", ""),
        ("http://a.example/x/y", "n=v; path=/", "http://a.example/other", "n=v"),
        ("http://a.example/", "n=v; Path=/doc", "http://a.example/document", ""),
        ("http://a.example/", "n=v", "http://www.a.example/", ""),
        ("http://a.example/", "n=v; Domain=.a.example", "http://www.a.example/", "n=v"),
        ("http://a.example/", "n=v; Domain=b.example", "http://b.example/", ""),
        ("http://a.example/", "n=v; Domain=example", "http://b.example/", ""),
        ("http://a.example/", "n=v; Domain=example", "http://a.example/", ""),
        ("https://a.example/", "n=v; Secure", "http://a.example/", ""),
        ("https://a.example/", "n=v; Secure", "https://a.example/", "n=v"),
        ("http://a.example/", 'n="a b"; Max-Age=9', "http://a.example/", 'n="a b"'),
        ("http://a.example/", "n=v; Max-Age=0", "http://a.example/", ""),
        ("http://a.example/", "n=v; Max-Age=-1", "http://a.example/", ""),
        ("http://a.example/", "novalue", "http://a.example/", ""),
        ("http://a.example/", "n=\x01", "http://a.example/", ""),
        ("http://a.example/", "n=" + "v" * 5000, "http://a.example/", ""),
        ("http://127.0.0.1/", "n=v; Domain=0.0.1", "http://127.0.0.1/", ""),
    ],
)
def test_a_cookie_goes_back_where_it_belongs(set_by: str, field: str, asked: str, sent: str) -> None:
    jar = CookieJar()
    jar.take(target(set_by), (field,))
    assert jar.header(target(asked)) == sent


@given(st.lists(st.text(st.characters(max_codepoint=255), max_size=200), max_size=60))
def test_any_cookie_field_can_be_taken(fields: list[str]) -> None:
    jar = CookieJar()
    jar.take(target("http://a.example/"), tuple(fields))
    assert not set(jar.header(target("http://a.example/"))) & set(map(chr, range(0x20)))


def ended(outcome: Response | Failure) -> Visit:
    return Visit("", "http://a.example/", (Exchange("http://a.example/", NOW, 0.1, b"", outcome),), Stop.ANSWER)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 520, 599])
def test_these_statuses_may_pass(status: int) -> None:
    assert is_transient(ended(response(status)))


@pytest.mark.parametrize("status", [200, 301, 400, 401, 403, 404, 410, 418, 451, 501, 505, 511, 999])
def test_these_statuses_stand(status: int) -> None:
    assert not is_transient(ended(response(status)))


@pytest.mark.parametrize(
    ("cut", "status", "passes"),
    [
        (Cut.TIME, 200, True),
        (Cut.DISCONNECT, 200, True),
        (Cut.LENGTH, 200, False),
        (Cut.DISCONNECT, 404, False),
        (Cut.DISCONNECT, 301, False),
        (None, 200, False),
    ],
)
def test_a_page_that_broke_off_may_come_whole_the_next_time(cut: Cut | None, status: int, passes: bool) -> None:
    assert is_transient(ended(replace(response(status), cut=cut))) is passes


def test_each_kind_of_failure_is_either_transient_or_not() -> None:
    passing = {"dns", "refused", "unreachable", "connect-timeout", "timeout", "reset"}
    assert {kind.value for kind in FailureKind if is_transient(ended(Failure(kind, "")))} == passing


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        (" 5 ", 5.0),
        ("0", 0.0),
        ("-1", 0.0),
        ("1.5", 1.0),
        ("86400000000", 86_400_000_000.0),
        ("Thu, 01 Jan 2026 00:01:00 GMT", 60.0),
        ("Thu, 01 Jan 2026 00:01:00", 60.0),
        ("Thursday, 01-Jan-26 00:01:00 GMT", 60.0),
        ("Wed, 31 Dec 2025 00:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("Thu, 99 Foo 2026 00:01:00 GMT", None),
        ("9" * 60, 1e60),
        ("9" * 200, None),
        ("1e9", None),
        ("inf", None),
    ],
)
def test_retry_after_is_read_in_seconds_and_dates(text: str, seconds: float | None) -> None:
    assert retry_after(response(429, ("Retry-After", text)), NOW) == seconds


@given(st.text(max_size=120))
def test_any_retry_after_can_be_read(text: str) -> None:
    seconds = retry_after(response(429, ("retry-after", text)), NOW)
    assert seconds is None or seconds >= 0
