from __future__ import annotations

import asyncio
import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from archive_fakes import BASE, Script, Setting, answer, archived_redirect, failure, found_at, http_date, memento, setting
from hypothesis import given, settings
from hypothesis import strategies as st

from citekeeper.archives import CODES, evidence_of, memento_note, open_archives
from citekeeper.archives.cdx import FIELDS
from citekeeper.errors import ConfigError
from citekeeper.model import (
    Copy,
    Cut,
    Excluded,
    Failure,
    FailureKind,
    Found,
    IndexAnswer,
    Memento,
    MementoAnswer,
    Missing,
    Response,
    Rows,
    Unavailable,
)
from citekeeper.settings import ArchivesSettings

PAGE = "http://news.example/2020/11/story"
WHEN = datetime(2020, 11, 13, 12, tzinfo=UTC)
GATE = f"/web/{PAGE}"


def play(digits: str, url: str = PAGE) -> str:
    return f"/web/{digits}id_/{url}"


def rows_of(*originals: str, status: str = "200") -> str:
    lines = [[*FIELDS]]
    for original in originals:
        parts = urlsplit(original)
        key = ",".join(reversed((parts.hostname or "").split("."))) + ")" + parts.path + (f"?{parts.query}" if parts.query else "")
        lines.append([key.lower(), "20201111000000", original, "text/html", status, "DIGEST", "1"])
    return json.dumps(lines)


def rows(its: Setting, prefix: str = "http://news.example/2020/11/st") -> IndexAnswer:
    return asyncio.run(its.archive.rows(prefix))


def nearest(its: Setting, url: str = PAGE, when: datetime = WHEN) -> MementoAnswer:
    return asyncio.run(its.archive.nearest(url, when))


def index(*answers: Response) -> Script:
    return {"/cdx/search/cdx": list(answers)}


class TestRows:
    def test_one_request_asks_for_everything_that_section_nine_wants(self) -> None:
        its = setting(index(answer(200, body="[]")))
        assert rows(its) == Rows(())
        query = parse_qsl(urlsplit(its.fetch.asked[0].url).query)
        assert ("url", "http://news.example/2020/11/st") in query
        assert {
            ("matchType", "prefix"),
            ("collapse", "urlkey"),
            ("filter", "!statuscode:[45].."),
            ("output", "json"),
            ("limit", "200"),
        } <= set(query)
        assert not {name for name, _ in query} & {"from", "to", "resolveRevisits"}
        assert its.limiter.taken == [("cdx", 24.0)]

    def test_rows_beside_the_prefix_are_left_out(self) -> None:
        # The live server drops the last slash of a prefix and then answers with too much.
        body = rows_of("http://news.example/web/a", "http://news.example/webzine/b")
        found = rows(setting(index(answer(200, body=body))), "http://news.example/web/")
        assert isinstance(found, Rows)
        assert [row.original for row in found.rows] == ["http://news.example/web/a"]

    def test_an_answer_as_long_as_the_limit_is_not_complete(self) -> None:
        body = rows_of("http://news.example/2020/11/sta", "http://news.example/2020/11/stb")
        found = rows(setting(index(answer(200, body=body)), index_limit=2))
        assert isinstance(found, Rows)
        assert not found.complete

    def test_a_gateway_timeout_is_asked_again_plainly(self) -> None:
        body = rows_of("http://news.example/2020/11/story", "http://news.example/2020/11/stolen")
        its = setting(index(answer(504, body="<h1>504</h1>"), answer(200, body=body)))
        found = rows(its)
        assert isinstance(found, Rows)
        assert len(found.rows) == 2
        names = [name for name, _ in parse_qsl(urlsplit(its.fetch.asked[1].url).query)]
        assert "collapse" not in names
        assert "filter" not in names

    def test_error_captures_are_left_out_of_a_plain_answer(self) -> None:
        its = setting(index(answer(504), answer(200, body=rows_of(PAGE, status="404"))))
        assert rows(its) == Rows(())

    @pytest.mark.parametrize(
        "outcome",
        [
            answer(403, body="org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error"),
            answer(403, ("x-archive-wayback-runtime-error", "AdministrativeAccessControlException: Blocked Site Error")),
            answer(403, ("x-archive-wayback-runtime-error", "RobotAccessControlException: Blocked By Robots")),
        ],
    )
    def test_a_blocked_site_is_excluded_in_every_form(self, outcome: Response) -> None:
        assert isinstance(rows(setting(index(outcome))), Excluded)

    @pytest.mark.parametrize(
        "outcome",
        [
            answer(200, body="<html><body>Sorry</body></html>"),
            answer(200, body='[["urlkey","timestamp"'),
            answer(200, body="java.lang.NullPointerException"),
            answer(200, body=rows_of(PAGE)[:-1], cut=Cut.DISCONNECT),
            answer(200, body=rows_of(PAGE), cut=Cut.LENGTH),
            answer(400, body="url parameter is required"),
            answer(403, body="no"),
            answer(503, body="<h1>503</h1>"),
            answer(520),
        ],
    )
    def test_everything_else_means_that_nothing_is_known(self, outcome: Response) -> None:
        found = rows(setting(index(outcome)))
        assert isinstance(found, Unavailable)
        assert found.message


