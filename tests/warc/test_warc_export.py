"""Exports: whole visits as WARC or WACZ, the same bytes for the same input, vouched for, and taken in elsewhere."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import subprocess
import sys
import tracemalloc
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from test_warc_memento import COPY
from test_warc_memento import copy_of as copied
from test_warc_verification import NOW, answer, codes, copy_of, split_members
from warc_kit import NOON, TLS, exchange, finished, judge, refused, response, visit, writer_in

from citekeeper.errors import InputError
from citekeeper.surt import surt
from citekeeper.warc import (
    Addition,
    Answer,
    Aspect,
    Earlier,
    Exported,
    Order,
    Provenance,
    SigningKey,
    Trust,
    Verification,
    Wanted,
    export,
    own_key,
    read_visits,
    take_in,
    verify,
    vouch,
)
from citekeeper.warc.custody import fingerprint

A, B, C = (f"{number:032x}" for number in (1, 2, 3))
PAGE = response(b"<h1>Kept</h1>")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two files: the second holds a revisit of what is in the first."""
    folder = tmp_path_factory.mktemp("archive")
    with writer_in(folder) as writer:
        writer.store(replace(visit(exchange("https://a.example/one", PAGE, tls=TLS)), id=A))
        moved = exchange("http://b.example/", response(b"", "Location: /two", status="302 Found"))
        writer.store(replace(visit(moved, exchange("http://b.example/two", response(b"two"))), id=B))
    digest = next(each.captures[0].payload_digest for each in read_visits(finished(folder)))
    record = next(each.captures[0].record_id for each in read_visits(finished(folder)))

    def earlier(asked: str) -> Earlier | None:
        return Earlier(record, "https://a.example/one", NOON) if asked == digest else None

    later = NOON + timedelta(hours=1)
    with writer_in(folder, space=9, earlier=earlier) as writer:
        writer.store(replace(visit(exchange("http://c.example/three", PAGE, started=later)), id=C))
        writer.store(replace(refused(), id=f"{4:032x}"))
    return folder


def order(folder: Path, target: Path, wanted: Wanted | None = None, key: SigningKey | None = None, **more: Any) -> Order:
    def facts(visit_id: str) -> Mapping[str, Any]:
        return {"title": "A title"} if visit_id == A else {}

    return Order(folder, target, wanted or Wanted(), NOW, "citekeeper/0.0", "Test", facts, key=key, **more)


def visits_in(path: Path) -> set[str]:
    return {each.visit.id for each in read_visits(path)}


def verified(path: Path, trust: Trust | None = None) -> Verification:
    return verify(path, now=NOW, trust=trust)


def vouched(exported: Exported, key: SigningKey | None = None) -> Exported:
    vouch(exported, Provenance(NOW, "citekeeper/0.0", "Test & <proof>", (("Visited as", "a test"),)), key)
    return exported


# ── what is taken ─────────────────────────────────────────────────────────────────────────────


def test_an_export_is_sound_and_holds_every_visit(archive: Path, tmp_path: Path) -> None:
    done = export(order(archive, tmp_path / "x.warc.gz"))
    assert visits_in(done.path) == visits_in_folder(archive)
    assert verified(done.path).problems == ()
    assert (done.pages, verified(done.path).records) == (3, done.records)
    assert judge(done.path) == ""


def visits_in_folder(folder: Path) -> set[str]:
    return {each for path in folder.glob("*.warc.gz") for each in visits_in(path)}


def test_a_visit_takes_along_what_it_refers_to_in_other_files(archive: Path, tmp_path: Path) -> None:
    done = export(order(archive, tmp_path / "x.wacz", Wanted(visits=frozenset({C}))))
    found = verified(done.path)
    assert codes(found) == set()
    with zipfile.ZipFile(done.path) as package:
        data = gzip.decompress(package.read("archive/data.warc.gz"))
    assert b"<h1>Kept</h1>" in data
    assert b"c.example/three" in data
    assert b"b.example" not in data
    assert judge(done.path) == ""


