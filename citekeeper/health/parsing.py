"""HTML to the few things that signals look at; resiliparse first, BeautifulSoup where it cannot be used."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, Final

MAX_MARKUP: Final = 300_000
"""Characters of markup in which marks are looked for: the marks of walls and parking stand in the head."""

MAX_TEXT: Final = 60_000
"""Characters of visible text that are kept for wording; more is counted, not kept."""

# Measured with lexbor: 20,000 unclosed <font> cost 1.9 s (the adoption agency is quadratic), so unclosed
# formatting elements above this number lose their tags before parsing.
_MAX_UNCLOSED: Final = 400
_FORMATTING = re.compile(r"<(/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s>/])")
_STRIP_FORMATTING = re.compile(r"</?(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s>/])[^<>]{0,2000}>?", re.I)
# Void elements never nest, and the omitted end tags of these others are the rule in old pages.
_FLAT: Final = "area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|p|li|td|th|tr|dd|dt|option|body|html|head"
_TAG = re.compile(rf"<(/?)(?!(?:{_FLAT})[\s>/])[a-z][a-z0-9-]{{0,20}}(?=[\s>/])")
# What may nest without end goes; what cannot (title, headings, meta, raw text) stays, so that the page can still be read.
_KEPT: Final = "title|head|body|html|h1|h2|p|br|meta|link|script|style|iframe|frame|input|img|textarea"
_STRIP_NESTING = re.compile(rf"</?(?!(?:{_KEPT})[\s>/])[a-z][^<>]{{0,2000}}>", re.I)
# Scripts hold markup in strings, which is no nesting.
_RAW = re.compile(r"<(script|style|template|textarea)\b")
_MAX_DEPTH: Final = 200
_MAX_NODES: Final = 3_000


@dataclass(frozen=True, slots=True)
class Refresh:
    """A meta refresh."""

    delay: float
    target: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was read of one page's markup."""

    title: str = ""
    headings: tuple[str, ...] = ()
    """The first few h1 and h2, one line each."""
    text: str = ""
    """Visible text, a line per block, at most MAX_TEXT characters."""
    visible: int = 0
    """Characters of all the visible text, white space collapsed."""
    main: int = 0
    """Characters of the main content, without navigation."""
    noscript: str = ""
    markup: str = ""
    """The first MAX_MARKUP characters of source, lower case; "" for plain text."""
    source: str = ""
    """The same with its case."""
    refresh: Refresh | None = None
    frames: tuple[str, ...] = ()
    scripts: int = 0
    passwords: int = 0
    json_ld: tuple[str, ...] = ()
    metas: dict[str, str] = field(default_factory=dict)
    """name or property, lower case -> content."""

    @classmethod
    def of_text(cls, text: str) -> Parsed:
        """Plain text: all of it is visible."""
        visible = len(collapse(text))
        return cls(text=text[:MAX_TEXT], visible=visible, main=visible)


def collapse(text: str) -> str:
    """`text` in one line, white space collapsed."""
    # A tenth of the time that a regular expression takes: 0.7 ms of 2.6 for a page of 50 kB.
    return " ".join(text.split())


def parse(markup: str) -> Parsed:
    """Read `markup`; never fails, and takes time linear in its length."""
    safe = defused(markup)
    parsed = _by_resiliparse(safe)
    if parsed is None:
        from citekeeper.health.soup import by_soup

        parsed = by_soup(safe)
    source = markup[:MAX_MARKUP]
    return replace(parsed, markup=source.lower(), source=source)


def _unclosed(pattern: re.Pattern[str], markup: str) -> int:
    marks = pattern.findall(markup)
    return len(marks) - 2 * sum(map(bool, marks))


def _depth(markup: str) -> int:
    depth = peak = 0
    for closing in _TAG.findall(markup):
        depth = max(0, depth - 1) if closing else depth + 1
        peak = max(peak, depth)
    return peak


