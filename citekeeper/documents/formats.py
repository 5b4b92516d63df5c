"""The formats that can be read, and which of them a source is in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol
from urllib.parse import urlsplit

from citekeeper.documents import containers, looks
from citekeeper.documents import text as plain
from citekeeper.documents.decoding import Unreadable, decode
from citekeeper.documents.listings import listing
from citekeeper.documents.signatures import recognise
from citekeeper.model import Document, SourceProblem


class Reader(Protocol):
    """Reads one format."""

    def __call__(self, text: str, *, source: str) -> Document:
        """Read `text`, the whole source, decoded; never raises on hostile input."""


def _lazily(module: str) -> Reader:
    """The reader in a module of this room, which is loaded with the first document."""

    def read(text: str, *, source: str) -> Document:
        document: Document = import_module(f"citekeeper.documents.{module}").read(text, source=source)
        return document

    return read


def _csv(text: str, *, source: str) -> Document:
    from citekeeper.documents import delimited

    return delimited.read(text, source=source)


def _json(text: str, *, source: str) -> Document:
    from citekeeper.documents import csl_json, json_values

    if _CSL_KEY.search(text, 0, _LOOK) and (bibliography := csl_json.read(text, source=source)).entries:
        return bibliography
    return json_values.read(text, source=source)


@dataclass(frozen=True, slots=True)
class Format:
    """A format: how it is named, recognised and read."""

    name: str
    endings: tuple[str, ...]
    """Of file names, in lower case with the dot."""
    content_types: tuple[str, ...]
    read: Reader
    shows: Callable[[str], bool]
    """Whether a text is unmistakably in this format, whatever its name says."""
    walked: bool = True
    """Whether folders are searched for it: tables and data lie everywhere, and are read when they are named."""


# HTML that somebody wrote by hand or saved: a doctype, or one of the elements that only a page has.
_HTML_START = re.compile(
    r"\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,200})?(?:<!--[^>]{0,2000}>\s{0,200})?<(?:!doctype html|html|head|body)\b", re.I
)
_HTML_TAG = re.compile(r"</?(?:p|div|br|a|span|li|ul|ol|h[1-6]|table|body|html|title|em|strong|b|i|sup|blockquote)\b[^<>]{0,2000}>", re.I)
_MARKDOWN_SIGNS = (
    re.compile(r"^#{1,6} \S", re.M),
    re.compile(r"\]\((?:https?:|/|#|<)", re.I),
    re.compile(r"^ {0,3}\[[^\]\n]{1,200}\]:[ \t]{0,20}\S", re.M),
    re.compile(r"^ {0,3}(?:```|~~~)", re.M),
)
# An object, or a list of objects or texts.
_JSON_START = re.compile(r'\s{0,200}(?:\[\s{0,200}){0,3}(?:\{\s{0,200}"[^"\n]{1,200}"\s{0,20}:|\[\s{0,200}"[^"\n]{0,2000}"\s{0,20}[,\]])')
# Keys that are written so in CSL-JSON only.
_CSL_KEY = re.compile(r'"(?:URL|DOI|issued|container-title|citation-key)"\s{0,20}:')
_DOCTYPE = re.compile(r"\s{0,200}<!doctype html", re.I)
# Formats that may begin with a tag of HTML and go on in their own way.
_HOLDING_TAGS = frozenset({"markdown", "wikitext"})
_LOOK = 64 * 1024


def _shows_html(text: str) -> bool:
    return _HTML_START.match(text) is not None


def _shows_markdown(text: str) -> bool:
    return sum(sign.search(text, 0, _LOOK) is not None for sign in _MARKDOWN_SIGNS) >= 2


def _shows_json(text: str) -> bool:
    return _JSON_START.match(text) is not None


def _shows_nothing(_text: str) -> bool:
    return False


_JSON_TYPES = ("application/json", "application/x-ndjson", "application/jsonl", "application/vnd.citationstyles.csl+json")

_HTML = Format("html", (".html", ".htm", ".xhtml", ".xht"), ("text/html", "application/xhtml+xml"), _lazily("html"), _shows_html)
_TEXT = Format("text", (".txt", ".text"), ("text/plain",), plain.read, _shows_nothing)
_CSL_JSON = Format(
    "csl-json", (".csl.json", ".csljson"), ("application/vnd.citationstyles.csl+json",), _lazily("csl_json"), looks.shows_csl_json
)
_CSV = Format("csv", (".csv", ".tsv"), ("text/csv", "text/tab-separated-values"), _csv, _shows_nothing, walked=False)
_JSON = Format("json", (".json", ".jsonl", ".ndjson"), _JSON_TYPES, _json, _shows_json, walked=False)

# In the order in which they are looked for in a text without a name: what is told by one sign before what needs two.
FORMATS: tuple[Format, ...] = (
    _HTML,
    Format("ris", (".ris",), ("application/x-research-info-systems",), _lazily("ris"), looks.shows_ris),
    Format("bibtex", (".bib", ".bibtex"), ("application/x-bibtex", "text/x-bibtex"), _lazily("bibtex"), looks.shows_bibtex),
    _CSL_JSON,
    _JSON,
    Format(
        "latex",
        (".tex", ".latex", ".ltx", ".bbl"),
        ("application/x-tex", "text/x-tex", "application/x-latex", "text/x-latex"),
        _lazily("latex"),
        looks.shows_latex,
    ),
    Format("markdown", (".md", ".markdown", ".mdown", ".mkd"), ("text/markdown", "text/x-markdown"), _lazily("markdown"), _shows_markdown),
    Format("rst", (".rst", ".rest"), ("text/x-rst", "text/prs.fallenstein.rst"), _lazily("rst"), looks.shows_rst),
    Format("asciidoc", (".adoc", ".asciidoc"), ("text/asciidoc", "text/x-asciidoc"), _lazily("asciidoc"), looks.shows_asciidoc),
    Format("wikitext", (".wiki", ".wikitext", ".mediawiki"), ("text/x-wiki",), _lazily("wikitext"), looks.shows_wikitext),
    _CSV,
    _TEXT,
)

# Searched for, not stripped: a document may have a hundred megabytes, and stripping copies them.
_ANY_BYTE = re.compile(rb"[^\s]")
_ANY_CHARACTER = re.compile(r"[^\s\0]")
_EMPTY = ("is empty", "name a document with text in it")

# Content types under which servers send anything at all.
_SAYS_NOTHING = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/x-download", "text/plain"})


def article_endings() -> tuple[str, ...]:
    """The file endings of articles, of all formats."""
    walked = [each.endings for each in FORMATS if each.walked] + [each.endings for each in containers.CONTAINERS if each.walked]
    return tuple(ending for endings in walked for ending in endings)


def read(data: bytes, *, source: str, content_type: str | None = None) -> Document | SourceProblem:
    """Make a document of `data`, or say why that cannot be.

    `content_type` is the HTTP field's value, with its charset, when there is one. The format is chosen by it, by the
    ending of `source`, then by looking; bytes that are unmistakably something else win over both.
    """
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if _ANY_BYTE.search(data) is None:
        return SourceProblem(source, *_EMPTY)
    if (listed := listing(data, source=source)) is not None:
        return SourceProblem(source, f"is {listed.kind}: it only names articles, which have to be fetched", "audit it with a network")
    contained = containers.read(data, source=source)
    if contained is not None:
        return contained
    if problem := recognise(data, media_type):
        return SourceProblem(source, *problem)
    decoded = decode(data, content_type=content_type)
    if isinstance(decoded, Unreadable):
        return SourceProblem(source, decoded.message, decoded.hint)
    if _ANY_CHARACTER.search(decoded) is None:
        return SourceProblem(source, *_EMPTY)
    return _choose(decoded, source, media_type).read(decoded, source=source)


def _choose(text: str, source: str, media_type: str) -> Format:
    named = _by_type(media_type) or _by_ending(source)
    if named is _HTML:
        return _HTML if _shows_html(text) or _HTML_TAG.search(text, 0, _LOOK) else _TEXT
    if not _may_be(named, text):
        return _HTML if _shows_html(text) else _TEXT
    if named is None or named is _TEXT:
        looked = next((each for each in FORMATS if each.shows(text)), _TEXT)
        # A name that says "text" is believed, but for a whole page saved under it.
        return looked if named is None or looked is _HTML else _TEXT
    is_page = _shows_html(text) if named.name not in _HOLDING_TAGS else _DOCTYPE.match(text)
    return _HTML if is_page else named


def _may_be(named: Format | None, text: str) -> bool:
    """Whether a text may be the data that its name says; a page that says "not found" is sent under any name."""
    return named is None or named.walked or not (_shows_html(text) or (named is _JSON and not _JSON.shows(text)))


def _by_type(media_type: str) -> Format | None:
    if media_type in _SAYS_NOTHING:
        return None
    return next((each for each in FORMATS if media_type in each.content_types), None)


def _by_ending(source: str) -> Format | None:
    path = urlsplit(source).path if re.match(r"https?://", source, re.I) and "[" not in source else source
    return next((each for each in FORMATS if path.lower().endswith(each.endings)), None)
