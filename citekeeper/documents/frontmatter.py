"""Front matter: the fields that stand between `---` or `+++` before a Markdown article.

Only `title`, `date` and `url`-like fields are read, line by line and leniently: YAML in all its power is neither needed
nor safe (https://en.wikipedia.org/wiki/Billion_laughs_attack applies to its aliases).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from citekeeper.documents.dates import day_of

_LONGEST = 64 * 1024
_OPEN = re.compile(r"(---|\+\+\+)[ \t]{0,20}\r?\n")
_FIELD = re.compile(r"([A-Za-z][\w-]{0,40})[ \t]{0,20}[:=][ \t]{0,20}(.{1,2000})")
_DATE_FIELDS = ("date", "published", "publishdate", "pubdate", "datepublished", "date_published", "publish_date", "created", "pubdatetime")
_URL_FIELDS = ("canonical_url", "canonical", "canonicalurl", "url", "source_url")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What front matter says of the article."""

    end: int = 0
    """Where the article itself begins."""
    title: str | None = None
    published: date | None = None
    url: str | None = None


def front_matter(text: str) -> FrontMatter:
    """The front matter that `text` begins with; an empty one when there is none."""
    fence = _OPEN.match(text)
    if fence is None:
        return FrontMatter()
    close = re.compile(rf"^(?:{re.escape(fence[1])}|\.\.\.)[ \t]{{0,20}}\r?$", re.M).search(text, fence.end(), _LONGEST)
    if close is None:
        return FrontMatter()
    fields = _fields(text[fence.end() : close.start()])
    if not fields:
        return FrontMatter()
    days = (day_of(fields[name]) for name in _DATE_FIELDS if name in fields)
    urls = (fields[name] for name in _URL_FIELDS if fields.get(name, "").lower().startswith(("http://", "https://")))
    return FrontMatter(close.end(), fields.get("title"), next(filter(None, days), None), next(urls, None))


def _fields(block: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in block.splitlines():
        if (match := _FIELD.match(line)) and (value := _value(match[2].strip())):
            fields.setdefault(match[1].lower(), value)
    return fields


def _value(written: str) -> str:
    quote = written[:1]
    if quote in ("'", '"') and (end := written.find(quote, 1)) > 0:
        return written[1:end].strip()
    return re.sub(r"\s#.*$", "", written).strip()