def _outside(markup: str) -> str:
    """`markup` in lower case without scripts and their like; an unclosed one runs to the end, so that this stays linear.

    By find, not by a lazy pattern, which took a third of the time that a page needs.
    """
    lower, kept, at = markup.lower(), [], 0
    while opened := _RAW.search(lower, at):
        kept.append(lower[at : opened.start()])
        closed = lower.find(f"</{opened[1]}", opened.end())
        at = closed if closed >= 0 else len(lower)
    return " ".join((*kept, lower[at:]))


def defused(markup: str) -> str:
    """`markup` without what makes parsers slow: masses of unclosed formatting, bottomless nesting."""
    outside = _outside(markup)
    if _unclosed(_FORMATTING, outside) > _MAX_UNCLOSED:
        markup = _STRIP_FORMATTING.sub(" ", markup)
    if _depth(outside) > _MAX_DEPTH:
        markup = _STRIP_NESTING.sub(" ", markup)
    return markup


def _by_resiliparse(markup: str) -> Parsed | None:
    """Read with resiliparse; None when it is not installed or cannot read this page."""
    try:
        from resiliparse.extract.html2text import extract_plain_text
        from resiliparse.parse.html import HTMLTree
    except ImportError:
        return None
    try:
        tree = HTMLTree.parse(markup)
    except (ValueError, RuntimeError):
        return None
    text = extract_plain_text(tree, preserve_formatting=True, alt_texts=False, list_bullets=False)
    main = extract_plain_text(tree, preserve_formatting=False, main_content=True, alt_texts=False, list_bullets=False)
    return Parsed(
        title=collapse(tree.title or ""),
        headings=tuple(filter(None, (collapse(node.text) for node in _some(tree, "h1, h2", 6)))),
        text=text[:MAX_TEXT],
        visible=len(collapse(text)),
        main=len(main),
        noscript=collapse(" ".join(node.text for node in _some(tree, "noscript", 10)))[:2000],
        refresh=_refresh(tree),
        frames=tuple(node.getattr("src") or "" for node in _some(tree, "iframe, frame", 10)),
        scripts=_count(tree, "script"),
        passwords=_count(tree, 'input[type="password" i]'),
        json_ld=tuple(node.text[:100_000] for node in _some(tree, 'script[type="application/ld+json"]', 20)),
        metas=_metas(tree),
    )


def _some(tree: Any, selector: str, limit: int) -> list[Any]:
    found = tree.document.query_selector_all(selector)
    # Reaching into the collection makes a Python object of each of its nodes (3.6 µs), however few are wanted.
    if len(found) > _MAX_NODES:
        return [tree.document.query_selector(selector)]
    return list(found[:limit])


def _count(tree: Any, selector: str) -> int:
    return len(tree.document.query_selector_all(selector))


def _metas(tree: Any) -> dict[str, str]:
    named = ((node.getattr("property") or node.getattr("name") or "", node) for node in _some(tree, "meta", 100))
    return {name.lower(): (node.getattr("content") or "")[:1000] for name, node in named if name}


def _refresh(tree: Any) -> Refresh | None:
    for node in _some(tree, 'meta[http-equiv="refresh" i]', 3):
        # Inside <noscript> it is for browsers without scripts; sites send those to a lesser page.
        if not _within(node, "noscript") and (found := read_refresh(node.getattr("content") or "")):
            return found
    return None


def _within(node: Any, tag: str) -> bool:
    parent = node.parent
    for _ in range(50):
        if parent is None:
            return False
        if parent.tag == tag:
            return True
        parent = parent.parent
    return False


# https://html.spec.whatwg.org/multipage/semantics.html#shared-declarative-refresh-steps
_REFRESH = re.compile(r"\s*(\d{0,6})(?:\.[\d.]{0,20})?\s*[;,]?\s*(?:url\s*=\s*)?(.{0,4000})", re.I | re.S)


def read_refresh(content: str) -> Refresh | None:
    """The delay and target of a refresh's `content`; None without a target."""
    match = _REFRESH.match(content[:5000])
    if match is None:
        return None
    target = match[2].strip()
    if target[:1] in {"'", '"'}:
        target = target[1:].split(target[0], 1)[0]
    target = target.strip()
    return Refresh(float(match[1] or 0), target) if target else None
