"""Scores on labelled real pages; lowering a floor needs a reason in the commit."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from health_visits import as_written, exchange, response, seen, visit

from citekeeper.health import judge, level_of
from citekeeper.health.drift import Comparison, Drift, compare
from citekeeper.health.parsing import parse
from citekeeper.health.texts import read_text
from citekeeper.model import Level, State, Visit

DATA = os.environ.get("CITEKEEPER_DATA")
pytestmark = pytest.mark.skipif(not DATA, reason="needs labelled pages: set CITEKEEPER_DATA to their folder")
FAILING = frozenset(state for state in State if level_of(state, confirmed=True) is Level.ERROR)


def folder() -> Path:
    return Path(DATA or ".") / "health"


def rows(name: str) -> Iterator[dict[str, Any]]:
    with (folder() / name).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def status_of(row: dict[str, Any], fallback: int = 200) -> int:
    status = int(row.get("status") or fallback)
    return fallback if status < 200 or 300 <= status < 400 else status


def page_visit(row: dict[str, Any], status: int) -> Visit:
    body = gzip.decompress((folder() / "pages" / f"{row['id']}.html.gz").read_bytes())
    headers = tuple((row.get("headers") or {"Content-Type": "text/html"}).items())
    return visit(exchange(row.get("url") or "https://site.example/a/page-of-it.html", response(body, status, headers)))


@cache
def judged(forced: int | None = None) -> tuple[tuple[dict[str, Any], State, float], ...]:
    results = []
    for row in rows("pages.jsonl"):
        made = page_visit(row, forced or status_of(row))
        started = time.process_time()
        verdict = judge(as_written(), seen(made))
        results.append((row, verdict.state, time.process_time() - started))
    return tuple(results)


def states(label: str, forced: int | None = None) -> Counter[State]:
    return Counter(state for row, state, _ in judged(forced) if row["label"] == label)


def share(found: Counter[State], *wanted: State) -> float:
    return sum(found[state] for state in wanted) / max(1, found.total())


def test_no_page_that_is_there_is_called_dead() -> None:
    for label in ("alive", "paywall"):
        assert not {state for state in states(label) if state in FAILING}


def test_no_blocked_page_is_called_dead() -> None:
    for label in ("bot_wall", "legal_block", "login_wall", "rate_limited", "forbidden", "server_error"):
        assert not {state for state in states(label) if state in FAILING}


def test_bot_walls_are_recognised() -> None:
    assert share(states("bot_wall"), State.BLOCKED) >= 0.97
    assert share(states("bot_wall", 200), State.BLOCKED) >= 0.97


def test_parked_domains_are_recognised_and_nothing_else_is() -> None:
    assert share(states("parked"), State.PARKED) == 1
    assert not [row["id"] for row, state, _ in judged() if state is State.PARKED and row["label"] != "parked"]


def test_missing_pages_are_recognised_without_their_status() -> None:
    called = [(row["label"], state) for row, state, _ in judged(200) if state is State.SOFT_404]
    assert share(states("not_found"), State.SOFT_404, State.GONE) >= 0.95
    assert share(states("not_found", 200), State.SOFT_404, State.GONE) >= 0.94
    assert sum(label == "not_found" for label, _ in called) / len(called) >= 0.99


def test_legal_blocks_are_recognised() -> None:
    assert share(states("legal_block"), State.RESTRICTED, State.BLOCKED) >= 0.95


def test_login_and_paywall_are_recognised() -> None:
    assert share(states("login_wall"), State.LOGIN) >= 0.9
    assert share(states("paywall"), State.PAYWALL) >= 0.9


def test_shells_and_failing_servers_are_left_open() -> None:
    assert share(states("js_shell"), State.UNKNOWN) >= 0.9
    assert share(states("server_error"), State.TRANSIENT) >= 0.9
    assert share(states("redirect_stub"), State.UNKNOWN, State.MOVED) == 1


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_page_that_is_there_is_not_dead_under_a_refusing_status(status: int) -> None:
    there = [page_visit(row, status) for row in rows("pages.jsonl") if row["label"] == "alive"]
    found = {judge(as_written(), seen(each)).state for each in there}
    assert found
    assert not found & {State.GONE, State.SOFT_404, State.HOST_DEAD}


def test_recorded_headers_tell_walls_from_pages() -> None:
    allowed = {
        "usable": {State.OK, State.GONE, State.SOFT_404, State.MOVED, State.PAYWALL},
        "blocked": {State.BLOCKED, State.RESTRICTED},
        "suspect": {State.BLOCKED, State.RESTRICTED, State.TRANSIENT},
    }
    wrong = [
        row["id"]
        for row in rows("headers_edgi.jsonl")
        if judge(as_written(row["url"]), seen(recorded(row))).state not in allowed[row["label"]]
    ]
    assert not wrong


def recorded(row: dict[str, Any]) -> Visit:
    """A visit with the recorded head and a body of the recorded title and length."""
    title = f"<title>{row['title']}</title>".encode()
    body = title + b"<p>" + b"word " * max(0, (row["content_length"] - len(title)) // 5)
    chain = [row["url"], *(url for url in row["redirects"] or () if url != row["url"])]
    steps = [exchange(here, response("", 302, (("Location", there),))) for here, there in itertools.pairwise(chain)]
    return visit(*steps, exchange(chain[-1], response(body, row["status"], tuple(row["headers"].items()))))


@cache
def compared() -> dict[str, list[Comparison]]:
    found: dict[str, list[Comparison]] = {}
    for row in rows("pairs.jsonl"):
        bodies = [gzip.decompress((folder() / "pairs" / f"{row['id']}.{side}.html.gz").read_bytes()) for side in "ab"]
        then, now = (read_text(response(body)) for body in bodies)
        if then and now:
            found.setdefault(row["label"], []).append(compare(then, now))
    return found


def area(above: Iterable[float], below: Iterable[float]) -> float:
    chances = [(one > other) + 0.5 * (one == other) for one, other in itertools.product(above, tuple(below))]
    return sum(chances) / len(chances)


def clear(*labels: str) -> list[Comparison]:
    return [each for label in labels for each in compared()[label] if each.drift is not Drift.UNCLEAR]


def test_what_is_still_there_is_told_from_what_took_its_place() -> None:
    there, other = clear("same", "edited"), clear("replaced", "gone")
    assert area([each.likeness for each in there], [each.likeness for each in other]) >= 0.99
    assert not [each for each in clear("same", "edited", "rewritten", "volatile") if each.drift is Drift.REPLACED]


def test_what_is_the_same_is_told_from_what_was_edited() -> None:
    assert area([each.sameness for each in clear("same")], [each.sameness for each in clear("edited")]) >= 0.93


def test_a_page_is_judged_in_a_few_times_what_its_markup_takes_to_be_read() -> None:
    read = 0.0
    for row in rows("pages.jsonl"):
        answer = page_visit(row, status_of(row)).last.response
        assert answer is not None
        markup = answer.content.decode("utf-8", "replace")
        started = time.process_time()
        parse(markup)
        read += time.process_time() - started
    # It takes about three times as long.
    assert sum(seconds for _, _, seconds in judged()) < 10 * read
