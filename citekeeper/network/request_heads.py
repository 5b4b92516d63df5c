"""What we say of ourselves: the header fields of a request, its head as bytes, and what of it may be stored."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from citekeeper import __version__
from citekeeper.errors import ConfigError
from citekeeper.model import Ask, Purpose
from citekeeper.network.targets import Target, parse
from citekeeper.settings import HOMEPAGE, NetworkSettings

SECRET = frozenset({"authorization", "proxy-authorization", "cookie"})
"""Fields that never reach a record, in lower case."""

_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
# Only gzip is asked for: every server has it, and it is stored as it came (76 µs of record writing a page instead of 177).
_ENCODINGS = "gzip"
_LANGUAGES = "en,*;q=0.7"
_CONTROL = frozenset(map(chr, range(0x20))) | {"\x7f"}


def user_agent(settings: NetworkSettings) -> str:
    """The configured User-Agent, or our own with a page that tells whom to write to."""
    return settings.user_agent or f"citekeeper/{__version__} (+{HOMEPAGE}; link audit)"


def parse_headers(lines: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Read the setting `network.headers`; ConfigError (without the value, it may be a secret) for what is not "Name: value"."""
    pairs: list[tuple[str, str]] = []
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not _is_field(name.strip(), value.strip()):
            raise ConfigError(f"header {name.strip()[:40]!r} is not 'Name: value'", where="network.headers")
        pairs.append((name.strip(), value.strip()))
    return tuple(pairs)


@dataclass(frozen=True, slots=True)
class HostHeader:
    """A field that goes to one host, or to those below one domain, and nowhere else."""

    host: str
    """In ASCII, lower case; "*.example.org" means those below."""
    name: str
    value: str

    def is_for(self, host: str) -> bool:
        """Whether it goes to `host`."""
        return host.endswith(self.host[1:]) if self.host.startswith("*.") else host == self.host


def parse_host_headers(lines: tuple[str, ...]) -> tuple[HostHeader, ...]:
    """Read the setting `network.host_headers`; ConfigError (without the value) for what is not "HOST Name: value"."""
    found: list[HostHeader] = []
    for line in lines:
        host, _, field = line.strip().partition(" ")
        name, colon, value = field.partition(":")
        target = parse(f"https://{host.removeprefix('*.')}/")
        if not colon or not _is_field(name.strip(), value.strip()) or not isinstance(target, Target):
            raise ConfigError(
                f"{host[:60]!r} is not followed by 'Name: value'", where="network.host_headers", hint="write HOST Name: value"
            )
        found.append(HostHeader(f"*.{target.host}" if host.startswith("*.") else target.host, name.strip(), value.strip()))
    return tuple(found)


def _is_field(name: str, value: str) -> bool:
    is_name = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return is_name and not _CONTROL.intersection(value) and all(ord(char) < 0x100 for char in value)


def compose(ask: Ask, agent: str, own: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """All fields of a request but Host, in order; later ones replace earlier ones of the same name.

    `own` is what the user's settings add for this host, sent with visits and requisites. Fields that could smuggle a line are left out.
    """
    return _composed((*(own if ask.purpose in (Purpose.VISIT, Purpose.REQUISITE) else ()), *ask.headers), agent, len(ask.body))


# The same for nearly every request of a run.
@lru_cache(maxsize=64)
def _composed(extra: tuple[tuple[str, str], ...], agent: str, length: int) -> tuple[tuple[str, str], ...]:
    fields = {
        "user-agent": ("User-Agent", agent),
        "accept": ("Accept", _ACCEPT),
        "accept-language": ("Accept-Language", _LANGUAGES),
        "accept-encoding": ("Accept-Encoding", _ENCODINGS),
    }
    for name, value in extra:
        if _is_field(name, value) and name.lower() not in ("host", "content-length", "transfer-encoding", "connection"):
            fields[name.lower()] = (name, value)
    if length:
        fields["content-length"] = ("Content-Length", str(length))
    return tuple(fields.values())


def appearance(settings: NetworkSettings) -> str:
    """What every visit says of itself, the user's own headers left out: a page may be another one for whoever says something else."""
    fields = compose(Ask(""), user_agent(settings), ())
    return "\n".join([*(f"{name}: {value}" for name, value in fields), *(["through a proxy"] if settings.proxy else [])])


def request_target(target: Target, *, absolute: bool) -> str:
    """The second word of the request line; absolute when a proxy is asked for a plain http page."""
    return target.url if absolute else target.path


@lru_cache(maxsize=4)
def _as_sent(names: frozenset[str]) -> tuple[bytes, ...]:
    return tuple(name.encode("latin-1") for name in names)


def redacted(request: bytes, secret: frozenset[str]) -> bytes:
    """The request without the lines of secret fields: it differs from the wire by exactly those lines."""
    head, blank, body = request.partition(b"\r\n\r\n")
    lowered = head.lower()
    if not any(name in lowered for name in _as_sent(secret)):
        return request
    lines = head.split(b"\r\n")
    kept = lines[:1] + [line for line in lines[1:] if line.partition(b":")[0].strip().lower().decode("latin-1") not in secret]
    return b"\r\n".join(kept) + blank + body