def test_archived_copies_go_along_with_the_visits_they_belong_to(tmp_path: Path) -> None:
    copy = copied()
    with writer_in(tmp_path / "archive") as writer:
        writer.store(replace(visit(exchange("https://one.example/", tls=TLS)), id=A))
        writer.store_memento(COPY, [replace(copy, fetched=replace(copy.fetched, tls=TLS))])
        writer.store(replace(visit(exchange("https://two.example/", response(b"two"), tls=TLS)), id=B))
    mementos = frozenset({COPY.url})
    for number, (wanted, urls) in enumerate(
        [
            (Wanted(frozenset({A})), {"https://one.example/"}),
            # The certificate chain of the second came with the first, which therefore goes along.
            (Wanted(frozenset({B})), {"https://one.example/", "https://two.example/"}),
            (Wanted(frozenset({A}), mementos), {"https://one.example/", COPY.original}),
            (Wanted(keys=frozenset({surt(COPY.original)})), {COPY.original}),
            (Wanted(), {"https://one.example/", "https://two.example/", COPY.original}),
        ]
    ):
        done = export(order(tmp_path / "archive", tmp_path / f"{number}.wacz", wanted))
        assert codes(verified(done.path)) == set()
        with zipfile.ZipFile(done.path) as package:
            named = [json.loads(line.split(b" ", 2)[2])["url"] for line in package.read("indexes/index.cdx").splitlines()]
        assert {url for url in named if "citekeeper:certificates" not in url and "web.archive" not in url} == urls


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Wanted(keys=frozenset({surt("http://www.b.example/two")})), {B}),
        (Wanted(since=NOON + timedelta(minutes=1)), {C}),
        (Wanted(until=NOON + timedelta(minutes=1)), {A, B, f"{4:032x}"}),
        (Wanted(visits=frozenset({A, C}), until=NOON + timedelta(minutes=1)), {A}),
    ],
)
def test_visits_are_chosen_by_address_and_date(archive: Path, tmp_path: Path, wanted: Wanted, ids: set[str]) -> None:
    assert visits_in(export(order(archive, tmp_path / "x.warc.gz", wanted)).path) == ids


def test_records_are_the_very_bytes_that_were_captured(archive: Path, tmp_path: Path) -> None:
    done = export(order(archive, tmp_path / "x.warc.gz"))
    before = [gzip.decompress(each) for path in sorted(archive.glob("*.warc.gz")) for each in split_members(path.read_bytes())]
    assert [gzip.decompress(each) for each in split_members(done.path.read_bytes())[1:]] == before


def test_nothing_wanted_is_said_and_nothing_is_written(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing of what is wanted"):
        export(order(archive, tmp_path / "x.wacz", Wanted(visits=frozenset({"none"}))))
    assert list(tmp_path.iterdir()) == []


def test_an_export_is_never_overwritten(archive: Path, tmp_path: Path) -> None:
    done = export(order(archive, tmp_path / "x.wacz"))
    with pytest.raises(InputError, match="there already"):
        export(order(archive, tmp_path / "x.wacz"))
    assert verified(done.path).is_sound


# ── the package ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["x.warc.gz", "x.wacz"])
def test_the_same_input_and_clock_make_the_same_bytes(archive: Path, tmp_path: Path, name: str) -> None:
    key = own_key(tmp_path / "key")
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        vouched(export(order(archive, tmp_path / folder / name, key=key)), key)
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()} for folder in ("one", "two"))
    assert one == two
    assert len(one) >= 6


