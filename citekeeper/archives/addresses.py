"""The addresses of the Wayback Machine: index queries, TimeGate and playback; and the key test of a prefix query."""

from __future__ import annotations

from urllib.parse import quote, urldefrag, urlencode, urlsplit

from citekeeper.archives.cdx import FIELDS
from citekeeper.model import IndexRow
from citekeeper.surt import surt

# Everything that may stand in an address as it is, "%" included: the archive wants the original raw behind its own path.
_RAW = "%/:=&?~+!$,;'@()*[]|"


def index_url(base: str, prefix: str, *, limit: int, plain: bool = False) -> str:
    """One index query for all captures whose key begins with that of `prefix`.

    One row for each address, no error pages; revisits have no status, so that statuses are excluded rather than asked for.
    No `from` and `to`: a prefix query with a recent `from` takes the server into 504 (internetarchive/wayback, issue 285).
    `plain` leaves filter and grouping to us, for a server that gave up on them.
    """
    query = [("url", prefix), ("matchType", "prefix")]
    if not plain:
        query += [("collapse", "urlkey"), ("filter", "!statuscode:[45]..")]
    query += [("fl", ",".join(FIELDS)), ("limit", str(limit)), ("output", "json")]
    return f"{base}/cdx/search/cdx?{urlencode(query)}"


def timegate_url(base: str, url: str) -> str:
    """Where the archive is asked for the capture nearest to a date (RFC 7089)."""
    return f"{base}/web/{_raw(urldefrag(url).url)}"


def playback_url(base: str, digits: str, original: str) -> str:
    """The capture's bytes as they were archived, without banner and rewriting (`id_`)."""
    return f"{base}/web/{digits}id_/{_raw(original)}"


def view_url(base: str, digits: str, original: str) -> str:
    """The capture as people see it."""
    return f"{base}/web/{digits}/{_raw(original)}"


def _raw(url: str) -> str:
    return quote(url, safe=_RAW)


class PrefixTest:
    """Whether a row belongs to a prefix: the live index drops a trailing slash and then answers with too much."""

    def __init__(self, prefix: str) -> None:
        key = surt(prefix)
        path = urlsplit(prefix).path if "?" not in prefix else ""
        self._key = f"{key}/" if path.endswith("/") and not key.endswith("/") else key

    def __call__(self, row: IndexRow) -> bool:
        """Whether the row's key, the archive's or our own, begins with the prefix's."""
        return row.urlkey.startswith(self._key) or surt(row.original).startswith(self._key)
