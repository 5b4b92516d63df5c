"""What vouches for an export: a page about its provenance, a signature over the sums, time stamps over the signature; all detached."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from citekeeper.errors import StorageError
from citekeeper.warc.custody import (
    KEY_SUFFIX,
    SET_SUFFIX,
    SIGNATURE_SUFFIX,
    SigningKey,
    ask_for,
    chain_of,
    fingerprint,
    is_answer,
    public_pem,
    read_stamps,
    stamps_of,
)
from citekeeper.warc.export.exporting import Exported, add_sum
from citekeeper.warc.files import write_whole
from citekeeper.warc.sums import sha256_of_file, sums_path, sums_text

PROVENANCE = ".provenance.html"
Sent = Callable[[str, bytes], Awaitable[bytes]]
"""Sends a request for a time stamp to an address, and gives the answer; raises a CitekeeperError when there is none."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the page says, beside the hashes."""

    at: datetime
    software: str
    title: str
    facts: tuple[tuple[str, str], ...]
    """What else is to be known, in order: settings, vantage, number of records."""


def vouch(exported: Exported, provenance: Provenance, key: SigningKey | None) -> None:
    """Write the provenance page, and sign the sums of page and export when there is a key."""
    target = exported.path
    page = _page(provenance, exported.hashes, fingerprint(key.public) if key else None)
    add_sum(target, target.name + PROVENANCE, page)
    if key:
        sums = sums_path(target)
        write_whole(sums.with_name(sums.name + SIGNATURE_SUFFIX), key.sign(sums.read_bytes()))
        write_whole(sums.with_name(sums.name + KEY_SUFFIX), public_pem(key.public))
    _write_set(target)


async def stamp(target: Path, authorities: tuple[str, ...], send: Sent) -> None:
    """Have the signature (or the sums, when there is none) stamped by each authority; request, answer and certificates are kept.

    Raises StorageError when an authority sends something else than a time stamp of it.
    """
    sums = sums_path(target)
    signature = sums.with_name(sums.name + SIGNATURE_SUFFIX)
    data = (signature if signature.exists() else sums).read_bytes()
    for number, url in enumerate(authorities, 1):
        question = ask_for(data)
        answer = await send(url, question.body())
        if problem := is_answer(question, answer):
            raise StorageError(f"sent no time stamp: {problem}", where=url, hint="the export itself is written; try another authority")
        files = stamps_of(sums, number)
        write_whole(files.request, question.body())
        write_whole(files.chain, chain_of(answer))
        write_whole(files.response, answer)
    _write_set(target)


def _write_set(target: Path) -> None:
    """The sums of all that vouches: some bits of keys, signatures and stamps are under no signature themselves."""
    sums = sums_path(target)
    stamps = [path for each in read_stamps(sums) for path in (each.request, each.response, each.chain)]
    files = [sums, *(sums.with_name(sums.name + suffix) for suffix in (SIGNATURE_SUFFIX, KEY_SUFFIX)), *stamps]
    listed = {path.name: sha256_of_file(path) for path in files if path.exists()}
    if len(listed) > 1:
        write_whole(target.with_name(target.name + SET_SUFFIX), sums_text(listed))


def _page(provenance: Provenance, hashes: Mapping[str, str], key: str | None) -> bytes:
    """One HTML page without scripts, that needs nothing else."""
    facts = [
        ("Written", f"{provenance.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"),
        ("With", provenance.software),
        ("Signed with the key", key or "not signed"),
        *provenance.facts,
    ]
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>\n" for name, value in facts)
    sums = "".join(f"<tr><td>{escape(name)}</td><td><code>{digest}</code></td></tr>\n" for name, digest in hashes.items())
    return _TEMPLATE.format(title=escape(provenance.title), rows=rows, sums=sums).encode("utf-8", "replace")


_TEMPLATE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Provenance: {title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}
th {{ text-align: left; vertical-align: top; padding-right: 1rem; white-space: nowrap; }}
td {{ overflow-wrap: anywhere; }}
</style>
</head>
<body>
<h1>Provenance: {title}</h1>
<p>This page says who made the capture files beside it, when, and how. The SHA-256 of each file shows whether it changed since;
the signature, where there is one, shows that the holder of the key vouches for these sums;
a time stamp shows that they existed at its time.
None of them shows that a web server sent the same to everyone.</p>
<table>
{rows}</table>
<h2>SHA-256 of every file</h2>
<table>
{sums}</table>
<p>To check: <code>citekeeper verify FILE</code>, or <code>sha256sum -c FILE.sha256</code> and
<code>openssl dgst -sha256 -verify FILE.sha256.pub -signature FILE.sha256.sig FILE.sha256</code>.</p>
</body>
</html>
"""