def test_a_package_describes_everything_in_it(archive: Path, tmp_path: Path) -> None:
    done = export(order(archive, tmp_path / "x.wacz", additions=(Addition("documents/1-article.txt", b"See [1]."),)))
    with zipfile.ZipFile(done.path) as package:
        assert package.testzip() is None
        description = json.loads(package.read("datapackage.json"))
        pages = [json.loads(line) for line in package.read("pages/pages.jsonl").splitlines()]
        assert package.read("documents/1-article.txt") == b"See [1]."
        assert all(each.compress_type == zipfile.ZIP_STORED for each in package.infolist())
    assert description["wacz_version"] == "1.1.1"
    assert description["mainPageUrl"] == "https://a.example/one"
    assert {each["path"] for each in description["resources"]} == set(done_paths(done)) - {"datapackage.json", "datapackage-digest.json"}
    assert [page["url"] for page in pages[1:]] == ["https://a.example/one", "http://b.example/two", "http://c.example/three"]
    assert pages[1]["title"] == "A title"
    assert pages[1]["ts"] == "2026-01-02T12:00:00Z"


def done_paths(done: Exported) -> list[str]:
    with zipfile.ZipFile(done.path) as package:
        return package.namelist()


@pytest.mark.skipif(importlib.util.find_spec("wacz") is None, reason="needs the wacz judge: pip install wacz")
def test_the_judge_of_packages_finds_it_valid(archive: Path, tmp_path: Path) -> None:
    key = own_key(tmp_path / "key")
    done = export(order(archive, tmp_path / "x.wacz", key=key))
    code = "import sys; from wacz.main import main; sys.exit(main())"
    told = subprocess.run([sys.executable, "-c", code, "validate", "-f", str(done.path)], capture_output=True, text=True, check=False)
    assert "is valid" in told.stdout, told.stdout + told.stderr


