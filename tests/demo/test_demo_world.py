"""The demo's world stands: names, certificates, pages and archive belong together, and it leaves nothing."""

from __future__ import annotations

import re
import socket
import ssl
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import dns.message
import dns.query
import dns.rcode
import pytest

from citekeeper.demo import Archived, DnsFault, Pages, Site, World, always, answer, page, sample_article, scenes
from citekeeper.demo.pages import article
from citekeeper.model import State
from citekeeper.settings import options

DEAD = {"www.tollbridge-society.example", "www.ropeyard-archive.example"}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World() as world:
        yield world


def resolve(world: World, name: str) -> tuple[int, list[str]]:
    host, _, port = world.dns.address.partition(":")
    response = dns.query.udp(dns.message.make_query(name, "A"), host, port=int(port), timeout=5)
    return int(response.rcode()), [item.to_text() for rrset in response.answer for item in rrset]


def get(world: World, host: str, target: str) -> tuple[int, str | None, bytes]:
    context = ssl.create_default_context(cafile=str(world.ca_file))
    connection = HTTPSConnection(host, world.web.https_port, timeout=5, context=context)
    connection.sock = context.wrap_socket(socket.create_connection(("127.0.0.1", world.web.https_port), timeout=5), server_hostname=host)
    connection.request("GET", target)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, response.getheader("Location"), body


def test_the_article_prints_every_scene_once_and_in_order() -> None:
    text = sample_article()
    places = [text.find(scene.printed) for scene in scenes()]
    assert -1 not in places
    assert places == sorted(places)
    notes = re.findall(r"(?m)^\[(\d+)\]", text)
    assert notes == [str(number) for number in range(1, len(scenes()) + 1)]
    assert all(f"[{number}]" in text.partition("\n[1]")[0] for number in notes)


def test_the_scenes_show_most_fates_that_a_reference_can_have() -> None:
    shown = {state for scene in scenes() for state in scene.states}
    assert set(State) - shown == {State.REPLACED, State.INVALID}


@pytest.mark.parametrize(
    "name", ["ferry-returns", "harbour-plan", "spillway", "tollbridge", "meridian", "seekurier", "quarrel", "hull-forms"]
)
def test_articles_have_a_title_and_enough_to_read(name: str) -> None:
    html = article(name).decode()
    assert "<title>" in html
    assert len(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))) > 500


def test_every_host_of_the_scenes_resolves_to_loopback_or_fails_on_purpose(world: World) -> None:
    hosts = {place.partition("/")[0] for scene in scenes() for place in scene.scripts}
    for host in hosts:
        assert resolve(world, host) == (dns.rcode.NOERROR, ["127.0.0.1"])
    for host in DEAD:
        assert resolve(world, host)[0] in (dns.rcode.NXDOMAIN, dns.rcode.SERVFAIL)
    assert resolve(world, "www.never-heard-of.example")[0] == dns.rcode.NXDOMAIN
    assert resolve(world, "www.example.com")[0] == dns.rcode.NXDOMAIN


@pytest.mark.parametrize(
    ("host", "target", "status", "word"),
    [
        ("www.halvern-courier.example", "/2024/02/19/ferry-returns-to-lake-sarn", 200, b""),
        ("www.halvern-courier.example", "/2023/11/08/council-approves-harbour-plan.html", 301, b""),
        ("transport.sarn-region.example", "/anything", 200, b"Page not found"),
        ("www.lakeside-museum.example", "/exhibitions/2022/the-drowned-village", 302, b""),
        ("www.sarnwater.example", "/press/2021/spillway-repair.html", 404, b"Not Found"),
        ("www.upper-halvern-tours.example", "/ferry-walks", 200, b"data-adblockkey"),
        ("www.statistics-office.example", "/tables/lake-traffic?year=2023", 403, b"_cf_chl_opt"),
        ("data.hydrolevels.example", "/station/17/2023", 429, b""),
        ("www.northern-post.example", "/world/2023/12/ferry-dispute", 451, b"court order"),
        ("maps.sarn-survey.example", "/sheet/12", 503, b""),
        ("www.seekurier.example", "/artikel/die-f%C3%A4hre-kehrt-zur%C3%BCck", 200, "Fähre".encode()),
        ("transport-office.example.org", "/decrees/2023/17.html", 200, b"Decree 17"),
    ],
)
def test_a_scene_answers_what_it_stands_for(world: World, host: str, target: str, status: int, word: bytes) -> None:
    got, _, body = get(world, host, target)
    assert got == status
    assert word in body


