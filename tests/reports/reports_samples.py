"""Audits to render: one with every state in ordinary words, one with nothing but hostile strings, one of any size."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

from citekeeper.model import (
    Address,
    Audit,
    AuditedDocument,
    Candidate,
    Capture,
    Citation,
    Confidence,
    Evidence,
    ExtractedDocument,
    Failure,
    FailureKind,
    Finding,
    Hop,
    Level,
    Location,
    Memento,
    Observation,
    Reference,
    Resolution,
    SourceProblem,
    State,
    Verdict,
)

STARTED = datetime(2024, 4, 2, 9, 30, 0, tzinfo=UTC)
FINISHED = datetime(2024, 4, 2, 9, 30, 8, 250_000, tzinfo=UTC)
PUBLISHED = date(2024, 3, 14)

HOSTILE = (
    "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "\u202egnp.exe\u2066\u2069",
    "zero\u200bwidth\u00ad\ufeff",
    "line one\nline two\r\nline three\ttab\x0b\x0c\x85\u2028\u2029end",
    '=HYPERLINK("http://evil.example","click")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "|pipe| `code` ``two`` [link](javascript:alert(1)) ![image](http://evil.example/x.png)",
    "<script>alert(1)</script><img src=x onerror=alert(1)>&amp;",
    "[red]markup[/red] [link=http://evil.example]x[/link] :smile:",
    "@someone #123 owner/repo#4 www.evil.example https://evil.example/auto a@evil.example",
    "# heading\n- item\n1. one\n> quote\n--- \n***bold*** __under__ ~~gone~~ \\",
    "\ud800lone\udfff",
    "\U000e0041\U000e0042tags\U0001f600",
    "%0d%0aheader",
    "Zürich 東京 Ереван ﷽",
    "",
    " ",
)
"""One string for each way a value can hurt a medium."""


def location(line: int = 1, column: int = 1, length: int = 10) -> Location:
    return Location(line, column, line, column + length, line * 80 + column, length)


_FIRST = {State.OK: Level.NONE} | dict.fromkeys(
    (State.GONE, State.HOST_DEAD, State.PARKED, State.REPLACED, State.INCOMPLETE, State.INVALID), Level.ERROR
)
_WARN = dict.fromkeys((State.SOFT_404, State.DRIFTED, State.TLS_BROKEN, State.RESTRICTED), Level.WARNING)


def level_of(state: State) -> Level:
    return (_FIRST | _WARN).get(state, Level.NOTE)


# state: address as resolved, reason, advice
_CASES: dict[State, tuple[str, Evidence, str]] = {
    State.OK: ("https://harbour-times.example/2024/03/12/bridge-reopens", Evidence("content-present", "1,840 visible characters"), ""),
    State.MOVED: (
        "http://old.ostrava-gazette.example/article.php?id=1882",
        Evidence("redirect-same-title", "the title agrees with that of the new address"),
        "Cite the new address.",
    ),
    State.DRIFTED: (
        "https://statistics.example/population/2024",
        Evidence("text-changed", "62 % of the text is that of the copy"),
        "Cite the copy nearest to the citation date.",
    ),
    State.REPLACED: (
        "https://pass-museum.example/exhibition",
        Evidence("text-replaced", "nothing in common with the copy"),
        "Link the archived copy.",
    ),
    State.PARKED: (
        "https://valley-observer.example/2019/interview",
        Evidence("parking-page", "a page of a domain reseller"),
        "Link the archived copy; do not leave the live link clickable.",
    ),
    State.SOFT_404: (
        "https://weekly.example/en/politics/2024/03/ceasefire-commission-meets-for-the-first-time",
        Evidence("not-found-wording", "the page answers 200 and says “page not found”"),
        "Look at the page, then cite the archived copy.",
    ),
    State.GONE: (
        "https://ministry-of-roads.example/press/communiques/2024/03/communique-17-on-the-reopening-of-the-northern-bridge.html",
        Evidence("status-404", "the origin answers 404 Not Found"),
        "Cite the archived copy.",
    ),
    State.HOST_DEAD: (
        "https://northern-bridge-committee.example/about",
        Evidence("nxdomain", "the name does not exist"),
        "Cite the archived copy.",
    ),
    State.TLS_BROKEN: (
        "https://archive-of-maps.example/sheet/41",
        Evidence("tls-expired", "the certificate ended on 1 February 2024"),
        "Tell the site's owner; the page was not read.",
    ),
    State.LOGIN: (
        "https://members.example/report/88",
        Evidence("login-redirect", "sent on to /login"),
        "Cite an archived copy if one has the text.",
    ),
    State.PAYWALL: (
        "https://daily-ledger.example/markets/2024/bridge-bonds",
        Evidence("paywall-schema", "marked as not free of charge"),
        "Give title and date beside the link.",
    ),
    State.BLOCKED: (
        "https://wire.example/world/bridge-idUSKCN1",
        Evidence("vendor-challenge", "the site asks for a browser check"),
        "Open it yourself; a machine may not.",
    ),
    State.RESTRICTED: (
        "https://state-news.example/20240311/1583850895.html",
        Evidence("status-451", "unavailable for legal reasons from here"),
        "Say from where it can be read.",
    ),
    State.TRANSIENT: (
        "https://slow.example/dataset",
        Evidence("status-503", "Service Unavailable, three times"),
        "Run the audit again later.",
    ),
    State.INCOMPLETE: (
        "https://eastern-eye.example/news/northern-bridge-deal-ost",
        Evidence("several-candidates", "two addresses in the archive begin so"),
        "Ask the author for the whole address.",
    ),
    State.INVALID: ("see the ministry dot", Evidence("no-address", "no address can be made of the text"), "Correct the reference."),
    State.UNKNOWN: (
        "https://app.example/#/viewer",
        Evidence("script-shell", "the page holds no text without scripts"),
        "Open it yourself.",
    ),
}


def sample_finding(state: State, marker: str | None, line: int) -> Finding:
    url, why, advice = _CASES[state]
    incomplete, invalid = state is State.INCOMPLETE, state is State.INVALID
    address = Address(None if invalid else url, truncated=incomplete, repairs=("dot-word", "hxxp") if state is State.GONE else ())
    raw = url.replace(".example", " dot example") if address.repairs else url + ("..." if incomplete else "")
    reference = Reference(
        raw, location(line, 5, len(raw)), address, marker, (location(1, 40),), "A. Writer, “Bridge reopens”, 12 March 2024"
    )
    return Finding(
        reference,
        _resolution(state, url),
        Verdict(state, Confidence.MEDIUM, state is State.PARKED, level_of(state), (why,), advice),
        None if incomplete or invalid else _observation(state, url),
        _memento(url) if state in (State.GONE, State.PARKED, State.REPLACED, State.DRIFTED) else None,
        "missing" if state is State.HOST_DEAD else None,
        None if incomplete or invalid else Capture("citekeeper-20240402093001.warc.gz", 1024, 512, "<urn:uuid:12345678>", "sha1:ABCDEFGH"),
    )


def _resolution(state: State, url: str) -> Resolution:
    if state is State.INVALID:
        return Resolution(None, "unresolved", 0.0)
    if state is State.INCOMPLETE:
        reasons = (Evidence("prefix", "44 characters"), Evidence("slug-words", "bridge, deal"))
        candidates = (Candidate(url + "rava-explained", 0.62, reasons), Candidate(url + "rava-in-maps", 1 / 3, reasons[:1]))
        return Resolution(None, "unresolved", 0.0, candidates)
    return Resolution(url, "repaired" if state is State.GONE else "as-written", 1.0)


def _observation(state: State, url: str) -> Observation:
    failure = Failure(FailureKind.NXDOMAIN, "the name server knows no such name") if state is State.HOST_DEAD else None
    final = "https://gazette.example/2024/03/bridge-reopens" if state is State.MOVED else url
    hops = (Hop(url, 301, final), Hop(final, 200, None)) if state is State.MOVED else (Hop(url, None if failure else 404, None),)
    return Observation(STARTED, url, final, None if failure else hops[-1].status, hops, failure, ())


def _memento(url: str) -> Memento:
    return Memento(f"https://web.archive.example/web/20240312081500/{url}", datetime(2024, 3, 12, 8, 15, tzinfo=UTC), "wayback", url, 200)


def sample_audit() -> Audit:
    """Every state, in ordinary words."""
    noted = tuple(sample_finding(state, str(number), 20 + number) for number, state in enumerate(State, start=1))
    plain = tuple(sample_finding(state, None, 3 + number) for number, state in enumerate((State.OK, State.BLOCKED, State.OK)))
    documents = (
        AuditedDocument("examples/northern-bridge.txt", "The Northern Bridge and Its Cartographers", PUBLISHED, noted),
        AuditedDocument("notes/reading-list.md", None, None, plain),
        AuditedDocument("notes/empty.md", None, None, ()),
    )
    problems = (SourceProblem("notes/scan.bin", "is not text: 40 % of its bytes are control characters", "Convert it to text first."),)
    return Audit(STARTED, FINISHED, documents, problems, requests=(("visit", 19), ("archive", 7)))


def hostile_finding(text: str) -> Finding:
    """A finding with `text` in every place that the world can write to."""
    address = Address(text, repairs=(text,), alternatives=(text,), suffix=text, truncated=True)
    evidence = (Evidence("code", text), Evidence(text, text))
    hop = Hop(text, 302, text)
    return Finding(
        Reference(text, location(), address, text, (location(),), text, text, Citation(text, text, text), text, text, True, text),
        Resolution(text, "as-written", 0.5, (Candidate(text, 0.5, evidence),)),
        Verdict(State.MOVED, Confidence.LOW, False, Level.NOTE, evidence, text),
        Observation(STARTED, text, text + "x", 200, (hop, hop), Failure(FailureKind.RESET, text), evidence, text),
        Memento("https://web.archive.example/" + text, STARTED, text, text, None),
        text,
        Capture(text, 0, 1, text, text),
    )


def hostile_audit(*texts: str) -> Audit:
    """An audit in which every value from outside is one of `texts`."""
    documents = tuple(AuditedDocument(text, text, PUBLISHED, (hostile_finding(text),)) for text in texts)
    problems = tuple(SourceProblem(text, text, text) for text in texts)
    because = texts[0] if texts else None
    return Audit(STARTED, FINISHED, documents, problems, False, because, tuple((text, 1) for text in texts))


@cache
def large_audit(count: int) -> Audit:
    """The sample's findings over and over, each on a line of its own."""
    kinds = sample_audit().documents[0].findings
    findings = tuple(
        replace(kind, reference=replace(kind.reference, marker=str(number), location=location(number + 1)))
        for number in range(count)
        for kind in (kinds[number % len(kinds)],)
    )
    return Audit(STARTED, FINISHED, (AuditedDocument("large.txt", "A large document", PUBLISHED, findings),))


def extraction_of(audit: Audit) -> tuple[ExtractedDocument, ...]:
    """What `extract` would have said of the same documents."""
    return tuple(
        ExtractedDocument(each.source, each.title, each.published, tuple(finding.reference for finding in each.findings))
        for each in audit.documents
    )
