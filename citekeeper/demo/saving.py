"""The loopback archive's Save Page Now: jobs, polling, its shapes of success and error, its limits, and late visibility.

Source: the service's documentation (revisions of 2025-10 and 2026-07) and answers measured in 2026.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urljoin

from citekeeper.demo.captures import Archived, Captures
from citekeeper.demo.faults import Quota
from citekeeper.demo.wire import Request, answer
from citekeeper.http1 import entity_body, parse_head

Live = Callable[[str], bytes | None]
"""One request to the web as it is now: the answer as sent, or None when the name does not resolve."""

_LOGIN = "You need to be logged in to use Save Page Now."
_REDIRECTS = 3
_UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_MESSAGES = {
    "invalid-host-resolution": "Couldn't resolve host for {}.",
    "too-many-redirects": "Too many redirects for {}.",
    "not-found": "The server cannot find the requested resource {} (HTTP status=404).",
    "no-access": "Target URL {} could not be accessed (status=403).",
}
_ERRORS = {
    401: "unauthorized",
    403: "no-access",
    404: "not-found",
    429: "too-many-requests",
    500: "internal-server-error",
    502: "bad-gateway",
    503: "service-unavailable",
    504: "gateway-timeout",
}


@dataclass(frozen=True, slots=True)
class SavingQuirks:
    """How the service behaves."""

    keys: tuple[tuple[str, str], ...] = (("demo-access", "demo-secret"),)
    """Access and secret keys that are let in."""
    polls: int = 2
    """How often a job is "pending" before it is done."""
    per_url_daily: int = 5
    daily: int = 30_000
    sessions: int = 6
    """Jobs that may be pending at once."""
    publishes: bool = True
    """False: a capture is in neither index nor playback until `publish` is called, as on a bad day."""
    forgets: bool = False
    """Finished jobs are forgotten (after an hour, in the real service)."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """Addresses whose jobs end with this status_ext, "error:…", whatever the web says."""
    now: datetime = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dataclass(slots=True)
class _Job:
    id: str
    url: str
    polls_left: int
    result: dict[str, object]
    captures: list[Archived] = field(default_factory=list)
    """What becomes visible when the job is done."""


@dataclass(slots=True)
class Saving:
    """Answers everything below /save."""

    captures: Captures
    live: Live
    quirks: SavingQuirks = field(default_factory=SavingQuirks)
    quota: Quota | None = None
    """Submissions a minute; 7 since 2026."""
    _jobs: dict[str, _Job] = field(default_factory=dict)
    _today: Counter[str] = field(default_factory=Counter)
    _unpublished: list[Archived] = field(default_factory=list)

    def publish(self) -> None:
        """Make visible what was saved."""
        for capture in self._unpublished:
            self.captures.add(capture)
        self._unpublished.clear()

    def answer(self, request: Request) -> bytes:
        """The answer to one request."""
        path = request.path.rstrip("/")
        if path == "/save/status/system":
            return _json({"status": "ok"})
        if not self._is_known(request.header("Authorization") or ""):
            return _json({"message": _LOGIN}, 401, "UNAUTHORIZED")
        if path == "/save/status/user":
            return self._user()
        form = dict(parse_qsl(request.body.decode("utf-8", "replace")))
        if path.startswith("/save/status"):
            return self._status(path.removeprefix("/save/status").strip("/"), form)
        if request.method != "POST":
            return _nginx(405, "Not Allowed")
        if self.quota and self.quota.check(request):
            return _nginx(429, "Too Many Requests")
        return self._submit(form)

    def _is_known(self, authorization: str) -> bool:
        return authorization in {f"LOW {access}:{secret}" for access, secret in self.quirks.keys}

    def _user(self) -> bytes:
        limit, pending = self.quirks.daily, self._pending()
        counts = {"processing": pending, "available": self.quirks.sessions - pending}
        return _json({**counts, "daily_captures": self._today.total(), "daily_captures_limit": limit})

    def _pending(self) -> int:
        return sum(job.polls_left > 0 for job in self._jobs.values())

    def _submit(self, form: Mapping[str, str]) -> bytes:
        url = form.get("url", "")
        if not re.match(r"(?i)(https?://)?[^\s/]+\.[^\s/]+", url):
            return _json(_problem("invalid-url-syntax", f"{url} URL syntax is not valid."))
        url = url if "://" in url else f"http://{url}"
        job_id = "spn2-" + hashlib.sha1(url.encode(), usedforsecurity=False).hexdigest()
        accepted: dict[str, object] = {"url": url, "job_id": job_id}
        age = self._age_of(url)
        if age is not None and age <= _seconds(form.get("if_not_archived_within", "1h")):
            # The job of the earlier capture, though nothing is done: ids depend on the address alone.
            ago = f"{age // 60} minutes" if age >= 60 else f"{age} seconds"
            message = f"The same snapshot had been made {ago} ago. You can make new capture of this URL after 1 hour."
            self._jobs.setdefault(job_id, _Job(job_id, url, 0, self._success(job_id, self.captures.of(url)[-1])))
            return _json({**accepted, "message": message})
        refusal = self._refusal(url)
        if refusal:
            return _json(refusal)
        self._today[url] += 1
        self._jobs[job_id] = self._job(url, job_id, saves_errors=form.get("capture_all") in ("1", "on"))
        return _json(accepted)

    def _age_of(self, url: str) -> int | None:
        """Seconds since the newest capture."""
        history = self.captures.of(url)
        return max(0, int((self.quirks.now - history[-1].moment).total_seconds())) if history else None

    def _refusal(self, url: str) -> dict[str, object] | None:
        if self._pending() >= self.quirks.sessions:
            limit = "You have already reached the limit of active Save Page Now sessions."
            return {"message": f"{limit} Please wait for a minute and then try again."}
        if self._today[url] >= self.quirks.per_url_daily:
            limit = f"This URL has been already captured {self._today[url]} times today, which is a daily limit"
            return _problem("too-many-daily-captures", f"{limit} we have set for that Resource type. Please try again tomorrow.")
        if self._today.total() >= self.quirks.daily:
            return {"message": f"You cannot make more than {self.quirks.daily:,} captures per day."}
        return None

    def _job(self, url: str, job_id: str, *, saves_errors: bool) -> _Job:
        """Visit the page; what the job will say, and show, when it is done."""
        found, code = self._visit(url, saves_errors)
        code = self.quirks.errors.get(url, code).removeprefix("error:")
        if not code:
            return _Job(job_id, url, self.quirks.polls, self._success(job_id, found[-1]), found)
        result = {**_problem(code, _MESSAGES.get(code, "The capture of {} failed.").format(url)), "job_id": job_id, "resources": []}
        if code == "invalid-host-resolution":
            result["exception"] = "[Errno -2] Name or service not known"
        return _Job(job_id, url, self.quirks.polls, result)

    def _visit(self, url: str, saves_errors: bool) -> tuple[list[Archived], str]:
        """The captures along the redirects, and an error's code or ""."""
        found: list[Archived] = []
        for _ in range(_REDIRECTS + 1):
            sent = self.live(url)
            if sent is None:
                return found, "invalid-host-resolution"
            capture = self._capture(url, sent)
            if capture is None:
                return found, "invalid-server-response"
            found.append(capture)
            location = next((value for name, value in capture.headers if name.lower() == "location"), None)
            if not (300 <= capture.status < 400 and location):
                return found, "" if saves_errors else _ERRORS.get(capture.status, "")
            url = urljoin(url, location)
        return found, "too-many-redirects"

    def _capture(self, url: str, sent: bytes) -> Archived | None:
        raw, blank, body = sent.partition(b"\r\n\r\n")
        head = parse_head(raw + blank)
        if head is None:
            return None
        mime = next((value.partition(";")[0].strip() for name, value in head.headers if name.lower() == "content-type"), "unk")
        timestamp = self.quirks.now.strftime("%Y%m%d%H%M%S")
        return Archived(url, timestamp, entity_body(head.headers, body), mime, head.status, head.headers, head.reason)

    def _success(self, job_id: str, capture: Archived) -> dict[str, object]:
        return {
            "status": "success",
            "job_id": job_id,
            "original_url": capture.original,
            "timestamp": capture.timestamp,
            "http_status": capture.status,
            "duration_sec": 6.203,
            "counters": {"embeds": 0, "outlinks": 0},
            "outlinks": [],
            "resources": [capture.original],
            "delay_wb_availability": False,
        }

    def _status(self, job_id: str, form: Mapping[str, str]) -> bytes:
        if "job_ids" in form:
            return _json([self._poll(each) for each in form["job_ids"].split(",")])
        wanted = job_id or form.get("job_id", "")
        polled = self._poll(wanted)
        return _json(polled) if "status" in polled else _json(polled, 404, "NOT FOUND")

    def _poll(self, job_id: str) -> dict[str, object]:
        job = self._jobs.get(job_id)
        if job is None:
            return {"message": "Job not found", "job_id": job_id}
        if job.polls_left > 0:
            job.polls_left -= 1
            return {"status": "pending", "job_id": job_id, "resources": []}
        self._unpublished += job.captures
        job.captures = []
        if self.quirks.publishes:
            self.publish()
        if self.quirks.forgets:
            del self._jobs[job_id]
        return job.result


def _problem(code: str, message: str) -> dict[str, object]:
    return {"status": "error", "status_ext": f"error:{code}", "message": message}


def _seconds(text: str) -> int:
    """ "3d 5h 20m", or a number of seconds; of two values, split by a comma, the first is the page's own."""
    first = text.partition(",")[0].strip()
    if first.isdecimal():
        return int(first)
    parts = re.findall(r"(\d{1,6})\s*([dhms])", first)
    return int(timedelta(seconds=sum(int(count) * _UNITS[unit] for count, unit in parts)).total_seconds())


def _nginx(status: int, reason: str) -> bytes:
    body = f"<html><head><title>{status} {reason}</title></head><body><center><h1>{status} {reason}</h1></center></body></html>"
    return answer(status, reason, {"Server": "nginx", "Content-Type": "text/html"}, body)


def _json(value: object, status: int = 200, reason: str = "OK") -> bytes:
    return answer(status, reason, {"Server": "nginx", "Content-Type": "application/json"}, json.dumps(value))