def test_the_redirects_lead_where_they_should(world: World) -> None:
    assert get(world, "go.linkto.example", "/f3rry")[1] == "http://10.0.0.7/status"
    assert get(world, "www.lakeside-museum.example", "/x")[1] == "/"
    assert get(world, "www.pilotage-office.example", "/rules/1968")[1] == "/rules/1968/"
    assert get(world, "www.pilotage-office.example", "/rules/1968/")[1] == "/rules/1968"


def test_the_expired_host_is_expired(world: World) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        get(world, "maps.halvern-library.example", "/1931/sheet-4")


def test_the_archive_completes_one_cut_address_and_not_the_other(world: World) -> None:
    counts = []
    prefixes = (
        "www.sarnpost.example/politics/mayor-and-harbour-master-quarrel-o",
        "news.lakewire.example/2020/10/water-level-at-the-sarn-bridge-gau",
    )
    for prefix in prefixes:
        connection = HTTPConnection("127.0.0.1", world.web.http_port, timeout=5)
        query = f"/cdx/search/cdx?url={prefix}*&filter=statuscode:200&collapse=urlkey&filter=!original:.*([?]|/amp).*&fl=original"
        connection.request("GET", query, headers={"Host": "web.archive.example"})
        counts.append(len(connection.getresponse().read().splitlines()))
        connection.close()
    assert counts == [1, 3]


def test_the_archives_own_log_holds_only_what_was_asked_of_it(world: World) -> None:
    assert {entry.host for entry in world.archive.log} <= {"web.archive.example", "archive.example"}


def test_two_worlds_say_the_same() -> None:
    pages = []
    for _ in range(2):
        with World() as world:
            pages.append(get(world, "www.halvern-courier.example", "/2024/02/19/ferry-returns-to-lake-sarn"))
    assert pages[0] == pages[1]


def test_the_settings_are_real_settings_and_the_file_says_the_same(world: World) -> None:
    known = {option.key: option for option in options()}
    overrides = world.settings_overrides()
    assert set(overrides) <= set(known)
    told = tomllib.loads(world.config_toml())
    for key, value in overrides.items():
        place: object = told
        for part in key.split("."):
            assert isinstance(place, dict)
            place = place[part]
        assert place == (list(value) if isinstance(value, tuple) else value)


def test_a_test_may_add_and_replace_sites_captures_and_names() -> None:
    sites: dict[str, Site] = {"new.example": Pages({"/": page(b"new")}), "www.the-meridian.example": always(answer(body="replaced"))}
    captures = [Archived("https://new.example/", "20200101000000")]
    with World(sites=sites, captures=captures, dns={"old.example": DnsFault.SERVFAIL, "bad.example": ("10.0.0.7",)}) as world:
        assert get(world, "new.example", "/")[2] == b"new"
        assert get(world, "www.the-meridian.example", "/any")[2] == b"replaced"
        assert resolve(world, "old.example")[0] == dns.rcode.SERVFAIL
        assert resolve(world, "bad.example")[1] == ["10.0.0.7"]
        assert world.archive.captures.nearest("https://new.example/", "2") is captures[0]


def test_an_empty_world_has_only_the_archive() -> None:
    with World(scenes=()) as world:
        assert set(world.web.sites) == {"web.archive.example", "archive.example"}


def test_a_world_leaves_nothing() -> None:
    with World(now=datetime.now(UTC)) as world:
        folder: Path = world.ca_file.parent
        assert folder.is_dir()
    assert not folder.exists()
