"""What pages need to be shown, over real sockets: fetched politely, stored once, told when missing, exported along, whole after a kill."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from citekeeper import pipeline, warc
from citekeeper.config import configure
from citekeeper.demo import Pause, Site, Step, World, answer, html
from citekeeper.demo.wire import Request
from citekeeper.model import Audit, Completeness, PageRequisites
from citekeeper.network import SystemClock

PROSE = "The ferry leaves the old harbour at nine, as it has for ninety years, and comes back with the evening tide. " * 4
PAGE = f"""<html><head><title>The ferry</title><link rel=stylesheet href=/css/site.css><link rel=icon href=/icon.png>
<script src=/site.js></script></head><body><h1>The ferry</h1><p>{PROSE}</p>
<img src=/small.png srcset="/small.png 1x, /large.png 2x"><img src=http://cdn.example/logo.png><img data-src=/lazy.png>
<iframe src=/frame.html></iframe><img src=/gone.png><img src=/private/no.png><img src=http://10.1.2.3/inner.png>
<img src=/moved.png><video src=/film.mp4 poster=/still.png></video></body></html>"""


def png(width: int, color: tuple[int, int, int]) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes(color) * width) * 4
    head = struct.pack(">IIBBBBB", width, 4, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


Files = dict[str, tuple[str, bytes]]
FILES: Files = {
    "/story": ("text/html", PAGE.encode()),
    "/other": ("text/html", PAGE.replace("The ferry", "The other ferry").encode()),
    "/css/site.css": ("text/css", b"@import 'type.css'; h1 { color: rgb(0, 136, 0); background: url(/back.png) }"),
    "/css/type.css": ("text/css", b"@font-face { font-family: x; src: url(x.woff2) }"),
    "/css/x.woff2": ("font/woff2", b"wOF2 is no font, but as good as one here"),
    "/site.js": ("text/javascript", b"document.documentElement.dataset.ran = 'yes'"),
    "/frame.html": ("text/html", b"<img src=/framed.png><iframe src=/frame.html></iframe>"),
    "/robots.txt": ("text/plain", b"User-agent: *\nDisallow: /private/\n"),
    **{f"/{name}.png": ("image/png", png(width, (width, 2, 3))) for width, name in enumerate(
        ["small", "large", "lazy", "icon", "back", "framed", "still", "logo"], 8)},
}  # fmt: skip
WANTED = {"/css/site.css", "/css/type.css", "/css/x.woff2", "/site.js", "/frame.html", "/framed.png", "/still.png", "/icon.png",
          "/back.png", "/small.png", "/large.png", "/lazy.png"}  # fmt: skip


def site_of(files: Files) -> Site:
    def site(request: Request) -> list[Step]:
        if request.path == "/moved.png":
            return [answer(302, "Found", {"Location": "http://10.1.2.3/inner.png"})]
        kind, body = files.get(request.path, ("", b""))
        return [answer(200, "OK", {"Content-Type": kind}, body)] if kind else [html(404, "Not Found", b"<h1>Not found</h1>")]

    return site


def sites(files: Files = FILES) -> dict[str, Site]:
    return {"a.example": site_of(files), "cdn.example": site_of(files)}


@pytest.fixture
def world() -> Iterator[World]:
    with World(scenes=(), sites=sites()) as opened:
        yield opened


def capture(world: World, folder: Path, *urls: str, **more: object) -> Audit:
    told = {**world.settings_overrides(), "archive": str(folder), "requisites": True, "probe": False, **more}
    return pipeline.capture(urls or ("http://a.example/story",), configure(told, {}, isolated=True).settings)


def completeness(audit: Audit) -> Completeness:
    found = audit.findings[0].completeness
    assert found is not None
    return found


def asked(world: World) -> list[str]:
    return [request.url for request in world.web.log]


def pages(folder: Path) -> list[PageRequisites]:
    return [page for path in sorted(folder.glob("*.warc.gz")) for page in warc.read_page_requisites(path)]


def check(folder: Path, pattern: str = "*.warc.gz") -> str:
    """What the conformance checker beside the data says of all captures together; nothing when there is none or it is content."""
    data = os.environ.get("CITEKEEPER_DATA")
    if not data:
        return ""
    command = [sys.executable, str(Path(data).parent / "tools" / "check_warc.py"), "--strict", *map(str, folder.glob(pattern))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def is_sound(path: Path) -> bool:
    verified = warc.verify(path, now=SystemClock().now())
    assert verified.problems == ()
    return verified.is_sound


def test_all_that_a_page_needs_is_stored_and_what_is_missing_is_told_with_its_reason(world: World, tmp_path: Path) -> None:
    found = completeness(capture(world, tmp_path))
    assert {url.removeprefix("http://a.example") for url in asked(world)} >= WANTED
    assert "http://cdn.example/logo.png" in asked(world)
    missing = {each.url: each.reason for each in found.examples}
    assert missing == {
        "http://a.example/gone.png": "http 404",
        "http://a.example/private/no.png": "robots",
        "http://10.1.2.3/inner.png": "forbidden-address",
        "http://a.example/moved.png": "forbidden-address",
        "http://a.example/film.mp4": "media",
    }
    assert (found.stored, found.missing) == (len(WANTED) + 1, len(missing))
    assert "http://a.example/private/no.png" not in asked(world)
    assert is_sound(tmp_path)
    assert check(tmp_path) == ""


def test_the_record_of_a_page_names_every_need_its_record_and_its_way(world: World, tmp_path: Path) -> None:
    audit = capture(world, tmp_path)
    (page,) = pages(tmp_path)
    finding = audit.findings[0]
    assert finding.capture is not None
    assert page.record == finding.capture.record_id
    assert finding.observation is not None
    assert page.visit == finding.observation.visit_id
    assert page.summary == finding.completeness
    ways = {each.need.url.rpartition("/")[2]: (each.hops, each.need.context) for each in page.requisites}
    assert ways["site.css"] == ("E", "link/@href")
    assert ways["type.css"] == ("EE", "css/@import")
    assert ways["x.woff2"] == ("EEE", "css/@font-face")
    assert ways["framed.png"] == ("EE", "img/@src")
    assert ways["lazy.png"] == ("X", "img/@data-src")
    stored = {capture.record_id for path in tmp_path.glob("*.warc.gz") for read in warc.read_visits(path) for capture in read.captures}
    assert {each.record for each in page.requisites if not each.missing} <= stored


def test_each_address_is_asked_for_once_in_a_run_however_many_pages_need_it(world: World, tmp_path: Path) -> None:
    audit = capture(world, tmp_path, "http://a.example/story", "http://a.example/other", "http://a.example/small.png")
    assert len(asked(world)) == len(set(asked(world)))
    one, other, picture = audit.findings
    assert one.completeness == other.completeness
    assert picture.completeness is None
    assert len(pages(tmp_path)) == 2


def test_a_later_run_stores_the_same_payloads_as_revisits(world: World, tmp_path: Path) -> None:
    capture(world, tmp_path)
    (before,) = tmp_path.glob("*.warc.gz")
    capture(world, tmp_path)
    (after,) = set(tmp_path.glob("*.warc.gz")) - {before}
    seen = [capture for read in warc.read_visits(after) for capture in read.captures if capture.payload_digest]
    assert len(seen) > len(WANTED)
    assert all(capture.revisit for capture in seen if capture.payload_digest != EMPTY)
    assert is_sound(tmp_path)
    assert check(tmp_path) == ""


EMPTY = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"


def test_requests_to_one_host_keep_their_pause_and_never_overlap(world: World, tmp_path: Path) -> None:
    capture(world, tmp_path)
    requests = world.web.log.of("a.example")
    assert len(requests) > len(WANTED)
    assert max(request.active for request in requests) == 1
    # Twenty milliseconds between any two; only their sum, because arrivals jitter.
    assert requests[-1].at - requests[0].at > 0.8 * 0.02 * (len(requests) - 1)


@pytest.mark.parametrize(
    ("cap", "value", "reason"),
    [
        ("max_requisites", 3, "too many"),
        ("max_requisite_bytes", 1, "too many bytes"),
        ("max_requisite_depth", 1, "too deep"),
        ("max_requisite_time", 0, "no time left"),
    ],
)
def test_each_cap_ends_what_is_asked_for_a_page_and_is_told(world: World, tmp_path: Path, cap: str, value: int, reason: str) -> None:
    found = completeness(capture(world, tmp_path, **{cap: value}))
    assert dict(found.reasons)[reason] > 0
    # Two hosts are asked at once, so that one more may come before the other's answer is in.
    most = {"max_requisites": 3, "max_requisite_bytes": 2, "max_requisite_depth": len(WANTED) + 1, "max_requisite_time": 0}[cap]
    wanted = [url for url in asked(world) if not url.endswith(("/story", "/robots.txt"))]
    assert len(wanted) <= most
    assert is_sound(tmp_path)


def test_a_page_seen_a_moment_ago_gets_what_it_needs_without_being_visited_again(world: World, tmp_path: Path) -> None:
    def audit(**more: object) -> Audit:
        told = {**world.settings_overrides(), "archive": str(tmp_path), "archives.use": (), "probe": False, **more}
        return pipeline.audit_text("See http://a.example/story for more.", "a.txt", configure(told, {}, isolated=True).settings)

    assert audit().findings[0].completeness is None
    found = completeness(audit(requisites=True))
    assert found.stored == len(WANTED) + 1
    assert asked(world).count("http://a.example/story") == 1
    # Once they are known, they are told without being asked for.
    before = len(asked(world))
    assert completeness(audit()) == found
    assert completeness(audit(requisites=True)) == found
    assert len(asked(world)) == before


def test_captures_tell_how_complete_they_are_also_when_the_ledger_is_lost(world: World, tmp_path: Path) -> None:
    found = completeness(capture(world, tmp_path))
    for path in tmp_path.glob("ledger.sqlite3*"):
        path.unlink()
    told = {**world.settings_overrides(), "archive": str(tmp_path), "archives.use": (), "probe": False, "requisites": True}
    before = len(asked(world))
    again = pipeline.audit_text("See http://a.example/story for more.", "a.txt", configure(told, {}, isolated=True).settings)
    assert completeness(again) == found
    assert len(asked(world)) == before


def test_headers_for_all_hosts_never_go_where_a_page_points(world: World, tmp_path: Path) -> None:
    capture(world, tmp_path, **{"network.headers": ("X-Everywhere: one",), "network.host_headers": ("cdn.example X-Here: two",)})
    got = {request.url: (request.header("x-everywhere"), request.header("x-here")) for request in world.web.log}
    assert got["http://a.example/story"] == ("one", None)
    assert got["http://a.example/small.png"] == (None, None)
    assert got["http://cdn.example/logo.png"] == (None, "two")


def test_nothing_is_gathered_unless_it_is_wished(world: World, tmp_path: Path) -> None:
    audit = capture(world, tmp_path, requisites=False)
    assert audit.findings[0].completeness is None
    assert asked(world) == ["http://a.example/story"]


def test_the_report_tells_how_complete_a_capture_is(world: World, tmp_path: Path) -> None:
    from citekeeper import reports

    audit = capture(world, tmp_path)
    (reference,) = json.loads(reports.render(audit, "json"))["documents"][0]["references"]
    assert reference["completeness"]["stored"] == len(WANTED) + 1
    assert reference["completeness"]["reasons"]["http 404"] == 1
    for format in ("html", "terminal"):
        assert "13 stored, 5 missing" in reports.render(audit, format)


# ── exports ───────────────────────────────────────────────────────────────────────────────────


def exported(folder: Path, name: str, wanted: warc.Wanted) -> Path:
    at = datetime(2026, 11, 28, 12, tzinfo=UTC)
    target = folder.parent / ("again" if name.startswith("again") else "once") / name.removeprefix("again-")
    target.parent.mkdir(exist_ok=True)
    warc.export(warc.Order(folder, target, wanted, at, "citekeeper/0 (test)", "Test", lambda visit: {}))
    return target


def is_same(one: Path, other: Path) -> bool:
    return one.name == other.name and one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("name", ["x.wacz", "x.warc.gz"])
@pytest.mark.parametrize("by", ["visit", "address"])
def test_an_export_of_a_page_takes_along_what_it_needs(world: World, tmp_path: Path, name: str, by: str) -> None:
    from citekeeper.surt import surt

    folder = tmp_path / "archive"
    audit = capture(world, folder, "http://a.example/story", "http://a.example/other")
    capture(world, folder, "http://cdn.example/small.png", requisites=False)
    other = audit.findings[1].observation
    assert other is not None
    by_visit = warc.Wanted(frozenset({other.visit_id}))
    made = exported(folder, name, by_visit if by == "visit" else warc.Wanted(keys=frozenset({surt("http://a.example/other")})))
    assert is_sound(made)
    lines = exported_urls(made)
    assert {url.removeprefix("http://a.example") for url in lines} >= WANTED | {"/other"}
    assert "http://cdn.example/logo.png" in lines
    assert "http://a.example/story" not in lines
    assert "http://cdn.example/small.png" not in lines
    again = exported(folder, f"again-{name}", by_visit) if by == "visit" else None
    assert again is None or is_same(made, again)
    assert check(made.parent, made.name) == ""


def exported_urls(made: Path) -> set[str]:
    import zipfile

    if made.suffix == ".wacz":
        with zipfile.ZipFile(made) as package:
            text = package.read("indexes/index.cdx").decode()
            listed = [json.loads(line) for line in package.read("pages/pages.jsonl").decode().splitlines()[1:]]
        assert [page["url"] for page in listed] == ["http://a.example/other"]
    else:
        text = made.with_name(made.name.removesuffix(".warc.gz") + ".cdxj").read_text("utf-8")
    return {json.loads(line.split(" ", 2)[2])["url"] for line in text.splitlines()}


# ── killed runs ───────────────────────────────────────────────────────────────────────────────


def test_a_run_killed_while_it_gathers_goes_on_without_asking_for_anything_stored_again(tmp_path: Path) -> None:
    def slowly(site: Site) -> Callable[[Request], list[Step]]:
        return lambda request: [Pause(0.05), *site(request)]

    article, folder, config = tmp_path / "article.txt", tmp_path / "archive", tmp_path / "citekeeper.toml"
    article.write_text("[1] http://a.example/story\n[2] http://a.example/other\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "citekeeper",
        "audit",
        "-c",
        str(config),
        "--archive",
        str(folder),
        "--requisites",
        "-f",
        "json",
        str(article),
    ]
    environment = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    with World(scenes=(), sites={host: slowly(site) for host, site in sites().items()}) as world:
        config.write_text(world.config_toml(), encoding="utf-8")
        stored: set[str] = set()
        again: list[str] = []
        for moment in (4, 9):
            seen = len(world.web.log)
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
            while len(world.web.log) < seen + moment and process.poll() is None:
                pass
            process.kill()
            process.wait()
            again += [url for url in asked(world)[seen:] if url in stored]
            stored = {read.visit.target for path in folder.glob("*.warc.gz*") if path.suffix != ".sha256" for read in whole_visits(path)}
        seen = len(world.web.log)
        done = subprocess.run(command, capture_output=True, check=True, env=environment)
        again += [url for url in asked(world)[seen:] if url in stored]
    assert again == []
    for reference in json.loads(done.stdout)["documents"][0]["references"]:
        assert reference["completeness"]["stored"] == len(WANTED) + 1
    assert is_sound(folder)
    assert check(folder) == ""


def whole_visits(path: Path) -> Iterator[warc.StoredVisit]:
    from citekeeper.errors import StorageError

    try:
        yield from warc.read_visits(path)
    except StorageError:
        assert path.suffix == ".open"


# ── captures that are not as they were received ───────────────────────────────────────────────


def test_a_disk_that_keeps_other_bytes_than_it_was_given_is_told_in_the_report(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write

    def forgetful(descriptor: int, data: memoryview) -> int:
        kept = bytearray(data)
        if kept[:2] == b"\x1f\x8b":
            # Some way into the second member, the page: the first is the warcinfo.
            kept[kept.index(b"\x1f\x8b\x08", 10) + 150] ^= 1
        return write(descriptor, kept)

    monkeypatch.setattr(os, "write", forgetful)
    audit = capture(world, tmp_path, requisites=False)
    monkeypatch.undo()
    (problem,) = audit.problems
    assert problem.source == "http://a.example/story"
    assert problem.message.startswith("its capture cannot be read at byte")
    assert "check the disk" in problem.hint
