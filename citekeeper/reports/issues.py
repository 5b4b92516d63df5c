"""What is wrong, one item for each reference, as the formats for machines and reviewers need it: place, rule, message, identity."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from citekeeper.model import Audit, ExtractedDocument, Finding, Level, Location, Reference, SourceProblem, State
from citekeeper.reports import wording
from citekeeper.surt import surt

_LONGEST = 1_000
"""Characters of one value in a message; an address may have megabytes."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One reference of which there is something to say."""

    source: str
    reference: Reference
    state: State
    level: Level
    message: str
    """For people: state, address, why, copy, next step."""
    key: str
    """Of the address in its canonical form; the same for every way to write it."""
    occurrence: int
    """1 for the first reference of its document with this key and state, 2 for the next."""
    finding: Finding | None = None

    @property
    def fingerprint(self) -> str:
        """The same for the same trouble wherever in its document it stands: address, state and occurrence."""
        return f"{digest(self.key, self.state)[:16]}:{self.occurrence}"

    @property
    def fingerprint_with_source(self) -> str:
        """Unlike that of the same trouble in another document."""
        return digest(self.source, self.key, self.state, str(self.occurrence))


@dataclass(frozen=True, slots=True)
class Issues:
    """All that a run has to complain of."""

    issues: tuple[Issue, ...]
    problems: tuple[SourceProblem, ...]
    inconclusive_because: str | None = None
    """Why the run says too little, when it does."""


def of_audit(audit: Audit) -> Issues:
    """Every finding that is not simply well, in document order."""
    found = (each for document in audit.documents for each in _numbered(_of_findings(document.source, document.findings)))
    because = None if audit.conclusive else audit.inconclusive_because or "too little is known"
    return Issues(tuple(found), audit.problems, because)


def of_extraction(documents: Sequence[ExtractedDocument], problems: Sequence[SourceProblem]) -> Issues:
    """The addresses that are wrong before anything is asked of the web: cut ones, and what can be no address."""
    found = (each for document in documents for each in _numbered(_of_references(document.source, document.references)))
    return Issues(tuple(found), tuple(problems))


def path_of(source: str) -> str:
    """A document's name as reviewers' tools know it: with slashes, and without "./" before it."""
    path = source.replace("\\", "/")
    while path.startswith("./"):
        path = path[2:].lstrip("/")
    return path or source


def is_in_container(location: Location) -> bool:
    """Whether lines say nothing of where it stands: the text was taken from a container."""
    return location.page is not None or location.part is not None


def place_in_words(location: Location) -> str:
    """Where it stands: "line 3, column 5", "page 2", or the member of a container."""
    if location.page is not None:
        return f"page {location.page}"
    return location.part or f"line {location.line}, column {location.column}"


def _of_findings(source: str, findings: Sequence[Finding]) -> Iterator[Issue]:
    for finding in findings:
        verdict = finding.verdict
        if verdict.level is Level.NONE:
            continue
        key = _key(finding.reference, finding.resolution.url)
        yield Issue(source, finding.reference, verdict.state, verdict.level, _message(finding), key, 0, finding)


def _of_references(source: str, references: Sequence[Reference]) -> Iterator[Issue]:
    for each in references:
        address = wording.cited_address(each)[:_LONGEST]
        if each.address.url is None:
            text = f"invalid: {address} — no address can be made of the text."
            yield Issue(source, each, State.INVALID, Level.NOTE, text, _key(each, None), 0)
        elif each.address.truncated:
            text = f"incomplete: {address} — the document shows only part of the address."
            yield Issue(source, each, State.INCOMPLETE, Level.NOTE, text, _key(each, None), 0)


def _numbered(issues: Iterator[Issue]) -> Iterator[Issue]:
    seen: Counter[tuple[str, State]] = Counter()
    for each in issues:
        seen[each.key, each.state] += 1
        yield Issue(each.source, each.reference, each.state, each.level, each.message, each.key, seen[each.key, each.state], each.finding)


def _message(finding: Finding) -> str:
    verdict = finding.verdict
    why = "; ".join(f"{each.detail} ({each.code})" if each.detail else each.code for each in verdict.reasons[:2])
    moved_to = wording.new_address(finding)
    copy = finding.memento
    parts = (
        f"{verdict.state}: {wording.shown_address(finding.reference, finding.resolution)[:_LONGEST]}",
        why and f" — {_sentence(why[:_LONGEST])}",
        f" Now at {moved_to[:_LONGEST]} ." if moved_to else "",
        f" Archived copy of {wording.day(copy.datetime)}: {copy.url[:_LONGEST]} ." if copy else "",
        f" {verdict.advice[:_LONGEST]}" if verdict.advice else "",
    )
    return "".join(part for part in parts if part)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else text + "."


def _key(reference: Reference, resolved: str | None) -> str:
    url = resolved or reference.address.url
    return surt(url) if url else reference.raw


def digest(*parts: str) -> str:
    """A digest of several texts that no other texts share."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
