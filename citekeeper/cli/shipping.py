"""`citekeeper export` and `citekeeper import`: arguments to wishes, and one line on what was done."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from citekeeper import pipeline
from citekeeper.cli.output import write_stdout
from citekeeper.errors import UsageError
from citekeeper.settings import Settings


def export(arguments: argparse.Namespace, settings: Settings) -> int:
    """`citekeeper export`: write captures as WARC or WACZ."""
    shipment = pipeline.Shipment(
        target=Path(arguments.output),
        documents=tuple(arguments.document or ()),
        urls=tuple(arguments.url or ()),
        since=_moment(arguments.since, "--since"),
        until=_moment(arguments.until, "--until"),
        sign=arguments.sign or bool(arguments.signing_key),
        key=Path(arguments.signing_key) if arguments.signing_key else None,
        authorities=tuple(arguments.timestamp or ()),
    )
    done = pipeline.export(shipment, settings, environ=os.environ)
    write_stdout(f"{done.path}: {done.records} records, {done.pages} pages, {done.size} bytes\n")
    print(f"Its SHA-256 is in {done.path}.sha256; citekeeper verify {done.path} checks everything.", file=sys.stderr)
    return 0


def take_in(arguments: argparse.Namespace, settings: Settings) -> int:
    """`citekeeper import`: take WARC and WACZ files into the archive folder."""
    taken = pipeline.take_in([Path(each) for each in arguments.paths], settings)
    write_stdout("".join(f"{each.source}: {each.records} captures, as {each.name}\n" for each in taken))
    return 0


def _moment(text: str | None, option: str) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is not a date", where=option, hint="2026-01-31, or 2026-01-31T12:00:00Z") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
