"""Requests, answers and visits: what crossed the wire, byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    """Why a request is made; politeness, robots and limits depend on it."""

    VISIT = "visit"
    ARCHIVE = "archive"
    SOURCE = "source"
    PROBE = "probe"
    REQUISITE = "requisite"
    """What a page needs to be shown."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to be made; never follows a redirect by itself."""

    url: str
    purpose: Purpose = Purpose.VISIT
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    """Beyond those that the network sends by itself."""
    body: bytes = b""
    timeout: float | None = None
    """Seconds that it may take in all; None: as long as the network's setting says."""


class FailureKind(StrEnum):
    """Why there was no answer."""

    INVALID_URL = "invalid-url"
    UNSUPPORTED_SCHEME = "unsupported-scheme"
    FORBIDDEN_ADDRESS = "forbidden-address"
    """The guard: private, loopback or otherwise non-global."""
    NXDOMAIN = "nxdomain"
    DNS = "dns"
    """SERVFAIL, timeout or no usable answer: nothing is known about the name."""
    OFFLINE = "offline"
    """This machine has no network."""
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    CONNECT_TIMEOUT = "connect-timeout"
    TIMEOUT = "timeout"
    """Connected, but no complete head within the deadline."""
    RESET = "reset"
    """Closed or reset before a complete head."""
    TLS = "tls"
    PROTOCOL = "protocol"
    """The answer is not HTTP."""
    HEAD_TOO_LARGE = "head-too-large"
    PROXY = "proxy"
    BUDGET = "budget"
    """Gave up: the budget of the link, host or run was used up."""
    ROBOTS = "robots"
    BREAKER = "breaker"
    """Not asked: the service told us to stop for now."""


class TlsFault(StrEnum):
    """What is wrong with a host's TLS."""

    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    WRONG_HOST = "wrong-host"
    SELF_SIGNED = "self-signed"
    UNTRUSTED = "untrusted"
    HANDSHAKE = "handshake"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Failure:
    """An exchange that got no answer."""

    kind: FailureKind
    message: str
    tls_fault: TlsFault | None = None


class Cut(StrEnum):
    """Why a body is shorter than what the server meant to send (the tokens of WARC-Truncated)."""

    LENGTH = "length"
    TIME = "time"
    DISCONNECT = "disconnect"


@dataclass(frozen=True, slots=True)
class Response:
    """An answer exactly as it crossed the wire, and its body as meant."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    """Names as sent, values decoded as latin-1; repeated fields repeated."""
    head: bytes
    """Status line and header lines verbatim, through the blank line."""
    body: bytes
    """Before transfer- and content-decoding."""
    content: bytes
    """After both, up to the cap on decoded bytes."""
    cut: Cut | None = None
    problem: str | None = None
    """What is wrong with the body's encoding: "bad-chunking", "bad-gzip", "decoded-too-large", "unknown-encoding:x"."""

    def header(self, name: str) -> str | None:
        """The first value of the field `name`, compared without case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def header_values(self, name: str) -> tuple[str, ...]:
        """All values of the field `name`, in order."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)


@dataclass(frozen=True, slots=True)
class Tls:
    """How a connection was secured."""

    version: str
    """As WARC-Protocol writes it: "tls/1.3"."""
    cipher: str
    chain: tuple[str, ...] = ()
    """PEM, leaf first."""


@dataclass(frozen=True, slots=True)
class NotModified:
    """A server's word, asked for with validators, that a page is what it was when it was stored."""

    head: bytes
    """Of its answer 304, verbatim through the blank line."""
    record_id: str
    """The record of the answer that still holds."""
    url: str
    at: datetime
    """Address and date of that record."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, or its failure."""

    url: str
    started: datetime
    """When the capture began, UTC."""
    elapsed: float
    """Seconds."""
    request: bytes
    """Head (and body) as sent; empty when nothing was sent."""
    outcome: Response | Failure
    ip: str | None = None
    """The address actually connected to."""
    tls: Tls | None = None
    method: str = "GET"
    via_proxy: bool = False
    withheld: bool = False
    """The request had fields that are not kept: credentials, cookies, headers of the user's own."""
    not_modified: NotModified | None = None
    """The server answered 304; `outcome` then is the earlier answer that it speaks of, its fields brought up to date."""

    @property
    def response(self) -> Response | None:
        """The answer, or None when there was none."""
        return self.outcome if isinstance(self.outcome, Response) else None

    @property
    def failure(self) -> Failure | None:
        """The failure, or None when there was an answer."""
        return self.outcome if isinstance(self.outcome, Failure) else None


@dataclass(frozen=True, slots=True)
class HostStats:
    """How one host behaved in a run."""

    host: str
    requests: int
    answers: int
    errors: int
    """Answers with a status of 400 and above."""
    failures: int
    """Exchanges without an answer."""
    rebukes: int
    """429 and 503."""
    seconds: float
    """Of all exchanges together."""
    slowest: float
    received: int
    """Bytes of heads and bodies, as sent."""


class Stop(StrEnum):
    """Why a visit ended where it did."""

    ANSWER = "answer"
    FAILURE = "failure"
    LOOP = "redirect-loop"
    TOO_MANY_HOPS = "too-many-hops"
    BAD_LOCATION = "bad-location"
    """A redirect without a usable target."""


@dataclass(frozen=True, slots=True)
class Visit:
    """The exchanges that following one address took."""

    id: str
    """A UUID; captures carry it, so that a visit can be put together again from them."""
    target: str
    exchanges: tuple[Exchange, ...]
    stop: Stop
    attempts: int = 1
    """How often it was tried in this run; the exchanges are those of the last."""

    @property
    def last(self) -> Exchange:
        """The exchange that ended the visit."""
        return self.exchanges[-1]
