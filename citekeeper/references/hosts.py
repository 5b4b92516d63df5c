"""Hosts: where one begins when no scheme is written, and whether a name can be one at all."""

from __future__ import annotations

import re

from citekeeper.domains import has_public_suffix
from citekeeper.references.schemes import Anchor

_NUMBERS = re.compile(r"\d{1,10}(?:\.\d{1,10}){1,3}\Z")
_PICTURES = "\u2600-\u27bf\U0001f300-\U0001faff"
_LABEL = re.compile(rf"(?:[^\W_]|[{_PICTURES}])(?:[\w{_PICTURES}-]{{0,61}}(?:[^\W]|[{_PICTURES}]))?\Z|_[\w-]{{1,60}}\Z")
_LAST = re.compile(r"(?:[^\W\d_]{2,63}|xn--[a-z0-9-]{2,59}|i2p)\Z", re.IGNORECASE)


def is_possible_host(authority: str, anchor: Anchor, *, is_cut: bool, has_path: bool = False) -> bool:
    """Whether `authority` (with user and port, if any) names a host that a reader could have meant."""
    host = re.sub(r":\d*\Z", "", authority.rsplit("@", 1)[-1]).rstrip(".")
    if host.startswith("["):
        return host.endswith("]") and host.count(":") >= 2
    if host == "localhost" or _NUMBERS.match(host):
        return True
    labels = host.split(".")
    if not all(_LABEL.match(label) for label in labels):
        return False
    if is_cut:
        return len(labels) > 1 or anchor.scheme is not None
    if len(labels) < 2:
        return _is_inner_name(host, anchor) and (has_path or _PORT.search(authority) is not None)
    if not _LAST.match(labels[-1]):
        return False
    # A space or a missing colon makes "http" a word of the sentence, unless a host beyond doubt follows.
    needs_suffix = anchor.is_loose or anchor.scheme is None
    return has_public_suffix(host) if needs_suffix else True


_INNER_NAME = re.compile(r"[a-z][a-z0-9-]{1,62}\Z")
# What manuals write where the reader's own host goes.
_PLACEHOLDERS = frozenset(
    {"host", "hostname", "server", "servername", "domain", "domainname", "website", "site", "address", "url", "uri", "ip", "ipaddress"}
    | {"example", "target", "victim", "attacker", "foo", "bar", "xxx", "something", "whatever", "somewhere", "your-domain", "yourdomain"}
    | {"your-server", "yourserver", "your-host", "yourhost", "my-server", "myserver", "www", "http", "https"}
)


def _is_inner_name(host: str, anchor: Anchor) -> bool:
    """Whether a name without a dot is one of an inner network ("http://intranet/page"): only behind a scheme as plain as can be."""
    return anchor.scheme is not None and not anchor.repairs and _INNER_NAME.match(host) is not None and host not in _PLACEHOLDERS


_LETTER = r"A-Za-z0-9\u00c0-\u024f\u0370-\u052f"
# Read backwards from the first slash of a path: a port, then labels and the dots between them, however written.
_HOST_BACKWARDS = re.compile(
    rf"(?P<port>\d{{2,5}}(?:\]:\[|:))?[{_LETTER}]{{1,63}}"
    rf"(?:(?: ?[\])}}] ?(?:\.|[Tt][Oo0][Dd]) ?[\[({{] ?|\]\.|\.\[|\]-\[| \. | [Tt][Oo][Dd] |TOD|[.\uff0e])[{_LETTER}_-]{{1,63}}){{1,30}}"
)
_REFUSED_BEFORE = frozenset("@/\\$%#~^<+*?.")
# Suffixes of files that are suffixes of hosts too: "setup.py/x.py" and "README.md/x" are no addresses.
_FILE_SUFFIXES = frozenset({"rs", "pl", "so", "cc", "ps", "in", "am"})
# Under these two labels and one word are nearly always a file or a name in a program: "setup.py/extensions", "user.name/email".
_WORD_SUFFIXES = frozenset({"py", "md", "sh", "mk", "zip", "mov", "js", "name", "read", "call"})
# "10.0.0.0/8" is a network, "10.0.0.1:443/tcp" a service.
_NETMASK = re.compile(r"/(?:\d{1,3}|tcp|udp|icmp|sctp)(?![\w/])")
_GENERIC = frozenset({"com", "org", "net", "edu", "gov", "io"})
_WORD_DOT = re.compile(r"[\[({ ]+[Dd][Oo0][Tt][\])} ]+|(?<=[a-z0-9])DOT(?=[a-z0-9])")
_WRITTEN_LABEL = re.compile(rf"[{_LETTER}_-]+")
_PORT = re.compile(r":\d+\Z|\[:\]\d+\Z")
_QUAD = re.compile(r"\d{1,3}(?:\D{1,5}\d{1,3}){3}\Z")


