"""Save Page Now, the Wayback Machine's service that archives a page on request: submit, ask how it goes, and what each answer means.

Nothing it says is believed before the copy can be read: that is the caller's part, later. Keys never leave this module
but in the Authorization field. Source: the service's documentation, revisions of 2025-10-22 and 2026-07-22.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from citekeeper.archives.manners import Manners, Pool, is_rate_limit
from citekeeper.model import Clock, Exchange, Fetch, Limiter
from citekeeper.surt import without_userinfo

SAVE = "save"
_MOST_JOBS = 50
_LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True)
class Keys:
    """The two keys of an Internet Archive account."""

    access: str = field(repr=False)
    secret: str = field(repr=False)


class Outcome(StrEnum):
    """What an answer of the service means."""

    ACCEPTED = "accepted"
    """It has a job now."""
    PENDING = "pending"
    DONE = "done"
    """The service says so."""
    TRANSIENT = "transient"
    BUSY = "busy"
    """As many jobs are under way as we may have: a minute's wait."""
    QUOTA = "quota"
    """A limit of a day is reached."""
    PERMANENT = "permanent"
    KEYS = "keys"
    """The keys are missing or wrong."""
    FORGOTTEN = "forgotten"
    """The job is not known (any more: they are kept for an hour)."""


@dataclass(frozen=True, slots=True)
class SaveAnswer:
    """One answer about one page."""

    outcome: Outcome
    job: str = ""
    message: str = ""
    """In the service's words."""


class SavePageNow:
    """The service, for one account."""

    def __init__(
        self,
        fetch: Fetch,
        *,
        limiter: Limiter,
        clock: Clock,
        keys: Keys,
        url: str = "https://web.archive.org",
        per_minute: float = 7.0,
        not_within: float = 30 * 86400.0,
        patience: float = 0.0,
        timeout: float | None = None,
    ) -> None:
        """`not_within`: no new capture when there is one younger than this, in seconds. `patience` is 0: the queue can wait."""
        pools = (Pool(SAVE, per_minute), Pool("save-status", max(20.0, per_minute), burst=2))
        self._manners = Manners(fetch, limiter, clock, pools=pools, patience=patience, timeout=timeout)
        self._base = url.rstrip("/")
        self._keys = keys
        self._not_within = not_within

    async def submit(self, url: str) -> SaveAnswer:
        """Ask for a capture of `url`."""
        form = {"url": without_userinfo(url), "if_not_archived_within": f"{self._not_within:.0f}", "skip_first_archive": "1"}
        exchange = await self._manners.ask(SAVE, f"{self._base}/save", self._headers(), urlencode(form).encode())
        told = _object(exchange)
        if told is None:
            return _trouble(exchange)
        job = str(told.get("job_id") or "")
        return SaveAnswer(Outcome.ACCEPTED, job, _message(told)) if job else _refusal(told, exchange)

    async def poll(self, jobs: Sequence[str]) -> dict[str, SaveAnswer]:
        """How the jobs are going; a job of which nothing was said is missing."""
        found: dict[str, SaveAnswer] = {}
        for start in range(0, len(jobs), _MOST_JOBS):
            asked = jobs[start : start + _MOST_JOBS]
            form = urlencode({"job_ids": ",".join(asked)}).encode()
            exchange = await self._manners.ask("save-status", f"{self._base}/save/status", self._headers(), form)
            found |= {answer.job: answer for answer in _polled(exchange) if answer.job in asked}
        return found

    def _headers(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Authorization", f"LOW {self._keys.access}:{self._keys.secret}"),
            ("Accept", "application/json"),
            ("Content-Type", "application/x-www-form-urlencoded"),
        )


# ── answers ───────────────────────────────────────────────────────────────────────────────────


@cache
def _kinds() -> tuple[Mapping[str, Outcome], Sequence[tuple[str, Outcome]]]:
    told: dict[str, Any] = tomllib.loads((files("citekeeper.archives") / "data" / "save_errors.toml").read_text("utf-8"))
    kinds = (Outcome.TRANSIENT, Outcome.QUOTA, Outcome.PERMANENT)
    codes = {code: kind for kind in kinds for code in told[kind.value]["codes"]}
    return codes, [(each["text"], Outcome(each["kind"])) for each in told["words"]]


def kind_of(status_ext: str, message: str) -> Outcome:
    """What an error means: by its code, "error:no-access", else by its words."""
    codes, words = _kinds()
    code = status_ext.removeprefix("error:")
    if code:
        return codes.get(code, Outcome.PERMANENT)
    return next((kind for text, kind in words if text in message), Outcome.TRANSIENT)


def _object(exchange: Exchange) -> dict[str, Any] | None:
    """The JSON object that was sent, or None."""
    told = _json(exchange)
    return told if isinstance(told, dict) else None


def _json(exchange: Exchange) -> object:
    response = exchange.response
    if response is None or is_rate_limit(exchange):
        return None
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return None


def _message(told: Mapping[str, Any]) -> str:
    return " ".join(str(told.get("message") or "").split())[:_LONGEST_MESSAGE]


def _refusal(told: Mapping[str, Any], exchange: Exchange) -> SaveAnswer:
    message, code = _message(told), str(told.get("status_ext") or "")
    if (exchange.response is not None and exchange.response.status in (401, 403) and not code) or "need to be logged in" in message:
        return SaveAnswer(Outcome.KEYS, "", message)
    if code == "error:too-many-daily-captures":
        # Of this page, by whomever: it is archived, and the look for its copy will tell.
        return SaveAnswer(Outcome.DONE, "", message)
    return SaveAnswer(kind_of(code, message), "", message or code)


def _trouble(exchange: Exchange) -> SaveAnswer:
    """No JSON came: a server error, a rate limit, a page, or nothing; it may have been saved all the same."""
    if is_rate_limit(exchange):
        return SaveAnswer(Outcome.BUSY, "", "the service asked us to slow down (429)")
    if exchange.failure is not None:
        return SaveAnswer(Outcome.TRANSIENT, "", exchange.failure.message)
    status = exchange.response.status if exchange.response else 0
    return SaveAnswer(Outcome.KEYS if status == 401 else Outcome.TRANSIENT, "", f"the service answered {status} without JSON")


def _polled(exchange: Exchange) -> list[SaveAnswer]:
    told = _json(exchange)
    return [_job(each) for each in told if isinstance(each, dict)] if isinstance(told, list) else []


def _job(told: Mapping[str, Any]) -> SaveAnswer:
    job, status, message = str(told.get("job_id") or ""), told.get("status"), _message(told)
    if status == "success":
        return SaveAnswer(Outcome.DONE, job)
    if status == "pending":
        return SaveAnswer(Outcome.PENDING, job)
    if status == "error":
        code = str(told.get("status_ext") or "")
        return SaveAnswer(kind_of(code, message), job, message or code)
    return SaveAnswer(Outcome.FORGOTTEN, job, message)