def test_a_large_export_takes_little_memory(tmp_path: Path) -> None:
    with writer_in(tmp_path / "archive") as writer:
        for number in range(300):
            body = response(f"<p>page {number}</p>".encode())
            writer.store(replace(visit(exchange(f"http://a.example/{number}", body)), id=f"{number:032x}"))
    tracemalloc.start()
    done = export(order(tmp_path / "archive", tmp_path / "x.wacz"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert done.records == 300 * 3 + 2
    # One record and one piece of file at a time; the places of records and a run of index lines beside it.
    assert peak < 12_000_000


# ── what vouches for it ───────────────────────────────────────────────────────────────────────


def test_a_signed_export_is_trusted_by_who_trusts_its_key(archive: Path, tmp_path: Path) -> None:
    key = own_key(tmp_path / "key")
    done = vouched(export(order(archive, tmp_path / "x.wacz", key=key)), key)
    mine = verified(done.path, Trust(keys=(fingerprint(key.public),)))
    assert mine.problems == ()
    assert (answer(mine, Aspect.SIGNATURE), answer(mine, Aspect.TRUST)) == (Answer.GOOD, Answer.GOOD)
    nobody = verified(done.path)
    assert nobody.is_sound
    assert codes(nobody) == {"key-unknown"}
    other = verified(done.path, Trust(keys=("sha256:00",)))
    assert (answer(other, Aspect.SIGNATURE), answer(other, Aspect.TRUST)) == (Answer.GOOD, Answer.BROKEN)
    page = (tmp_path / "x.wacz.provenance.html").read_text(encoding="utf-8")
    assert "Test &amp; &lt;proof&gt;" in page
    assert fingerprint(key.public) in page
    assert all(digest in page for digest in done.hashes.values())


def test_openssl_verifies_the_signature_too(archive: Path, tmp_path: Path) -> None:
    key = own_key(tmp_path / "key")
    vouched(export(order(archive, tmp_path / "x.wacz", key=key)), key)
    command = ["openssl", "dgst", "-sha256", "-verify", "x.wacz.sha256.pub", "-signature", "x.wacz.sha256.sig", "x.wacz.sha256"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    assert subprocess.run(["sha256sum", "-c", "x.wacz.sha256"], cwd=tmp_path, capture_output=True, check=False).returncode == 0


def test_the_key_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    assert fingerprint(own_key(tmp_path / "a").public) == fingerprint(own_key(tmp_path / "a").public)
    assert fingerprint(own_key(tmp_path / "a").public) != fingerprint(own_key(tmp_path / "b").public)
    assert next((tmp_path / "a").iterdir()).stat().st_mode & 0o077 == 0


def test_one_flipped_bit_anywhere_in_a_signed_package_is_found(archive: Path, tmp_path: Path) -> None:
    key = own_key(tmp_path / "key")
    folder = tmp_path / "out"
    folder.mkdir()
    done = vouched(export(order(archive, folder / "x.wacz", key=key)), key)
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        for at in range(0, len(data), max(1, len(data) // 20)):
            path.write_bytes(data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :])
            assert not verified(done.path).is_sound, f"{path.name} byte {at}"
        path.write_bytes(data)
    assert verified(done.path).is_sound


def test_one_flipped_bit_anywhere_in_a_package_alone_is_found(archive: Path, tmp_path: Path) -> None:
    data = export(order(archive, tmp_path / "x.wacz", Wanted(visits=frozenset({A})))).path.read_bytes()
    alone = tmp_path / "alone.wacz"
    directory = data.rindex(b"PK\x01\x02")
    headers = [at for at in range(len(data)) if data[at : at + 4] == b"PK\x03\x04"]
    places = {*range(0, len(data), 97), *range(headers[1], headers[1] + 50), *range(directory, len(data))}
    for at in sorted(places):
        alone.write_bytes(data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :])
        assert not verified(alone).is_sound, f"byte {at} of {len(data)}"


@pytest.mark.parametrize(("name", "step"), [("x.wacz", 7), ("x.warc.gz", 1)])
def test_an_export_clipped_at_any_byte_is_not_sound(tmp_path: Path, name: str, step: int) -> None:
    with writer_in(tmp_path / "archive") as writer:
        writer.store(replace(refused(), id=A))
    done = export(order(tmp_path / "archive", tmp_path / name))
    data = done.path.read_bytes()
    # A package is a row of small files; what matters is where one ends and the next begins.
    seams = {at + near for at in range(len(data)) if data[at : at + 2] == b"PK" for near in range(-2, 5)}
    for at in sorted({*range(0, len(data), step), *seams} - {len(data)}):
        done.path.write_bytes(data[: max(0, at)])
        assert not verified(done.path).is_sound, f"clipped at {at}"


@pytest.mark.parametrize(
    ("name", "code"), [("../../etc/x", "zip-name"), ("/etc/x", "zip-name"), ("a\\b", "zip-name"), ("datapackage.json", "zip-name")]
)
def test_names_that_lead_out_of_a_package_are_refused(archive: Path, tmp_path: Path, name: str, code: str) -> None:
    done = export(order(archive, tmp_path / "x.wacz"))
    with zipfile.ZipFile(done.path, "a") as package, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of a second entry of one name
        package.writestr(name, b"x")
    assert code in codes(verified(done.path))


# ── taking in ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["x.warc.gz", "x.wacz"])
def test_an_export_is_taken_into_another_archive_folder(archive: Path, tmp_path: Path, name: str) -> None:
    done = export(order(archive, tmp_path / name))
    folder = tmp_path / "other"
    for _ in range(2):
        (taken,) = take_in(done.path, verified(done.path), folder)
    assert visits_in(folder / taken.name) == visits_in_folder(archive)
    assert verified(folder).problems == ()
    assert judge(folder / taken.name) == ""
    assert len(list(folder.iterdir())) == 3


def test_captures_of_other_programs_are_taken_in_and_exported_by_address(archive: Path, tmp_path: Path) -> None:
    members = [gzip.decompress(each) for path in sorted(archive.glob("*.warc.gz")) for each in split_members(path.read_bytes())]
    foreign = tmp_path / "their crawl.warc"
    theirs = [each for each in members if not any(own in each for own in (b"citekeeper/", b"citekeeper-visit", b"citekeeper-failure"))]
    foreign.write_bytes(b"".join(theirs))
    (taken,) = take_in(foreign, verified(foreign), tmp_path / "mine")
    assert taken.name == "their-crawl.warc.gz"
    done = export(order(tmp_path / "mine", tmp_path / "x.warc.gz", Wanted(keys=frozenset({surt("http://c.example/three")}))))
    data = gzip.decompress(done.path.read_bytes())
    assert b"<h1>Kept</h1>" in data
    assert b"b.example" not in data


def test_a_screenshot_taken_by_another_program_goes_along_with_its_page(tmp_path: Path) -> None:
    picture = b"\x89PNG as good as one"
    lines = [
        *("WARC/1.1", "WARC-Type: resource", "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-00000000000a>"),
        *("WARC-Date: 2026-01-02T12:00:00Z", "Content-Type: image/png", f"Content-Length: {len(picture)}"),
    ]
    crawl = tmp_path / "crawl.warc"
    with crawl.open("wb") as out:
        for number, url in enumerate(("http://a.example/one", "http://a.example/two")):
            told = [*lines, f"WARC-Target-URI: urn:view:{url}"]
            told[2] = told[2].replace("00a>", f"0{number}b>")
            out.write("\r\n".join([*told, "", ""]).encode() + picture + b"\r\n\r\n")
    take_in(crawl, verified(crawl), tmp_path / "mine")
    done = export(order(tmp_path / "mine", tmp_path / "x.wacz", Wanted(keys=frozenset({surt("http://a.example/one")}))))
    with zipfile.ZipFile(done.path) as package:
        index = package.read("indexes/index.cdx")
    assert b"urn:view:http://a.example/one" in index
    assert b"urn:view:http://a.example/two" not in index
    assert verified(done.path).is_sound


def test_what_is_damaged_is_not_taken_in(archive: Path, tmp_path: Path) -> None:
    copy = copy_of(archive, tmp_path / "copy")
    path = sorted(copy.glob("*.warc.gz"))[0]
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(InputError, match="--repair"):
        take_in(path, verified(path), tmp_path / "mine")
    assert not (tmp_path / "mine").exists()


def test_dates_outside_what_zip_can_say_are_no_obstacle(archive: Path, tmp_path: Path) -> None:
    odd = replace(order(archive, tmp_path / "x.wacz"), at=datetime(1971, 1, 1, tzinfo=NOW.tzinfo))
    assert verified(export(odd).path).is_sound


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, set()),
        ({"offset": 1}, {"index-wrong"}),
        ({"length": 10**9}, {"index-wrong"}),
        ({"digest": "sha256:00"}, {"index-wrong"}),
        ({"filename": "absent.gz"}, {"index-wrong"}),
        ({"offset": "0"}, {"index-wrong"}),
    ],
)
def test_a_compressed_index_is_read_and_its_own_index_is_judged(
    archive: Path, tmp_path: Path, facts: dict[str, Any], said: set[str]
) -> None:
    done = export(order(archive, tmp_path / "x.wacz"))
    with zipfile.ZipFile(done.path) as package, zipfile.ZipFile(tmp_path / "y.wacz", "w") as other:
        for name in package.namelist():
            if name != "indexes/index.cdx":
                other.writestr(name, package.read(name))
        lines = package.read("indexes/index.cdx")
        block = gzip.compress(lines, mtime=0)
        key = b" ".join(lines.split(b" ", 2)[:2])
        told = {"offset": 0, "length": len(block), "digest": f"sha256:{hashlib.sha256(block).hexdigest()}", **facts}
        other.writestr("indexes/index.cdx.gz", block)
        other.writestr("indexes/index.idx", b'!meta 0 {"format": "cdxj-gzip-1.0"}\n' + key + b" " + json.dumps(told).encode() + b"\n")
    found = verified(tmp_path / "y.wacz")
    assert {code for code in codes(found) if code.startswith("index")} == said
