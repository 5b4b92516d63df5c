"""Time stamps: asked for, kept, verified offline by the library and by openssl, and refused when anything was changed."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from test_warc_verification import NOW, answer, codes
from timestamp_authority import Authority, make_authority
from warc_kit import visit, writer_in

from citekeeper.cli import main
from citekeeper.errors import StorageError
from citekeeper.warc import Answer, Aspect, Order, Provenance, Severity, Trust, Verification, Wanted, export, own_key, stamp, verify, vouch

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl program for an authority of its own")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority") / "one")


@pytest.fixture(scope="module")
def chained(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority") / "chained", with_chain=True)


def stamped(folder: Path, *authorities: Authority, signed: bool = True) -> Path:
    with writer_in(folder / "archive") as writer:
        writer.store(visit())
    (folder / "out").mkdir()
    key = own_key(folder / "key") if signed else None
    order = Order(folder / "archive", folder / "out" / "x.wacz", Wanted(), NOW, "citekeeper/0.0", "Test", lambda _: {}, key=key)
    vouch(export(order), Provenance(NOW, "citekeeper/0.0", "Test", ()), key)

    async def send(url: str, body: bytes) -> bytes:
        return authorities[int(url)].answer(body)

    asyncio.run(stamp(order.target, tuple(str(number) for number in range(len(authorities))), send))
    return order.target


def judged(path: Path, *trusted: Authority) -> Verification:
    return verify(path, now=NOW, trust=Trust(authorities=tuple(each.root for each in trusted)))


@pytest.mark.parametrize("signed", [True, False])
def test_a_stamp_holds_and_is_trusted_by_who_trusts_its_authority(tmp_path: Path, authority: Authority, *, signed: bool) -> None:
    path = stamped(tmp_path, authority, signed=signed)
    found = judged(path, authority)
    assert answer(found, Aspect.TIMESTAMP) is Answer.GOOD
    assert "CN=Example Authority" in next(each.words for each in found.judged if each.aspect is Aspect.TIMESTAMP)
    assert codes(found) == ({"key-unknown"} if signed else set())
    assert "authority-unknown" in codes(judged(path), Severity.WARNING)
    assert judged(path).is_sound


def test_a_stamp_of_somebody_else_holds_but_is_not_trusted(tmp_path: Path, authority: Authority, chained: Authority) -> None:
    found = judged(stamped(tmp_path, authority), chained)
    assert answer(found, Aspect.TIMESTAMP) is Answer.GOOD
    assert answer(found, Aspect.TRUST) is Answer.BROKEN
    assert "authority-other" in codes(found)


def test_several_authorities_are_judged_each_also_one_whose_certificates_are_unsorted(
    tmp_path: Path, authority: Authority, chained: Authority
) -> None:
    path = stamped(tmp_path, authority, chained)
    assert codes(judged(path, authority, chained)) == {"key-unknown"}
    assert codes(judged(path)) == {"key-unknown", "authority-unknown"}


def test_what_was_changed_under_a_stamp_is_found(tmp_path: Path, authority: Authority, chained: Authority) -> None:
    path = stamped(tmp_path, authority, chained)
    beside = path.parent
    # Without the sums of the set, the stamps have to notice by themselves.
    (beside / "x.wacz.evidence.sha256").unlink()
    signature = beside / "x.wacz.sha256.sig"
    kept = signature.read_bytes()
    signature.write_bytes(own_key(tmp_path / "key").sign(b"something else"))
    assert {"timestamp-wrong", "signature-wrong"} <= codes(judged(path, authority, chained), Severity.ERROR)
    signature.write_bytes(kept)
    token = beside / "x.wacz.sha256.1.tsr"
    data = token.read_bytes()
    token.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert answer(judged(path, authority, chained), Aspect.TIMESTAMP) is Answer.BROKEN
    token.write_bytes(data[:100])
    assert "timestamp-form" in codes(judged(path, authority, chained), Severity.ERROR)


def test_one_flipped_bit_in_anything_that_vouches_is_found(tmp_path: Path, authority: Authority) -> None:
    path = stamped(tmp_path, authority)
    for beside in sorted(path.parent.glob("x.wacz.*")):
        data = beside.read_bytes()
        for at in range(0, len(data), max(1, len(data) // 5)):
            beside.write_bytes(data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :])
            assert not judged(path, authority).is_sound, f"{beside.name} byte {at}"
        beside.write_bytes(data)
    assert judged(path, authority).is_sound


def test_an_answer_that_is_no_stamp_ends_with_one_line(tmp_path: Path, authority: Authority) -> None:
    path = stamped(tmp_path, authority)

    async def nonsense(url: str, body: bytes) -> bytes:
        return b"<html>moved</html>"

    async def another(url: str, body: bytes) -> bytes:
        return (path.parent / "x.wacz.sha256.1.tsr").read_bytes()

    for send, said in ((nonsense, "no time stamp"), (another, "answers another question")):
        with pytest.raises(StorageError, match=said):
            asyncio.run(stamp(path, ("http://tsa.example/",), send))


def test_the_command_line_asks_an_authority_over_the_door(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with writer_in(tmp_path / "archive") as writer:
        writer.store(visit())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("CITEKEEPER_NETWORK_ALLOW_PRIVATE", "true")
    wishes = ["--since", "2020-01-01", "--sign", "--proxy", "none", "--archive", "archive"]
    with authority.served() as url:
        assert main(["export", "-o", "x.wacz", *wishes, "--timestamp", url, "--timestamp", url]) == 0
    assert main(["verify", "x.wacz", "--ca", str(authority.root)]) == 0
    out = capsys.readouterr().out
    assert "by CN=Example Authority" in out
    assert "warning" not in out
    assert (tmp_path / "x.wacz.sha256.2.tsr").exists()
    assert main(["export", "-o", "y.wacz", *wishes, "--timestamp", "http://127.0.0.1:9/"]) == 2
    assert "sent no time stamp" in capsys.readouterr().err