class TestNearest:
    def test_the_time_gate_and_one_look_suffice(self) -> None:
        its = setting({GATE: found_at("20201112100000", PAGE), play("20201112100000"): memento("20201112100000", PAGE)})
        found = nearest(its)
        view = f"{BASE}/web/20201112100000/{PAGE}"
        assert found == Found(Memento(view, datetime(2020, 11, 12, 10, tzinfo=UTC), "wayback", PAGE, 200))
        assert its.fetch.paths == [GATE, play("20201112100000")]
        assert its.fetch.asked[0].headers[0] == ("Accept-Datetime", "Fri, 13 Nov 2020 12:00:00 GMT")
        assert {pool for pool, _ in its.limiter.taken} == {"playback"}

    def test_a_copy_from_shortly_before_is_preferred_to_a_nearer_one_after(self) -> None:
        its = setting(
            {
                GATE: found_at("20201114120000", PAGE),
                play("20201114120000"): memento("20201114120000", PAGE, neighbours=["20201112000000"]),
                play("20201112000000"): memento("20201112000000", PAGE),
            }
        )
        found = nearest(its)
        assert isinstance(found, Found)
        assert found.memento.datetime.day == 12

    def test_a_copy_from_years_before_is_not(self) -> None:
        its = setting(
            {GATE: found_at("20201114120000", PAGE), play("20201114120000"): memento("20201114120000", PAGE, neighbours=["20150101000000"])}
        )
        found = nearest(its)
        assert isinstance(found, Found)
        assert found.memento.datetime.year == 2020
        assert len(its.fetch.asked) == 2

    def test_a_captured_error_is_not_good_and_the_next_copy_is_looked_at(self) -> None:
        its = setting(
            {
                GATE: found_at("20201113000000", PAGE),
                play("20201113000000"): memento("20201113000000", PAGE, status=404, neighbours=["20201101000000"]),
                play("20201101000000"): memento("20201101000000", PAGE),
            }
        )
        found = nearest(its)
        assert isinstance(found, Found)
        assert found.memento.status == 200
        assert found.memento.datetime.day == 1

    def test_at_most_three_captures_are_looked_at(self) -> None:
        days = [f"202011{day:02}000000" for day in range(1, 13)]
        script: Script = {play(day): memento(day, PAGE, status=404, neighbours=days) for day in days}
        its = setting({GATE: found_at(days[-1], PAGE), **script})
        found = nearest(its)
        assert isinstance(found, Missing)
        assert found.message == "no good capture: status 404 on 2020-11-12; status 404 on 2020-11-11; status 404 on 2020-11-10"
        assert len(its.fetch.asked) == 4

    def test_only_memento_datetime_proves_a_capture(self) -> None:
        its = setting({GATE: found_at("20201112100000", PAGE), play("20201112100000"): answer(200, body="a page of the archive's own")})
        assert isinstance(nearest(its), Unavailable)

    @pytest.mark.parametrize("style", ["{base}/web/{rest}", "/web/{rest}", "//archive.example/web/{rest}"])
    def test_archived_redirects_are_followed_in_three_styles(self, style: str) -> None:
        there = "http://news.example/moved"
        location = style.format(base=BASE, rest=f"20201112100001id_/{there}")
        its = setting(
            {
                GATE: found_at("20201112100000", PAGE),
                play("20201112100000"): archived_redirect("20201112100000", location),
                play("20201112100001", there): found_at("20201112100009", there),
                play("20201112100009", there): memento("20201112100009", there),
            }
        )
        found = nearest(its)
        assert isinstance(found, Found)
        assert found.memento.original == there
        assert found.memento.url == f"{BASE}/web/20201112100009/{there}"

    def test_an_unrewritten_redirect_stays_on_the_archive(self) -> None:
        there = "http://news.example/moved"
        its = setting(
            {
                GATE: found_at("20201112100000", PAGE),
                play("20201112100000"): archived_redirect("20201112100000", there),
                play("20201112100000", there): memento("20201112100000", there),
            }
        )
        assert isinstance(nearest(its), Found)
        assert all(path.startswith("/web/") for path in its.fetch.paths)

    def test_a_location_on_a_foreign_host_is_never_asked(self) -> None:
        its = setting(
            {
                GATE: found_at("20201112100000", PAGE),
                play("2020"): archived_redirect("20201112100000", "http://10.0.0.1/web/20201112100000/x"),
            }
        )
        nearest(its)
        assert all(ask.url.startswith(BASE) for ask in its.fetch.asked)

    def test_a_circle_of_archived_redirects_ends(self) -> None:
        there = "http://news.example/b"
        its = setting(
            {
                GATE: found_at("20201112100000", PAGE),
                play("20201112100000"): archived_redirect("20201112100000", play("20201112100000", there)),
                play("20201112100000", there): archived_redirect("20201112100000", play("20201112100000")),
            }
        )
        assert isinstance(nearest(its), Missing)

    def test_a_long_chain_of_archived_redirects_ends(self) -> None:
        chain: Script = {
            play("2020", f"http://news.example/{n}x"): archived_redirect("20201112100000", play("2020", f"http://news.example/{n + 1}x"))
            for n in range(30)
        }
        its = setting(
            {
                GATE: answer(302, ("location", play("2020", "http://news.example/0x"))),
                **chain,
                "/web/2020": answer(302, ("location", play("2020", "http://news.example/0x"))),
            }
        )
        assert isinstance(nearest(its), Missing)
        assert len(its.fetch.asked) <= 7

    def test_a_redirect_to_the_home_page_is_no_copy(self) -> None:
        home = "http://news.example/"
        its = setting(
            {
                GATE: found_at("20201112100000", PAGE),
                play("20201112100000"): archived_redirect("20201112100000", play("20201112100000", home)),
                play("20201112100000", home): memento("20201112100000", home),
            }
        )
        reason = "a redirect to the home page on 2020-11-12"
        assert nearest(its) == Missing(f"no good capture: {reason}", (reason,))

    def test_the_judge_of_pages_has_the_last_word(self) -> None:
        script: Script = {
            GATE: found_at("20201112100000", PAGE),
            play("20201112100000"): memento("20201112100000", PAGE, body="Are you a robot?", neighbours=["20201111000000"]),
            play("20201111000000"): memento("20201111000000", PAGE),
        }
        judged: list[str] = []

        async def judge(copy: Memento, copies: tuple[Copy, ...]) -> str:
            response = copies[-1].archived.response
            judged.append(copy.url)
            return "a wall" if response is not None and b"robot" in response.content else ""

        found = asyncio.run(setting(script).archive.nearest(PAGE, WHEN, judge))
        assert isinstance(found, Found)
        assert found.memento.datetime.day == 11
        assert found.passed_over == ("a wall on 2020-11-12",)
        assert len(judged) == 2

    def test_never_archived_is_missing_and_excluded_is_excluded(self) -> None:
        assert nearest(setting({})) == Missing()
        body = "<p>This URL has been excluded from the Wayback Machine.</p>"
        assert isinstance(nearest(setting({GATE: answer(200, body=body)})), Excluded)
        assert isinstance(nearest(setting({GATE: answer(403, body=body)})), Excluded)

    def test_a_stumble_is_asked_once_more(self) -> None:
        its = setting(
            {
                GATE: [answer(503), found_at("20201112100000", PAGE)],
                play("20201112100000"): [answer(520), memento("20201112100000", PAGE)],
            }
        )
        assert isinstance(nearest(its), Found)
        assert len(its.fetch.asked) == 4

    def test_trouble_after_a_bad_copy_leaves_it_open(self) -> None:
        its = setting(
            {
                GATE: found_at("20201112100000", PAGE),
                play("20201112100000"): memento("20201112100000", PAGE, status=404, neighbours=["20201111000000"]),
                play("20201111000000"): failure(FailureKind.TIMEOUT, "too slow"),
            }
        )
        assert nearest(its) == Unavailable("too slow")

    @pytest.mark.parametrize(
        ("target", "answered", "why"),
        [
            ("http://news.example/gone", answer(404, body="has not archived that URL"), "a redirect to a page that is not archived"),
            (PAGE, answer(404), "archived redirects in a circle"),
        ],
    )
    def test_a_redirect_that_leads_nowhere_is_passed_over_for_another_version(self, target: str, answered: Response, why: str) -> None:
        links = ("Link", f'<{BASE}/web/20201110000000/{PAGE}>; rel="prev memento"; datetime="{http_date("20201110000000")}"')
        redirect = archived_redirect("20201112100000", f"{BASE}/web/20201112100000id_/{target}")
        its = setting(
            {
                GATE: found_at("20201112100000", PAGE),
                play("20201112100000"): replace(redirect, headers=(*redirect.headers, links)),
                "/web/20201112100000id_/http://news.example/gone": answered,
                play("20201110000000"): memento("20201110000000", PAGE),
            }
        )
        found = nearest(its)
        assert isinstance(found, Found)
        assert found.memento.datetime.day == 10
        assert found.passed_over == (f"{why} on 2020-11-12",)

    @pytest.mark.parametrize("trouble", [answer(503), answer(200), answer(404), answer(200, body="java.lang.Exception: x")])
    def test_a_capture_that_cannot_be_played_is_passed_over_for_one_from_another_time(self, trouble: Response) -> None:
        its = setting(
            {
                GATE: [found_at("20201112100000", PAGE), found_at("20200401000000", PAGE)],
                play("20201112100000"): trouble,
                play("20200401000000"): memento("20200401000000", PAGE),
            }
        )
        found = nearest(its)
        assert isinstance(found, Found)
        assert found.passed_over == ("could not be played on 2020-11-12",)
        assert len(its.fetch.asked) <= 5

    def test_a_capture_that_cannot_be_played_and_is_the_only_one_leaves_it_open(self) -> None:
        its = setting({GATE: found_at("20201112100000", PAGE), play("20201112100000"): answer(503)})
        assert isinstance(nearest(its), Unavailable)
        assert len(its.fetch.asked) <= 5

    def test_half_a_page_is_asked_for_again_and_never_judged(self) -> None:
        half = replace(memento("20201112100000", PAGE), cut=Cut.DISCONNECT)
        its = setting({GATE: found_at("20201112100000", PAGE), play("20201112100000"): [half, memento("20201112100000", PAGE)]})
        assert isinstance(nearest(its), Found)
        always = setting({GATE: found_at("20201112100000", PAGE), play("20201112100000"): half})
        assert isinstance(nearest(always), Unavailable)

    def test_trouble_after_a_good_copy_keeps_it(self) -> None:
        its = setting(
            {
                GATE: found_at("20201114120000", PAGE),
                play("20201114120000"): memento("20201114120000", PAGE, neighbours=["20201112000000"]),
                play("20201112000000"): failure(FailureKind.TIMEOUT, "too slow"),
            }
        )
        assert isinstance(nearest(its), Found)

    def test_a_time_gate_that_answers_with_the_capture_itself_is_understood(self) -> None:
        its = setting({GATE: memento("20201112100000", PAGE), play("20201112100000"): memento("20201112100000", PAGE)})
        assert isinstance(nearest(its), Found)

    def test_the_fragment_is_not_sent_and_odd_characters_are_escaped(self) -> None:
        its = setting({})
        nearest(its, "http://news.example/ä b?c=d#e")
        assert its.fetch.paths == ["/web/http://news.example/%C3%A4%20b?c=d"]


