"""What `-f json` looks like: the one source of the report's shape and of its JSON Schema."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from citekeeper.model import Confidence, FailureKind, Level, State

REPORT = "citekeeper/report/1"
EXTRACTION = "citekeeper/extraction/1"

METHODS = ("as-written", "repaired", "href", "completed", "unresolved")
"""How an address became whole; the closed set of `Resolution.method`."""

Count = Annotated[int, Meta(ge=0)]
Ordinal = Annotated[int, Meta(ge=1)]
Moment = Annotated[datetime, Meta(tz=True, description="RFC 3339, UTC.")]
Share = Annotated[float, Meta(ge=0, le=1)]


class Tool(Struct):
    """The program that wrote this."""

    name: str
    version: str


class Place(Struct, omit_defaults=True):
    """A place in the document as given; page, box and part are left out where there are none."""

    line: Annotated[Ordinal, Meta(description="1-based.")]
    column: Annotated[Ordinal, Meta(description="1-based, in code points.")]
    end_line: Ordinal
    end_column: Annotated[Ordinal, Meta(description="That of the first code point behind it.")]
    offset: Annotated[Count, Meta(description="Code points from the start of the document.")]
    length: Annotated[Count, Meta(description="Code points.")]
    page: Annotated[Ordinal | None, Meta(description="1-based; of documents with pages.")] = None
    box: Annotated[
        tuple[float, float, float, float] | None,
        Meta(description="Left, bottom, right, top on that page, in points from its lower left corner."),
    ] = None
    part: Annotated[str | None, Meta(description="The member of a container file, and the item in it: word/document.xml#rId5.")] = None


class Citation(Struct):
    """What a note or a bibliography entry says of the work; null where it says nothing."""

    author: str | None
    title: str | None
    outlet: Annotated[str | None, Meta(description="Journal, newspaper, site or publisher.")]
    published: Annotated[date | None, Meta(description="The first day of a month or year that is told without a day.")]
    accessed: Annotated[date | None, Meta(description="When the author of the document looked at it.")]
    archived_url: Annotated[str | None, Meta(description="An archived copy that the document itself names.")]
    archived_on: date | None
    url_status: Annotated[str | None, Meta(description="What a citation template says of it: live, dead, unfit, usurped, deviated.")]


class ExtractedReference(Struct):
    """One cited address, as printed and as meant; found without any network."""

    marker: Annotated[str | None, Meta(description="The endnote marker as printed, without brackets.")]
    raw: Annotated[str, Meta(description="Exactly the document's text at `location`; lone surrogates are written as escapes.")]
    location: Place
    cited_at: Annotated[list[Place], Meta(description="Where the text cites this note.")]
    context: Annotated[str, Meta(description="The note's own words: author, title, outlet, date.")]
    url: Annotated[
        str | None, Meta(description="The repaired address; the known prefix when truncated; null when no URL can be made of the text.")
    ]
    truncated: Annotated[bool, Meta(description="The document shows only a part of the address.")]
    suffix: Annotated[str | None, Meta(description="The known tail of a cut in the middle.")]
    repairs: Annotated[list[str], Meta(description="What was undone, in order: dot-word, hxxp, bracket-dot, line-wrap and others.")]
    href: Annotated[str | None, Meta(description="The target of the format's explicit link.")]
    alternatives: Annotated[list[str], Meta(description="Other readings of the same text.")]
    cut_by: Annotated[str | None, Meta(description="The systems that cut addresses to just this length.")]
    missing_at_least: Annotated[int | None, Meta(description="How many characters are missing at the least, where cut_by is known.")]
    citation: Annotated[Citation | None, Meta(description="The work as the note or the bibliography entry describes it.")]
    wrapper: Annotated[str | None, Meta(description="The redirector's address as printed, when url is what it leads to.")]
    identifier: Annotated[str | None, Meta(description="A DOI, arXiv id, Handle or PubMed id: doi:10.1000/182.")]
    archived: Annotated[bool, Meta(description="An archived copy is cited: url is its original, citation.archived_url the copy.")]
    same_as: Annotated[str | None, Meta(description="The marker of the note that ibid. or supra note 4 means.")]


class Reason(Struct):
    """One machine-readable reason; `citekeeper explain CODE` tells what it means."""

    code: str
    detail: str


class Candidate(Struct):
    """A whole address that a cut one may stand for."""

    url: str
    score: Share
    evidence: Annotated[list[str], Meta(description="Codes.")]


class Resolution(Struct):
    """What became of the address on the way to a whole URL."""

    url: str | None
    method: Annotated[str, Meta(extra_json_schema={"enum": list(METHODS)})]
    confidence: Share
    candidates: list[Candidate]


class Hop(Struct):
    """One step of a visit."""

    url: str
    status: int | None
    location: Annotated[str | None, Meta(description="Where it sent on to.")]


class Error(Struct):
    """Why there was no answer."""

    kind: FailureKind
    message: str


class Observation(Struct):
    """What a visit saw, and when."""

    at: Moment
    final_url: str
    status: Annotated[int | None, Meta(description="Of the last answer; null when there was none.")]
    hops: list[Hop]
    error: Error | None


class Memento(Struct):
    """The good archived version nearest to the citation date."""

    url: str
    datetime: Moment
    archive: str
    status: int | None


class Capture(Struct):
    """Where our own record of the visit lies."""

    warc: Annotated[str, Meta(description="File name, relative to the archive folder.")]
    offset: Count
    length: Annotated[Count, Meta(description="Bytes of the compressed record.")]
    record_id: str
    payload_digest: str | None


class Lack(Struct):
    """One thing that the page needs and that is not stored."""

    url: str
    kind: Annotated[str, Meta(description="style, script, image, font, frame, icon, media or other.")]
    reason: str


class Completeness(Struct):
    """How much of what the page needs to be shown is stored with it."""

    stored: Count
    missing: Count
    reasons: Annotated[dict[str, int], Meta(description="Why how many are missing.")]
    examples: Annotated[list[Lack], Meta(description="The first of the missing ones, twenty at most.")]


class Verdict(Struct):
    """The judgement, its reasons and the next step."""

    state: State
    confidence: Confidence
    confirmed: Annotated[bool, Meta(description="Seen often enough to act upon.")]
    level: Level
    reasons: list[Reason]
    advice: Annotated[str, Meta(description="What to do next, in words.")]


class Timeline(Struct):
    """What the target was over time, as far as it was looked at."""

    observations: Ordinal
    first_seen: Moment
    last_ok: Annotated[Moment | None, Meta(description="When it last showed the page; null when it never did.")]
    first_failed: Annotated[Moment | None, Meta(description="Since when it fails without a break; null when it does not.")]
    flaps: Annotated[Count, Meta(description="How often it failed and came back.")]


class EarlierVerdict(Struct):
    """What other rules made of the same evidence."""

    state: State
    confirmed: bool
    level: Level


class Reference(ExtractedReference):
    """One cited address and all that the audit has to say of it."""

    resolution: Resolution
    observation: Annotated[Observation | None, Meta(description="null when the page was not visited.")]
    memento: Memento | None
    memento_note: Annotated[str | None, Meta(description="Why there is no memento; null when there is one or none was looked for.")]
    capture: Capture | None
    completeness: Annotated[Completeness | None, Meta(description="null when it was not looked at, as without `--requisites`.")]
    verdict: Verdict
    timeline: Annotated[Timeline | None, Meta(description="null when the page was not visited.")]
    earlier_verdict: Annotated[
        EarlierVerdict | None, Meta(description="After `report --rejudge`: the verdict of the audit, where today's rules draw another.")
    ]


class Document(Struct):
    """One document and its references, in document order."""

    source: str
    title: str | None
    published: date | None
    references: list[Reference]


class ExtractedDocument(Struct):
    """One document and its references, in document order."""

    source: str
    title: str | None
    published: date | None
    references: list[ExtractedReference]


class Problem(Struct):
    """A source that could not be read, or a page whose capture reads back otherwise than it was received."""

    source: str
    message: str
    hint: Annotated[str, Meta(description="What to try; may be empty.")]


class Summary(Struct):
    """Figures of the run."""

    references: Count
    by_state: Annotated[
        dict[str, int],
        Meta(
            description="How many references are in each state; states without any are left out.",
            extra_json_schema={"propertyNames": {"enum": [state.value for state in State]}},
        ),
    ]
    conclusive: Annotated[bool, Meta(description="false when too much stayed unknown to rely on the outcome.")]
    inconclusive_because: str | None
    requests: Annotated[dict[str, int], Meta(description="How many requests each purpose took in this run.")]


class Report(Struct):
    """The outcome of `citekeeper audit`. Later versions of the same schema may add fields."""

    schema: Annotated[str, Meta(extra_json_schema={"const": REPORT})]
    tool: Tool
    started: Moment
    finished: Moment
    rules: Annotated[str, Meta(description="The version of the rules that drew the verdicts.")]
    documents: list[Document]
    problems: list[Problem]
    summary: Summary


class Extraction(Struct):
    """The outcome of `citekeeper extract`. Later versions of the same schema may add fields."""

    schema: Annotated[str, Meta(extra_json_schema={"const": EXTRACTION})]
    tool: Tool
    documents: list[ExtractedDocument]
    problems: list[Problem]


_ROOTS: dict[str, tuple[type[Struct], str]] = {"report": (Report, REPORT), "extraction": (Extraction, EXTRACTION)}


def schema(of: str) -> dict[str, Any]:
    """Return the JSON Schema of "report" or "extraction"."""
    root, name = _ROOTS[of]
    (reference,), shapes = msgspec.json.schema_components([root])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": name, **reference, "$defs": shapes}
