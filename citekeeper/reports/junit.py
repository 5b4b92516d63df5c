"""`-f junit`: JUnit XML, which nearly every CI system shows as test results; one suite a document, one case a reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from citekeeper.model import Audit, ExtractedDocument, Finding, Level, Reference, SourceProblem, State
from citekeeper.reports import issues, safe, wording
from citekeeper.reports.issues import Issue

_LONGEST = 2_000
_NOT_JUDGED = {State.UNKNOWN, State.TRANSIENT}
"""What is neither passed nor failed counts as skipped."""


def render(audit: Audit, version: str) -> str:
    """Write `audit` as test suites: an error is a failure, what could not be judged is skipped, all else passes."""
    told = {id(issue.finding): issue for issue in issues.of_audit(audit).issues}
    root = Element("testsuites", name="citekeeper")
    seconds = f"{(audit.finished - audit.started).total_seconds():.3f}"
    for document in audit.documents:
        suite = SubElement(root, "testsuite", name=_text(document.source))
        suite.set("timestamp", wording.utc(audit.started).strftime("%Y-%m-%dT%H:%M:%S"))
        for finding in document.findings:
            _case(suite, document.source, finding, told.get(id(finding)))
    _problems(root, audit.problems, None if audit.conclusive else audit.inconclusive_because or "too little is known")
    root.set("time", seconds)
    return _written(root)


def render_extraction(documents: Sequence[ExtractedDocument], problems: Sequence[SourceProblem], version: str) -> str:
    """Write the references of `documents` as test suites: cut addresses and what can be none are skipped."""
    told = {id(issue.reference): issue for issue in issues.of_extraction(documents, problems).issues}
    root = Element("testsuites", name="citekeeper")
    for document in documents:
        suite = SubElement(root, "testsuite", name=_text(document.source))
        for reference in document.references:
            case = _named(suite, document.source, reference, wording.cited_address(reference))
            if issue := told.get(id(reference)):
                SubElement(case, "skipped", message=_text(issue.message))
    _problems(root, problems, None)
    return _written(root)


def _case(suite: Element, source: str, finding: Finding, issue: Issue | None) -> None:
    verdict = finding.verdict
    case = _named(suite, source, finding.reference, wording.shown_address(finding.reference, finding.resolution))
    properties = SubElement(case, "properties")
    for name, value in (("state", verdict.state.value), ("level", verdict.level.value), ("confirmed", str(verdict.confirmed).lower())):
        SubElement(properties, "property", name=name, value=value)
    if issue is None:
        return
    if verdict.level is Level.ERROR:
        failure = SubElement(case, "failure", type=verdict.state.value, message=_text(issue.message))
        failure.text = "\n".join(_details(source, finding))
    elif verdict.state in _NOT_JUDGED:
        SubElement(case, "skipped", message=_text(issue.message))
    else:
        SubElement(case, "system-out").text = f"{verdict.level}: {_text(issue.message)}"


def _details(source: str, finding: Finding) -> Iterator[str]:
    yield f"{_text(source)}: {_text(issues.place_in_words(finding.reference.location))}"
    yield from (f"{_text(each.code)}: {_text(each.detail)}" for each in finding.verdict.reasons)
    if finding.memento is not None:
        yield f"archived copy of {wording.day(finding.memento.datetime)}: {_text(finding.memento.url)}"


def _named(suite: Element, source: str, reference: Reference, address: str) -> Element:
    note = f"[{reference.marker}] " if reference.marker else f"{issues.place_in_words(reference.location)}: "
    case = SubElement(suite, "testcase", name=_text(note + address), classname=_text(source), file=_text(issues.path_of(source)))
    case.set("line", str(reference.location.line))
    return case


def _problems(root: Element, problems: Sequence[SourceProblem], because: str | None) -> None:
    told = [(each.source, f"{each.message}. {each.hint}".strip()) for each in problems]
    told += [("the run as a whole", f"not conclusive: {because}")] if because is not None else []
    if told:
        suite = SubElement(root, "testsuite", name="citekeeper")
        for name, message in told:
            case = SubElement(suite, "testcase", name=_text(name), classname="citekeeper")
            SubElement(case, "error", type="citekeeper", message=_text(message))


def _written(root: Element) -> str:
    for suite in root:
        _count(suite, list(suite.iter("testcase")))
    _count(root, list(root.iter("testcase")))
    indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _count(element: Element, cases: Sequence[Element]) -> None:
    element.set("tests", str(len(cases)))
    for name, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(name, str(sum(case.find(kind) is not None for case in cases)))


def _text(value: str) -> str:
    return safe.one_line(value if len(value) <= _LONGEST else value[:_LONGEST] + "…")
