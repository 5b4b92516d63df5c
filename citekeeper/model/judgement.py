"""Evidence, observations, verdicts and findings: three separate kinds, never one type."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from citekeeper.model.documents import SourceProblem
from citekeeper.model.memory import Capture, Memento
from citekeeper.model.references import Reference
from citekeeper.model.requisites import Completeness
from citekeeper.model.wire import Failure, HostStats


class State(StrEnum):
    """What became of a cited page; the closed set."""

    OK = "ok"
    MOVED = "moved"
    DRIFTED = "drifted"
    REPLACED = "replaced"
    PARKED = "parked"
    SOFT_404 = "soft_404"
    GONE = "gone"
    HOST_DEAD = "host_dead"
    TLS_BROKEN = "tls_broken"
    LOGIN = "login"
    PAYWALL = "paywall"
    BLOCKED = "blocked"
    RESTRICTED = "restricted"
    TRANSIENT = "transient"
    INCOMPLETE = "incomplete"
    INVALID = "invalid"
    UNKNOWN = "unknown"


class Confidence(StrEnum):
    """How sure a verdict is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Level(StrEnum):
    """How much a finding matters, from least to most."""

    NONE = "none"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One machine-readable reason."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """What `citekeeper explain CODE` says."""

    code: str
    meaning: str
    advice: str


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a visit, in short."""

    url: str
    status: int | None
    location: str | None


@dataclass(frozen=True, slots=True)
class Observation:
    """The dated facts kept from a visit: enough to judge again later, with newer rules, offline."""

    at: datetime
    target: str
    final_url: str
    status: int | None
    hops: tuple[Hop, ...]
    failure: Failure | None
    evidence: tuple[Evidence, ...]
    """What the signals saw, in the order of decision."""
    title: str | None = None
    """The page's own title, at most 300 characters."""
    visible_chars: int | None = None
    """Characters of visible text; None when the content was not read."""
    payload_digest: str | None = None
    visit_id: str = ""
    vantage: str = ""
    """From where and as whom it was seen: the user agent and, with a proxy, that."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """What a target was over time, as far as it was looked at."""

    observations: int
    first_seen: datetime
    last_ok: datetime | None
    """When it last showed the page; None when it never did."""
    first_failed: datetime | None
    """Since when it fails without a break; None when it does not."""
    flaps: int
    """How often it failed and came back."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement drawn from evidence."""

    state: State
    confidence: Confidence
    confirmed: bool
    level: Level
    reasons: tuple[Evidence, ...]
    advice: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A whole address that a cut one may stand for."""

    url: str
    score: float
    """0..1."""
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of an address on the way to a whole URL."""

    url: str | None
    method: str
    """"as-written", "repaired", "href", "completed" or "unresolved"."""
    confidence: float
    candidates: tuple[Candidate, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    """Why nothing was taken, or how it was asked."""


@dataclass(frozen=True, slots=True)
class Finding:
    """All that an audit has to say of one reference."""

    reference: Reference
    resolution: Resolution
    verdict: Verdict
    observation: Observation | None = None
    memento: Memento | None = None
    memento_note: str | None = None
    """Why there is no memento: "missing", "excluded …", "unknown: …", or None when not looked for."""
    capture: Capture | None = None
    copy_evidence: tuple[Evidence, ...] = ()
    """What was seen when archived copies were read; part of the verdict's reasons."""
    comparison: tuple[Evidence, ...] = ()
    """What comparing the page with its archived copy and with the article's quotations gave; the verdict was drawn with it."""
    timeline: Timeline | None = None
    earlier_verdict: Verdict | None = None
    """What other rules made of the same evidence, where that was another state or level."""
    archive_calls: tuple[tuple[str, int], ...] = ()
    """Requests to archives that this reference took, by the limit that they count against: ("cdx", 1), ("playback", 2)."""
    completeness: Completeness | None = None
    """How much of what the page needs to be shown is stored with it; None when that was not looked at."""


@dataclass(frozen=True, slots=True)
class AuditedDocument:
    """One document and its findings, in document order."""

    source: str
    title: str | None
    published: date | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """The outcome of one run."""

    started: datetime
    finished: datetime
    documents: tuple[AuditedDocument, ...]
    problems: tuple[SourceProblem, ...] = ()
    conclusive: bool = True
    inconclusive_because: str | None = None
    """One line that says why, for people, when not conclusive."""
    requests: tuple[tuple[str, int], ...] = ()
    """How many requests each purpose took, in this run: ("visit", 12), ("archive", 3), …"""
    hosts: tuple[HostStats, ...] = field(default=(), compare=False)
    """How each host behaved in this run, those that took longest first; not remembered."""
    rules: str = ""
    """The version of the rules that drew the verdicts."""
    fresh: bool = False
    """The documents were judged as not published yet."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding of every document."""
        return tuple(finding for document in self.documents for finding in document.findings)
