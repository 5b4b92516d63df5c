"""What the elements of HTML mean for a reader: which begin lines, which show nothing, which end which."""

from __future__ import annotations

NOT_SHOWN = frozenset({"script", "style", "title", "textarea", "iframe", "noembed", "noframes"})
"""Raw text that no reader sees."""

HIDDEN = frozenset({"template", "noscript", "svg", "math", "object", "select", "datalist", "audio", "video", "canvas"})
"""Elements whose whole content is no reading text; all of them need an end tag."""

FOREIGN = frozenset({"svg", "math"})
"""Drawings and formulas: a block of HTML ends them, as it does in browsers, so that one left open hides no article."""

CAN_BE_HIDDEN = frozenset(
    {"div", "span", "section", "aside", "nav", "dialog", "article", "ul", "ol", "table", "form", "header", "footer", "main"}
)
"""Elements that need an end tag: on these the attribute `hidden` says where the hidden part ends."""

PARAGRAPHS = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "figure", "table", "hr",
    "section", "article", "aside", "header", "footer", "main", "nav", "ul", "ol", "dl", "address", "details",
    "dialog",
})  # fmt: skip
"""Blocks that stand apart from their neighbours by an empty line."""

LINES = frozenset({
    "li", "div", "dt", "dd", "tr", "caption", "figcaption", "summary", "legend", "fieldset", "form", "center",
    "body", "html", "option", "thead", "tbody", "tfoot", "hgroup", "search", "menu",
})  # fmt: skip
"""Blocks that begin on a line of their own."""

CELLS = frozenset({"td", "th"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS = PARAGRAPHS | LINES | CELLS
VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
})  # fmt: skip

_ITEM_ENDS = frozenset({"li", "p"})
_ENTRY_ENDS = frozenset({"dt", "dd", "p"})
_CELL_ENDS = frozenset({"td", "th", "p"})
_ROW_ENDS = frozenset({"tr", "td", "th", "p"})
_PARAGRAPH_ENDS = frozenset({"p"})

_ENDS = {"li": _ITEM_ENDS, "dt": _ENTRY_ENDS, "dd": _ENTRY_ENDS, "td": _CELL_ENDS, "th": _CELL_ENDS, "tr": _ROW_ENDS}


def ended_by(name: str) -> frozenset[str]:
    """The open elements that a start tag `name` ends (https://html.spec.whatwg.org/#optional-tags)."""
    return _ENDS.get(name, _PARAGRAPH_ENDS)
