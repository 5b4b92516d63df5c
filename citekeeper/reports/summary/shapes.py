"""The JSON summary as types, from which its schema is made."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from citekeeper import model
from citekeeper.reports.safe import json_value as text
from citekeeper.reports.shapes import Count, Ordinal, Share, Tool

SUMMARY = "citekeeper/summary/1"


class Portion(Struct):
    """A share and what it rests on."""

    part: Count
    of: Count
    value: Annotated[Share | None, Meta(description=f"part / of; null when of is less than {model.FEWEST}.")]
    low: Annotated[Share | None, Meta(description="The lower end of Wilson's interval, 95 %; null likewise.")]
    high: Share | None


class Tally(Struct):
    """References of one kind; each is in exactly one of alive, dead, undecided and addressless."""

    name: str
    references: Count
    pages: Annotated[Count, Meta(description="Distinct ones.")]
    alive: Count
    drifted: Annotated[Count, Meta(description="Of those alive.")]
    dead: Count
    confirmed: Annotated[Count, Meta(description="Of the dead: seen often enough to act upon.")]
    undecided: Annotated[Count, Meta(description="Walls, logins, failures of the moment and the like.")]
    addressless: Annotated[Count, Meta(description="Cut and not completed, or no address at all.")]
    dead_with_copy: Annotated[Count, Meta(description="Of the dead: an archive has a good copy.")]
    dead_share: Annotated[Portion, Meta(description="The dead among those of which it is known.")]


class Point(Struct):
    """A day of the curve."""

    day: Annotated[Count, Meta(description="After the citation.")]
    followed: Annotated[Count, Meta(description="Pages that were that old or older when they were looked at.")]
    survival: Annotated[Share, Meta(description="The share still alive.")]
    low: Annotated[Share, Meta(description="Of the 95 % band (Bayesian bootstrap).")]
    high: Share


class Survival(Struct):
    """The share of pages still alive so many days after their first citation (Turnbull's estimate for interval-censored deaths)."""

    pages: Ordinal
    dead: Count
    never_seen_alive: Annotated[Count, Meta(description="Of the dead: dead at the first look.")]
    until: Annotated[Count, Meta(description=f"The last day of which {model.FEWEST} pages tell; the curve ends there.")]
    median: Annotated[int | None, Meta(description="The day by which half are dead; null while more than half are alive.")]
    median_low: Annotated[int | None, Meta(description="Where the lower edge of the band passes one half.")]
    median_high: int | None
    points: list[Point]


class Month(Struct):
    """What was known at the end of a month in which there was an audit."""

    month: Annotated[date, Meta(description="Its first day.")]
    documents: Count
    references: Count
    alive: Count
    dead: Count
    dead_share: Portion


class Summary(Struct):
    """The outcome of `citekeeper report --summary`. Later versions of the same schema may add fields."""

    schema: Annotated[str, Meta(extra_json_schema={"const": SUMMARY})]
    tool: Tool
    audits: Ordinal
    first_audit: date
    last_audit: date
    documents: Count
    by_state: Annotated[dict[str, int], Meta(extra_json_schema={"propertyNames": {"enum": [state.value for state in model.State]}})]
    total: Tally
    outlets: Annotated[list[Tally], Meta(description="By registrable domain, most dead first.")]
    countries: Annotated[list[Tally], Meta(description="By the country of the top-level domain, where that tells one.")]
    ages: Annotated[list[Tally], Meta(description="By years between the citation and the last look.")]
    months: Annotated[list[Month], Meta(description="Oldest first; each document as its last audit until then had left it.")]
    undated: Annotated[Count, Meta(description="References without a date of citation.")]
    survival: Annotated[Survival | None, Meta(description=f"null with fewer than {model.FEWEST} pages of which enough is known.")]


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a summary."""
    (reference,), shapes = msgspec.json.schema_components([Summary])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SUMMARY, **reference, "$defs": shapes}


def summary(rot: model.Rot, version: str) -> Summary:
    """Return the whole summary."""
    return Summary(
        schema=SUMMARY,
        tool=Tool("citekeeper", version),
        audits=rot.audits,
        first_audit=rot.first_audit,
        last_audit=rot.last_audit,
        documents=rot.documents,
        by_state=dict(rot.by_state),
        total=_tally(rot.total),
        outlets=[_tally(each) for each in rot.outlets],
        countries=[_tally(each) for each in rot.countries],
        ages=[_tally(each) for each in rot.ages],
        months=[Month(each.month, each.documents, each.references, each.alive, each.dead, _portion(each.rotten)) for each in rot.periods],
        undated=rot.undated,
        survival=_survival(rot.survival) if rot.survival is not None else None,
    )


def _tally(each: model.Tally) -> Tally:
    return Tally(
        name=text(each.name),
        references=each.references,
        pages=each.pages,
        alive=each.alive,
        drifted=each.drifted,
        dead=each.dead,
        confirmed=each.confirmed,
        undecided=each.undecided,
        addressless=each.addressless,
        dead_with_copy=each.with_copy,
        dead_share=_portion(each.rotten),
    )


def _portion(share: model.Share) -> Portion:
    low, high = share.interval or (None, None)
    return Portion(share.part, share.of, _rounded(share.value), _rounded(low), _rounded(high))


def _survival(each: model.Survival) -> Survival:
    points = [Point(point.day, point.followed, *map(_round, (point.survival, point.low, point.high))) for point in each.points]
    return Survival(each.pages, each.dead, each.never_seen_alive, each.until, each.median, *each.median_span, points)


def _rounded(value: float | None) -> float | None:
    return None if value is None else _round(value)


def _round(value: float) -> float:
    return round(value, 6)
