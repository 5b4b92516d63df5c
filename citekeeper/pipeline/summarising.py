"""What `citekeeper report --summary` does: the last audit of each document, and what earlier looks saw, as one summary."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date

from citekeeper import rot
from citekeeper.errors import InputError
from citekeeper.ledger import LastAudit, Ledger
from citekeeper.model import Rot
from citekeeper.pipeline.capturing import SOURCE
from citekeeper.rot import Audited, Cited


def summarise(ledger: Ledger, as_of: date | None, where: str) -> Rot:
    """The summary of all documents; `as_of` is when one that tells no date was written. Raises InputError when none was audited."""
    cited = [each for document in _documents(ledger) for each in _cited(document, as_of)]
    if not cited:
        raise InputError("holds no finished audit of a document with references", where=where, hint="run citekeeper audit SOURCE first")
    earlier = (Audited(_name(each.source), each.finished.date(), each.states) for each in ledger.past.counts() if each.source != SOURCE)
    return rot.summarise(cited, ledger.past.audits(), tuple(earlier))


def _name(source: str) -> str:
    """What a document is called however its path was written."""
    return source if "://" in source else os.path.normpath(source)


def _documents(ledger: Ledger) -> Iterator[LastAudit]:
    """Each document once; addresses that were only captured are cited by none."""
    found: dict[str, LastAudit] = {}
    for each in ledger.past.last_audits():
        name = _name(each.source)
        if each.source != SOURCE and (name not in found or found[name].finished <= each.finished):
            found[name] = each
    yield from found.values()


def _cited(document: LastAudit, as_of: date | None) -> Iterator[Cited]:
    for finding in document.findings:
        told = finding.reference.citation
        on = (told.accessed if told is not None else None) or document.published or as_of
        yield Cited(document.source, document.finished, on, finding)
