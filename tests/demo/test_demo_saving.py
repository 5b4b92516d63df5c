"""The loopback Save Page Now accepts, delays, refuses and fails as the real one does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from citekeeper.demo import Archived, DnsFault, Pages, Quota, Request, Saving, World, page, redirect

AUTH = (("Authorization", "LOW demo-access:demo-secret"), ("Accept", "application/json"))
URL = "https://ferry.example/a"
JOB = "spn2-" + hashlib.sha1(URL.encode(), usedforsecurity=False).hexdigest()


@pytest.fixture
def world() -> Iterator[World]:
    loops = {"/round": redirect("/round"), "/old": redirect("/a"), "/a": page(b"<title>Ferry</title>")}
    with World(scenes=(), sites={"ferry.example": Pages(loops)}, dns={"dead.example": DnsFault.NXDOMAIN}) as world:
        yield world


def ask(world: World, path: str, form: dict[str, str] | None = None, *, headers: tuple[tuple[str, str], ...] = AUTH) -> tuple[int, Any]:
    body = urlencode(form).encode() if form is not None else b""
    method = "POST" if form is not None else "GET"
    (raw,) = world.archive(Request("web.archive.example", method, path, headers, body, 0.0, False, None, 1, 0, 1, b""))
    assert isinstance(raw, bytes)
    text = raw.partition(b"\r\n\r\n")[2]
    return int(raw.split(b" ")[1]), json.loads(text) if text.startswith((b"{", b"[")) else text


def saving(world: World) -> Saving:
    assert world.archive.saving is not None
    return world.archive.saving


def result(world: World, url: str, **options: str) -> Any:
    job = ask(world, "/save", {"url": url, **options})[1]["job_id"]
    polls = [ask(world, f"/save/status/{job}")[1] for _ in range(3)]
    assert [each["status"] for each in polls[:2]] == ["pending", "pending"]
    return polls[2]


def test_without_keys_one_has_to_log_in(world: World) -> None:
    for headers in ((), (("Authorization", "LOW demo-access:wrong"),)):
        assert ask(world, "/save", {"url": URL}, headers=headers) == (401, {"message": "You need to be logged in to use Save Page Now."})
        assert ask(world, f"/save/status/{JOB}", headers=headers)[0] == 401


def test_a_page_is_saved_after_some_polls_and_then_archived(world: World) -> None:
    assert ask(world, "/save", {"url": URL}) == (200, {"url": URL, "job_id": JOB})
    assert ask(world, f"/save/status/{JOB}") == (200, {"status": "pending", "job_id": JOB, "resources": []})
    assert world.archive.captures.of(URL) == []
    ask(world, "/save/status", {"job_id": JOB})
    done = ask(world, "/save/status", {"job_ids": JOB})[1][0]
    assert (done["status"], done["original_url"], done["timestamp"], done["http_status"]) == ("success", URL, "20261101120000", 200)
    (capture,) = world.archive.captures.of(URL)
    assert (capture.body, capture.mime) == (b"<title>Ferry</title>", "text/html")


def test_redirects_are_followed_and_each_is_archived(world: World) -> None:
    assert result(world, "https://ferry.example/old")["original_url"] == URL
    assert world.archive.captures.of("https://ferry.example/old")[0].status == 301
    assert result(world, "https://ferry.example/round")["status_ext"] == "error:too-many-redirects"


def test_what_cannot_be_saved_says_why(world: World) -> None:
    lost = result(world, "https://ferry.example/none")
    assert (lost["status"], lost["status_ext"]) == ("error", "error:not-found")
    dead = result(world, "https://dead.example/x")
    assert dead["status_ext"] == "error:invalid-host-resolution"
    assert dead["exception"] == "[Errno -2] Name or service not known"
    assert dead["message"] == "Couldn't resolve host for https://dead.example/x."
    status, invalid = ask(world, "/save", {"url": "no address"})
    assert (status, invalid["status_ext"], "job_id" in invalid) == (200, "error:invalid-url-syntax", False)


def test_error_pages_are_saved_on_request(world: World) -> None:
    assert result(world, "https://ferry.example/none", capture_all="True")["status"] == "error"
    assert result(world, "https://ferry.example/none", capture_all="1")["http_status"] == 404


def test_a_recent_capture_answers_with_the_same_job(world: World) -> None:
    world.archive.captures.add(Archived(URL, "20261101113000"))
    status, told = ask(world, "/save", {"url": URL})
    assert (status, told["job_id"]) == (200, JOB)
    assert told["message"].startswith("The same snapshot had been made 30 minutes ago.")
    assert ask(world, f"/save/status/{JOB}")[1]["timestamp"] == "20261101113000"
    assert "message" not in ask(world, "/save", {"url": URL, "if_not_archived_within": "10m"})[1]


def test_an_old_capture_can_be_enough(world: World) -> None:
    world.archive.captures.add(Archived(URL, "20261029120000"))
    assert "message" in ask(world, "/save", {"url": URL, "if_not_archived_within": "3d 5h 20m"})[1]


def test_quotas_answer_with_200_and_no_job(world: World) -> None:
    saving(world).quirks = replace(saving(world).quirks, sessions=1)
    ask(world, "/save", {"url": URL})
    status, told = ask(world, "/save", {"url": "https://ferry.example/old"})
    assert (status, list(told)) == (200, ["message"])
    assert "active Save Page Now sessions" in told["message"]
    saving(world).quirks = replace(saving(world).quirks, sessions=9, per_url_daily=1)
    assert ask(world, "/save", {"url": URL})[1]["status_ext"] == "error:too-many-daily-captures"
    saving(world).quirks = replace(saving(world).quirks, per_url_daily=9, daily=1)
    assert ask(world, "/save", {"url": URL})[1]["message"] == "You cannot make more than 1 captures per day."


def test_too_many_submissions_a_minute_meet_the_front_server(world: World) -> None:
    saving(world).quota = Quota(1)
    assert ask(world, "/save", {"url": URL})[0] == 200
    assert ask(world, "/save", {"url": URL})[0] == 429


def test_a_capture_may_become_visible_late(world: World) -> None:
    saving(world).quirks = replace(saving(world).quirks, publishes=False, polls=0)
    ask(world, "/save", {"url": URL})
    assert ask(world, f"/save/status/{JOB}")[1]["status"] == "success"
    assert world.archive.captures.of(URL) == []
    saving(world).publish()
    assert len(world.archive.captures.of(URL)) == 1


def test_jobs_can_fail_on_order_and_be_forgotten(world: World) -> None:
    saving(world).quirks = replace(saving(world).quirks, errors={URL: "error:browsing-timeout"}, forgets=True, polls=0)
    ask(world, "/save", {"url": URL})
    assert ask(world, f"/save/status/{JOB}")[1]["status_ext"] == "error:browsing-timeout"
    assert ask(world, f"/save/status/{JOB}")[0] == 404


def test_the_service_tells_its_state(world: World) -> None:
    ask(world, "/save", {"url": URL})
    counts = {"processing": 1, "available": 5, "daily_captures": 1, "daily_captures_limit": 30_000}
    assert ask(world, "/save/status/user?_t=1") == (200, counts)
    assert ask(world, "/save/status/system", headers=()) == (200, {"status": "ok"})
    assert ask(world, f"/save/{URL}")[0] == 405
