"""`-f sarif`: SARIF 2.1.0, for code scanning in GitHub, GitLab, Azure DevOps and editors.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; one rule for each state, one result for each reference that is not well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from typing import Any
from urllib.parse import quote

from citekeeper.model import Audit, ExtractedDocument, Location, SourceProblem, State
from citekeeper.reports import issues, safe, wording
from citekeeper.reports.issues import Issue, Issues

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~:/?#@!$*+,;=%]+", re.IGNORECASE)
"""An address that means itself in every text format, Markdown and HTML included."""
_MESSAGE_SYNTAX = re.compile(r"[\[\]\\]")
_RELATED = 20
"""Places where the text cites the note that are listed."""


def render(audit: Audit, version: str) -> str:
    """Write what `audit` found wrong as a SARIF log."""
    times = {"startTimeUtc": _moment(audit.started), "endTimeUtc": _moment(audit.finished)}
    return _log(issues.of_audit(audit), version, times)


def render_extraction(documents: Sequence[ExtractedDocument], problems: Sequence[SourceProblem], version: str) -> str:
    """Write the addresses of `documents` that are cut or none at all as a SARIF log."""
    return _log(issues.of_extraction(documents, problems), version, {})


def _log(found: Issues, version: str, times: dict[str, str]) -> str:
    driver = {
        "name": "citekeeper",
        "version": safe.json_value(version),
        "informationUri": _homepage(),
        "rules": [_rule(state) for state in State],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": found.inconclusive_because is None, **times, **_notifications(found)}],
        "results": [_result(each) for each in found.issues],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return safe.json_document(json.dumps(log, indent=1, ensure_ascii=False)) + "\n"


def _homepage() -> str:
    from citekeeper.settings import HOMEPAGE

    return HOMEPAGE


def _rule(state: State) -> dict[str, Any]:
    from citekeeper.health import STATES, level_of

    meaning = next(each for each in STATES if each.code == state.value)
    return {
        "id": state.value,
        "name": "".join(word.capitalize() for word in state.value.split("_")),
        "shortDescription": {"text": meaning.meaning},
        "help": {"text": meaning.advice, "markdown": meaning.advice},
        "helpUri": f"{_homepage()}/blob/main/docs/states.md",
        "defaultConfiguration": {"level": "none" if state is State.UNKNOWN else level_of(state, confirmed=True).value},
    }


def _result(issue: Issue) -> dict[str, Any]:
    is_open = issue.state is State.UNKNOWN
    result: dict[str, Any] = {
        "ruleId": issue.state.value,
        "ruleIndex": _rule_index()[issue.state],
        # "open" and "none" go together: section 3.27.9, "kind". Nothing was proved, so nothing is accused.
        "kind": "open" if is_open else "fail",
        "level": "none" if is_open else issue.level.value,
        "message": {"text": _message(issue.message)},
        "locations": [_location(issue.source, issue.reference.location)],
        "partialFingerprints": {"citekeeperReference/v1": issue.fingerprint, "primaryLocationLineHash": issue.fingerprint},
        "properties": _properties(issue),
    }
    cited_at = [
        {**_location(issue.source, each), "id": n, "message": {"text": "cited here"}}
        for n, each in enumerate(issue.reference.cited_at[:_RELATED], 1)
    ]
    fixes = _fixes(issue)
    return result | ({"relatedLocations": cited_at} if cited_at else {}) | ({"fixes": fixes} if fixes else {})


@cache
def _rule_index() -> dict[State, int]:
    return {state: index for index, state in enumerate(State)}


def _properties(issue: Issue) -> dict[str, Any]:
    found: dict[str, Any] = {"address": _text(wording.cited_address(issue.reference))}
    if issue.reference.marker is not None:
        found["note"] = _text(issue.reference.marker)
    if issue.finding is not None:
        found["confirmed"] = issue.finding.verdict.confirmed
        found["confidence"] = issue.finding.verdict.confidence.value
        if issue.finding.memento is not None:
            found["archivedCopy"] = _text(issue.finding.memento.url)
    return found


def _fixes(issue: Issue) -> list[dict[str, Any]]:
    """The new address in place of the old, where both mean themselves in any format; other repairs need `citekeeper fix`."""
    new = wording.new_address(issue.finding) if issue.finding is not None else None
    old = issue.reference.raw
    if new is None or issues.is_in_container(issue.reference.location) or old != issue.reference.address.url:
        return []
    if not (_PLAIN_ADDRESS.fullmatch(old) and _PLAIN_ADDRESS.fullmatch(new)):
        return []
    location = _location(issue.source, issue.reference.location)["physicalLocation"]
    replacement = {"deletedRegion": location["region"], "insertedContent": {"text": new}}
    change = {"artifactLocation": location["artifactLocation"], "replacements": [replacement]}
    return [{"description": {"text": "Update the link to the page's new address."}, "artifactChanges": [change]}]


def _location(source: str, location: Location) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact(source)}
    if issues.is_in_container(location):
        return {"physicalLocation": place, "logicalLocations": [{"name": _text(issues.place_in_words(location))}]}
    place["region"] = {
        "startLine": location.line,
        "startColumn": location.column,
        "endLine": location.end_line,
        "endColumn": location.end_column,
        "charOffset": location.offset,
        "charLength": location.length,
    }
    return {"physicalLocation": place}


def _artifact(source: str) -> dict[str, str]:
    if safe.is_web_address(source):
        return {"uri": safe.link_target(source)}
    path = quote(issues.path_of(source), safe="/", errors="replace")
    if path.startswith("/"):
        return {"uri": f"file://{path}"}
    return {"uri": path or "-", "uriBaseId": "%SRCROOT%"}


def _notifications(found: Issues) -> dict[str, Any]:
    told: list[dict[str, Any]] = [
        {
            "level": "error",
            "message": {"text": _message(f"{each.message}. {each.hint}".strip())},
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(each.source)}}],
        }
        for each in found.problems
    ]
    if found.inconclusive_because is not None:
        told.append({"level": "warning", "message": {"text": _message(f"Not conclusive: {found.inconclusive_because}")}})
    return {"toolExecutionNotifications": told} if told else {}


def _message(text: str) -> str:
    """`text` as a message string: brackets would make a link and braces a placeholder (sections 3.11.5 and 3.11.6)."""
    escaped = _MESSAGE_SYNTAX.sub(r"\\\g<0>", safe.one_line(text))
    return escaped.replace("{", "{{").replace("}", "}}")


def _text(value: str) -> str:
    return safe.json_value(value)


def _moment(at: Any) -> str:
    return wording.utc(at).isoformat(timespec="milliseconds").replace("+00:00", "Z")