def host_before(text: str, slash: int, floor: int) -> Anchor | None:
    """The host written in front of the path that begins at `slash`, where no scheme is written."""
    last = text[slash - 1 : slash]
    following = text[slash + 1 : slash + 2]
    if not last.isalnum() or following == "/" or slash <= floor:
        return None
    tail = text[max(floor, slash - 300) : slash]
    if "." not in tail and "ot" not in tail.lower() and "\uff0e" not in tail:
        return None
    match = _HOST_BACKWARDS.match(tail[::-1])
    if match is None:
        return None
    host = match[0][::-1].lstrip("-_")
    start = slash - len(host)
    if start > 0 and text[start - 1] in _REFUSED_BEFORE:
        return None
    if not _is_host(text, host, slash) or (_SPOKEN.search(host) and not _is_spoken_address(text, host, slash)):
        return None
    return _behind_mask(text, start, host, floor) or Anchor(start, start, None, ("no-scheme",))


_UNDERSCORED = re.compile(r"h(?:tt|xx)p(s?):?__\Z", re.IGNORECASE)


def _behind_mask(text: str, start: int, host: str, floor: int) -> Anchor | None:
    """The anchor behind a scheme whose slashes were masked as underscores: "hxxp:__news.example/a"."""
    at = start + host.find("__") + 2 if "__" in host else start
    mask = _UNDERSCORED.search(text[max(floor, at - 9) : at])
    if mask is None:
        return None
    return Anchor(at - len(mask[0]), at, "https" if mask[1] else "http", ("scheme-mask",), is_loose=True)


_SPOKEN = re.compile(r" [Dd][Oo][Tt] ")
# "the dot com/dot net years", "our dot me/…": words that no host is named after.
_ARTICLES = frozenset(
    {"a", "an", "the", "this", "that", "our", "their", "his", "her", "my", "your", "and", "or", "of", "in", "on", "to", "is"}
)


def _is_spoken_address(text: str, host: str, slash: int) -> bool:
    """Without a scheme, words with "dot" between them are an address only before a path that is no word of the sentence."""
    first = _SPOKEN.split(host)[0].lower()
    path = _PATH.match(text, slash)
    return first not in _ARTICLES and host.islower() and path is not None and len(path[0].rstrip(".,;:")) > 4


def _is_host(text: str, written: str, slash: int) -> bool:
    host = _PORT.sub("", written)
    if _QUAD.match(host):
        return _NETMASK.match(text, slash) is None
    labels = _WRITTEN_LABEL.findall(_WORD_DOT.sub(".", host.replace("[-]", "-")))
    if len(labels) < 2 or not labels[-1].isalpha() or not has_public_suffix(f"x.{labels[-1]}"):
        return False
    # "the end of the line.Next/then": a sentence begins without its space.
    if labels[-1].istitle() and (len(labels[-1]) == 2 or not labels[-2].istitle()):
        return False
    # "com.example/app" names a package; "e.g.foo/bar" an example.
    if labels[0] in _GENERIC or (len(labels) > 2 and all(len(label) == 1 for label in labels[:-1])):
        return False
    return len(labels) > 2 or not _is_likely_name(labels[-1], text, slash)


_PATH = re.compile(r"[^\s\"'<>)\]]{0,200}")


def _is_likely_name(suffix: str, text: str, slash: int) -> bool:
    path = _PATH.match(text, slash)
    is_one_word = path is not None and path[0].count("/") == 1
    # "ASP.NET/C#": the platform, not the suffix.
    if suffix.lower() in _WORD_SUFFIXES or suffix == "NET":
        return is_one_word
    return suffix.lower() in _FILE_SUFFIXES and is_one_word and path is not None and "." in path[0]


_WWW = re.compile(r"www\d?(?=[.\[({ \u00a0\uff0e]|DOT)", re.IGNORECASE)


def www_at(text: str, at: int, floor: int) -> Anchor | None:
    """A host that begins with "www" at `at`, where no scheme is written."""
    if at < floor or _WWW.match(text, at) is None:
        return None
    before = text[at - 1 : at]
    if before and (before in "@/\\." or before in "-_" or (before.isascii() and before.isalnum())):
        return None
    return Anchor(at, at, None, ("no-scheme",))
