"""Two addresses compared: the same page by another spelling, the front page of a site, words in common."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from citekeeper.domains import registrable

_HOST_PREFIX = re.compile(r"^(?:www\d{0,3}|m|mobile|amp|wap)\.")
_INDEX = re.compile(r"/(?:index|default|home|main|welcome)(?:\.(?:html?|php\d?|aspx?|jsp|cfm|shtml|xhtml))?$", re.I)
# Another rendering of the same page.
_RENDERING = re.compile(r"/(?:amp|print|comments?|feed|full|all|mobile)$", re.I)
# A language, or a language and a country: /en/, /pt-br/, /zh_Hans/.
_LOCALE = re.compile(r"^/[a-z]{2}(?:[-_][a-z]{2,4})?(?=/|$)", re.I)
_SINK = re.compile(
    r"(?:^|[/_.-])(?:404|410|40[34]error|error-?404|page-?not-?found|not-?found|notfound|404-?error|errors?|error-?page|errorpage|missing|"
    r"nicht-gefunden|introuvable|no-encontrado|page-?indisponible)(?:\.[a-z]{2,5})?/?$",
    re.I,
)
_LONGEST_QUERY: Final = 8_000
_TRACKING = re.compile(r"^(?:utm_\w{1,30}|fbclid|gclid|dclid|yclid|msclkid|mc_[ce]id|igshid|_openstat|ref|ref_src)$", re.I)
_WORD = re.compile(r"[^\W_]{3,}")
_STOP: Final = frozenset(
    [
        "the",
        "and",
        "for",
        "with",
        "from",
        "html",
        "htm",
        "php",
        "asp",
        "aspx",
        "index",
        "article",
        "articles",
        "news",
        "story",
        "page",
        "pages",
        "www",
        "com",
        "org",
        "net",
    ]
)


def _host(url: str) -> str:
    host = (urlsplit(url).hostname or "").lower().rstrip(".")
    stripped = _HOST_PREFIX.sub("", host)
    return stripped if "." in stripped else host


def _path(url: str) -> str:
    path = unquote(urlsplit(url).path).rstrip("/")
    path = _RENDERING.sub("", _INDEX.sub("", path))
    return unicodedata.normalize("NFC", _LOCALE.sub("", path)).rstrip("/")


def _query(url: str) -> tuple[str, ...]:
    fields = unquote(urlsplit(url).query).replace(";", "&").split("&")
    return tuple(sorted(field for field in fields if field and not _TRACKING.match(field.split("=", 1)[0])))


def is_same_page(cited: str, final: str) -> bool:
    """Whether the addresses differ only in scheme, www or mobile host, final slash, index name, language, case or tracking."""
    return _host(cited) == _host(final) and _path(cited).lower() == _path(final).lower() and _query(cited) == _query(final)


def is_front_page(url: str) -> bool:
    """Whether `url` is the root of a site, or of its language version."""
    return not _path(url) and not _query(url)


def is_section_of(section: str, url: str) -> bool:
    """Whether `section` is a part of the way to `url` on the same host: /news/ of /news/2019/a-story."""
    above, path = _path(section).lower(), _path(url).lower()
    return _host(section) == _host(url) and bool(above) and path.startswith(above + "/") and not _query(section)


def is_error_page(url: str) -> bool:
    """Whether the path of `url` names an error page (/404.html, /page-not-found)."""
    return _SINK.search(unquote(urlsplit(url).path)[-200:]) is not None


def carries(url: str, target: str) -> bool:
    """Whether a parameter of `url` holds the address `target`, whole or from its path on: the way back once something is done."""
    parts, wanted = urlsplit(url), _way(target)
    fields = parse_qsl(parts.query[:_LONGEST_QUERY])
    return any(wanted in (_way(value), _way(unquote(value))) for _, value in fields if "/" in unquote(value))


def _way(url: str) -> str:
    try:
        return unquote(urlsplit(url.strip()).path).rstrip("/").lower()
    except ValueError:
        return url


def is_same_site(one: str, other: str) -> bool:
    """Whether both belong to one registrable domain."""
    hosts = [(urlsplit(url).hostname or "").lower() for url in (one, other)]
    sites = [registrable(host) or host for host in hosts]
    return sites[0] == sites[1]


def words(text: str) -> frozenset[str]:
    """The words of three letters and more, and numbers, without accents."""
    folded = "".join(char for char in unicodedata.normalize("NFKD", unquote(text).casefold()) if not unicodedata.combining(char))
    return frozenset(_WORD.findall(folded.replace("_", " "))) - _STOP


def slug_words(url: str) -> frozenset[str]:
    """The words of an address's path and query."""
    parts = urlsplit(url)
    return words(f"{parts.path} {parts.query}")


def last_words(url: str) -> frozenset[str]:
    """The words of the last part of an address that has any: its slug."""
    for part in reversed(urlsplit(url).path.split("/")):
        if found := words(part):
            return found
    return slug_words(url)


def overlap(cited: str, final: str, title: str) -> float:
    """Which share of the cited slug's words stands in the final address or title, 0..1."""
    wanted = last_words(cited)
    return len(wanted & (slug_words(final) | words(title))) / len(wanted) if wanted else 0.0
