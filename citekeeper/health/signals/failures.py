"""No answer: names that do not resolve, connections refused, TLS that does not hold, redirects without end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from citekeeper.health.signals.base import Signal, counted
from citekeeper.health.view import View
from citekeeper.model import CodeMeaning, Evidence, FailureKind, Stop, TlsFault

_CHECK_AGAIN: Final = "Check again later; a host that stays silent for two weeks is probably gone."
_TLS_ADVICE: Final = "The page may well be there; its content was not fetched because the connection could not be trusted."


def _look(view: View) -> Iterator[Evidence]:
    failure = view.failure
    if failure is None:
        if view.visit.stop not in {Stop.ANSWER, Stop.FAILURE}:
            yield Evidence(view.visit.stop.value, f"after {counted(len(view.visit.exchanges), 'request')}")
        return
    if failure.kind is FailureKind.TLS:
        fault = failure.tls_fault or TlsFault.OTHER
        yield Evidence(f"tls-{fault.value}", _TLS_WORDS.get(fault) or _handshake(failure.message.lower()))
    else:
        yield Evidence(failure.kind.value, failure.message)


_FAILURES: Final = {
    FailureKind.INVALID_URL: ("No request can be made of this address.", "Correct the address in the article."),
    FailureKind.UNSUPPORTED_SCHEME: ("Only http and https addresses are visited.", "Check this one by hand."),
    FailureKind.FORBIDDEN_ADDRESS: (
        "The name leads to a private, loopback or otherwise non-public address, which is never visited.",
        "Correct the address, or allow private addresses in the configuration if it is meant.",
    ),
    FailureKind.NXDOMAIN: (
        "The name server says that this host name does not exist.",
        "Look for an archived copy; the domain has probably lapsed.",
    ),
    FailureKind.DNS: ("The host name could not be looked up (server failure or no answer), so nothing is known about it.", _CHECK_AGAIN),
    FailureKind.OFFLINE: ("This machine has no network.", "Connect it and run the audit again."),
    FailureKind.REFUSED: ("The host refused the connection.", _CHECK_AGAIN),
    FailureKind.UNREACHABLE: ("No route led to the host.", _CHECK_AGAIN),
    FailureKind.CONNECT_TIMEOUT: ("The host did not accept a connection in time.", _CHECK_AGAIN),
    FailureKind.TIMEOUT: ("The host accepted the connection but did not answer in time.", _CHECK_AGAIN),
    FailureKind.RESET: ("The connection was closed before an answer was complete.", _CHECK_AGAIN),
    FailureKind.PROTOCOL: ("What answered does not speak HTTP.", _CHECK_AGAIN),
    FailureKind.HEAD_TOO_LARGE: ("The header of the answer was larger than the limit.", "Check this one by hand."),
    FailureKind.PROXY: ("The proxy could not make the request.", "Check the proxy settings."),
    FailureKind.BUDGET: ("The time or request budget was used up first.", "Run again with a larger budget."),
    FailureKind.ROBOTS: ("The site's robots.txt asks programs not to fetch this page.", "Check this one by hand."),
    FailureKind.BREAKER: ("Not asked: the service told us to stop for now.", "Run again later."),
}

_TLS: Final = {
    TlsFault.EXPIRED: "The host's certificate has expired.",
    TlsFault.NOT_YET_VALID: "The host's certificate is not valid yet; this machine's clock may be wrong.",
    TlsFault.WRONG_HOST: "The certificate is for another host name.",
    TlsFault.SELF_SIGNED: "The certificate is signed by nobody but the host itself.",
    TlsFault.UNTRUSTED: "The certificate comes from an authority that this machine does not trust.",
    TlsFault.HANDSHAKE: "The host and this machine could not agree on how to speak TLS.",
    TlsFault.OTHER: "The secure connection failed.",
}

_TLS_WORDS: Final = {
    TlsFault.EXPIRED: "the certificate has expired",
    TlsFault.NOT_YET_VALID: "the certificate is not valid yet",
    TlsFault.WRONG_HOST: "the certificate is for another name",
    TlsFault.SELF_SIGNED: "the certificate is signed by the host itself",
    TlsFault.UNTRUSTED: "nobody whom this machine trusts has signed the certificate",
}

# The words of OpenSSL (openssl/sslerr.h), which say little to most readers; the whole message stays with the observation.
_HANDSHAKES: Final = (
    (("wrong version number", "http request"), "what answers there does not speak TLS"),
    (("unsupported protocol", "protocol version", "version too low"), "the host speaks only outdated versions of TLS"),
    (("no shared cipher", "no cipher", "handshake failure"), "the host and this machine have no way to encrypt in common"),
    (("unrecognized name", "unrecognised name"), "the host does not know the name that it was asked for"),
    (("key too small", "md too weak", "legacy"), "the host's encryption is too weak"),
    (("certificate required", "bad certificate"), "the host wants a certificate from its visitors"),
)


def _handshake(message: str) -> str:
    return next((words for parts, words in _HANDSHAKES if any(part in message for part in parts)), "the secure connection failed")


_STOPS: Final = {
    Stop.LOOP: ("The redirects lead in a circle, as they do for visitors without cookies.", "Open the page in a browser."),
    Stop.TOO_MANY_HOPS: ("There were more redirects than the limit.", "Open the page in a browser."),
    Stop.BAD_LOCATION: ("A redirect did not say where to.", "Open the page in a browser."),
}

FAILURES = Signal(
    _look,
    (
        *(CodeMeaning(kind.value, *texts) for kind, texts in _FAILURES.items()),
        *(CodeMeaning(f"tls-{fault.value}", text, _TLS_ADVICE) for fault, text in _TLS.items()),
        *(CodeMeaning(stop.value, *texts) for stop, texts in _STOPS.items()),
    ),
)
