"""HTML and SVG: which attributes name what a page needs; read as a stream of tags by libxml2, whose time is linear in any input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from citekeeper.model import NeedKind
from citekeeper.requisites.found import Collection, Needs, Resolve
from citekeeper.requisites.lazy import lazy_attributes
from citekeeper.requisites.sets import addresses
from citekeeper.requisites.sheets import MAX_SHEET, written_in

MAX_MARKUP: Final = 8 << 20
"""Characters of a page that are read."""
_MAX_STYLED: Final = 2_000
"""Style attributes and elements that are read; each costs some tens of microseconds at least."""
_MAX_CSS: Final = 2 * MAX_SHEET
"""Characters of CSS within a page that are read."""
_MAX_NESTED: Final = 2
"""Pages written out within an attribute (srcdoc) of a page, and in that again."""

_ATTRIBUTES: Final[Mapping[tuple[str, str], NeedKind]] = {
    ("img", "src"): NeedKind.IMAGE,
    ("script", "src"): NeedKind.SCRIPT,
    ("iframe", "src"): NeedKind.FRAME,
    ("frame", "src"): NeedKind.FRAME,
    ("embed", "src"): NeedKind.OTHER,
    ("object", "data"): NeedKind.OTHER,
    ("track", "src"): NeedKind.OTHER,
    ("video", "poster"): NeedKind.IMAGE,
    ("video", "src"): NeedKind.MEDIA,
    ("audio", "src"): NeedKind.MEDIA,
    ("source", "src"): NeedKind.MEDIA,
    **{(tag, "background"): NeedKind.IMAGE for tag in ("body", "table", "tr", "td", "th")},
    **{(tag, name): NeedKind.IMAGE for tag in ("image", "use", "feimage") for name in ("href", "xlink:href")},
    **{("script", name): NeedKind.SCRIPT for name in ("href", "xlink:href")},
}
_LINKS: Final[Mapping[str, NeedKind]] = {
    "stylesheet": NeedKind.STYLE,
    "icon": NeedKind.ICON,
    "apple-touch-icon": NeedKind.ICON,
    "apple-touch-icon-precomposed": NeedKind.ICON,
    "mask-icon": NeedKind.ICON,
    "modulepreload": NeedKind.SCRIPT,
}
_PRELOADED: Final[Mapping[str, NeedKind]] = {
    "style": NeedKind.STYLE,
    "script": NeedKind.SCRIPT,
    "image": NeedKind.IMAGE,
    "font": NeedKind.FONT,
}
_BY_TAG: Final = {tag: [(name, kind) for (other, name), kind in _ATTRIBUTES.items() if other == tag] for tag, _ in _ATTRIBUTES}


def needs_of_page(markup: str, url: str, resolve: Resolve) -> Needs:
    """What the page at `url` needs to be shown; `resolve` makes addresses absolute."""
    reader = _Reader(0)
    _read(markup, reader)
    base = resolve(url, reader.base) if reader.base else None
    return reader.found.needs(base or url, resolve)


def _read(markup: str, reader: _Reader) -> None:
    from lxml import etree

    reader.found.unlisted += int(len(markup) > MAX_MARKUP)
    # The stubs think of bytes, too, and lxml gives text.
    target: Any = reader
    parser = etree.HTMLParser(target=target, encoding="utf-8")
    # libxml2 takes a NUL for the end of the page.
    text = markup[:MAX_MARKUP].replace("\0", "\ufffd").encode("utf-8", "replace")
    try:
        parser.feed(text)
        parser.close()
    except etree.XMLSyntaxError:
        # An empty page, or one without a single tag. What was read before is kept.
        return


class _Reader:
    """Receives the tags of a page."""

    def __init__(self, depth: int) -> None:
        self.found = Collection()
        self.base = ""
        self._depth = depth
        self._style: list[str] | None = None
        """The text of the style element that is open."""
        self._styled = 0
        self._css = 0
        """Characters of CSS that were read."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A tag begins."""
        for name, kind in _BY_TAG.get(tag, ()):
            if name in attributes:
                self.found.add(attributes[name], kind, f"{tag}/@{name}")
        special = _SPECIAL.get(tag)
        if special:
            special(self, attributes)
        if "style" in attributes:
            self._read_style(attributes["style"], f"{tag}/@style")
        self._read_lazy(tag, attributes)

    def end(self, tag: str) -> None:
        """A tag ends."""
        if tag == "style" and self._style is not None:
            self._read_style("".join(self._style), "style")
            self._style = None

    def data(self, text: str) -> None:
        """Text between tags."""
        if self._style is not None:
            self._style.append(text)

    def close(self) -> None:
        """The page ends, perhaps within a style element."""
        self.end("style")

    def _read_style(self, css: str, context: str) -> None:
        self._styled += 1
        self._css += len(css)
        if self._styled > _MAX_STYLED or self._css > _MAX_CSS:
            self.found.unlisted += int("url" in css or "import" in css)
            return
        self.found.unlisted += int(len(css) > MAX_SHEET)
        self.found.extend(written_in(css), context)

    def _read_lazy(self, tag: str, attributes: Mapping[str, str]) -> None:
        for lazy in lazy_attributes() if any(name.startswith("data-") for name in attributes) else ():
            if lazy.attribute in attributes and lazy.is_on(tag):
                kind = NeedKind.FRAME if tag == "iframe" else NeedKind.IMAGE
                value = attributes[lazy.attribute]
                for each in addresses(value) if lazy.is_set else (value,):
                    self.found.add(each, kind, f"{tag}/@{lazy.attribute}", is_guess=True)

    def _set(self, tag: str, attributes: Mapping[str, str], name: str = "srcset") -> None:
        for each in addresses(attributes.get(name, "")):
            self.found.add(each, NeedKind.IMAGE, f"{tag}/@{name}")

    def _start_base(self, attributes: Mapping[str, str]) -> None:
        self.base = self.base or attributes.get("href", "").strip()

    def _start_link(self, attributes: Mapping[str, str]) -> None:
        for rel in attributes.get("rel", "").lower().split():
            kind = _PRELOADED.get(attributes.get("as", "").lower()) if rel == "preload" else _LINKS.get(rel)
            if kind is not None:
                self.found.add(attributes.get("href"), kind, "link/@href")
                self._set("link", attributes, "imagesrcset")

    def _start_style(self, attributes: Mapping[str, str]) -> None:
        self._style = []

    def _start_input(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("type", "").lower() == "image":
            self.found.add(attributes.get("src"), NeedKind.IMAGE, "input/@src")

    def _start_frame(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("srcdoc") and self._depth < _MAX_NESTED:
            inner = _Reader(self._depth + 1)
            _read(attributes["srcdoc"], inner)
            self.found.unlisted += inner.found.unlisted
            self.found.extend(inner.found.written, "iframe/@srcdoc")


_SPECIAL: Final[Mapping[str, Callable[[_Reader, Mapping[str, str]], None]]] = {
    "base": _Reader._start_base,
    "link": _Reader._start_link,
    "style": _Reader._start_style,
    "input": _Reader._start_input,
    "iframe": _Reader._start_frame,
    "img": lambda reader, attributes: reader._set("img", attributes),
    "source": lambda reader, attributes: reader._set("source", attributes),
}
