"""XML read with care: no entity is expanded, no other file looked up, nesting and sizes are bounded by libxml2's own limits.

Source of the dangers: https://docs.python.org/3/library/xml.html#xml-security; of the limits (256 levels, 10 MB a text):
libxml2's parserInternals.h, which `huge_tree` would lift.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from citekeeper.documents.unfit import Unfit

MOST_TAGS = 4_000_000
"""An element of a tree takes about 150 bytes; a book of a thousand pages has under a million."""

Element = etree._Element


def parse(data: bytes, *, forgiving: bool = False) -> Element | None:
    """The root of `data`; None when it is not well-formed. A forgiving parser reads on as far as it can.

    Raises Unfit for more elements than memory is good for.
    """
    if data.count(b"<") > MOST_TAGS:
        raise Unfit(f"holds more than {MOST_TAGS // 1_000_000} million tags of XML", "split it")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=forgiving, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def name_of(element: Element) -> str:
    """The local name: office programs write the same elements under several namespaces (transitional, strict)."""
    tag = element.tag
    # Unexpanded entities are nodes whose tag is a function.
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """The attribute of that local name; empty when there is none."""
    value = element.get(name)
    if value is not None:
        return str(value)
    return next((str(found) for key, found in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


def children(element: Element, *names: str) -> Iterator[Element]:
    """The children of these local names; all children when none is given."""
    for child in element:
        if not names or name_of(child) in names:
            yield child


def child(element: Element | None, name: str) -> Element | None:
    """The first child of that local name."""
    return None if element is None else next(children(element, name), None)


def find_all(element: Element, *names: str) -> Iterator[Element]:
    """The descendants of these local names, in order."""
    for each in element.iter("{*}*"):
        if name_of(each) in names:
            yield each


def numbered(root: Element, *names: str) -> dict[Element, int]:
    """The elements of these local names, of all when none is given, with the number of start tags before each: see `model.Run`."""
    return {each: number for number, each in enumerate(root.iter("{*}*")) if not names or name_of(each) in names}


def text_of(element: Element | None) -> str:
    """All text below `element`, white space collapsed."""
    return "" if element is None else " ".join("".join(str(piece) for piece in element.itertext("{*}*")).split())