def test_content_is_the_archived_body_even_when_its_gzip_was_not_declared() -> None:
    packed = gzip.compress(b"<p>page</p>")
    stored = answer(200, ("Memento-Datetime", "Thu, 12 Nov 2020 10:00:00 GMT"), ("Content-Type", "text/html"), body=packed)
    its = setting({play("20201112100000"): stored})
    wanted = Memento(f"{BASE}/web/20201112100000/{PAGE}", datetime(2020, 11, 12, 10, tzinfo=UTC), "wayback", PAGE, 200)
    response = asyncio.run(its.archive.content(wanted)).response
    assert response is not None
    assert response.content == b"<p>page</p>"
    assert response.body == packed


def test_archives_are_opened_from_the_settings() -> None:
    its = setting({})
    (opened,) = open_archives(ArchivesSettings(), its.fetch, limiter=its.limiter, clock=its.clock)
    assert opened.name == "wayback"
    assert open_archives(ArchivesSettings(use=()), its.fetch, limiter=its.limiter, clock=its.clock) == ()


def test_an_unknown_archive_names_the_nearest_known_one() -> None:
    its = setting({})
    with pytest.raises(ConfigError, match="wayback"):
        open_archives(ArchivesSettings(use=("waybck",)), its.fetch, limiter=its.limiter, clock=its.clock)


@pytest.mark.parametrize("given", [Missing(), Missing("why"), Excluded("why"), Unavailable("why")])
def test_every_answer_without_a_memento_has_words_and_a_code(given: MementoAnswer) -> None:
    evidence = evidence_of(given)
    assert evidence is not None
    assert evidence.code in {meaning.code for meaning in CODES}
    assert memento_note(given)


_URLS = st.sampled_from([PAGE, "http://news.example/b", "http://news.example/", "https://news.example/2020/11/story", ""])
_DAYS = st.integers(1, 28).map(lambda day: f"202011{day:02}000000")
_PLACES = st.builds(
    lambda base, day, url: f"{base}/web/{day}id_/{url}", st.sampled_from(["", BASE, "//archive.example", "http://10.0.0.1"]), _DAYS, _URLS
)
_OUTCOMES: st.SearchStrategy[Response | Failure] = st.one_of(
    st.builds(
        lambda day, url, status, near: memento(day, url, status=status, neighbours=near),
        _DAYS,
        _URLS,
        st.sampled_from([200, 404, 429, 503]),
        st.lists(_DAYS, max_size=3),
    ),
    st.builds(archived_redirect, _DAYS, _PLACES | st.text(max_size=20)),
    st.builds(found_at, _DAYS, _URLS),
    st.builds(lambda place: answer(302, ("Location", place)), _PLACES | st.text(max_size=20)),
    st.builds(answer, st.sampled_from([200, 302, 403, 404, 429, 500, 503, 520]), body=st.sampled_from(["", "[]", "<html>", "[[", "x"])),
    st.builds(failure, st.sampled_from(FailureKind)),
)


@given(st.lists(_OUTCOMES, min_size=1, max_size=12), st.datetimes(datetime(1996, 1, 1), datetime(2030, 1, 1)))
@settings(max_examples=120)
def test_whatever_an_archive_answers_the_search_ends_on_that_archive(outcomes: list[Response | Failure], when: datetime) -> None:
    its = setting({"": outcomes})
    found = nearest(its, when=when)
    assert isinstance(found, Found | Missing | Excluded | Unavailable)
    assert len(its.fetch.asked) <= 40
    assert all(ask.url.startswith(f"{BASE}/web/") for ask in its.fetch.asked)
    if isinstance(found, Found):
        assert found.memento.status == 200
    assert isinstance(rows(setting({"": outcomes})), Rows | Excluded | Unavailable)
