"""The parts of a Word file (Open Packaging Conventions, ISO/IEC 29500-2) and how they refer to each other."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from citekeeper.documents.unfit import damaged
from citekeeper.documents.xmltree import Element, attribute, children, parse
from citekeeper.documents.zipped import Zipped, inside


@dataclass(frozen=True, slots=True)
class Relation:
    """What an id in a part stands for: an address outside, or another part."""

    kind: str
    """The last word of its type: "hyperlink", "footnotes", …"""
    target: str
    external: bool


class Package:
    """A zip file whose parts refer to each other by relation ids."""

    def __init__(self, zipped: Zipped) -> None:
        """Read from `zipped`, whose `kind` is what problems are told of."""
        self._zipped = zipped

    def tree(self, part: str) -> Element | None:
        """The XML of a part; None when there is none of that name. Raises Unfit when it is damaged."""
        data = self._zipped.read(part)
        if data is None:
            return None
        root = parse(data)
        if root is None:
            raise damaged(self._zipped.kind)
        return root

    def relations(self, part: str) -> dict[str, Relation]:
        """What the ids in `part` stand for; "" is the package itself."""
        folder, name = posixpath.split(part)
        root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, Relation] = {}
        for each in children(root, "Relationship") if root is not None else ():
            external = attribute(each, "TargetMode") == "External"
            target = attribute(each, "Target")
            kind = attribute(each, "Type").rpartition("/")[2]
            found[attribute(each, "Id")] = Relation(kind, target if external else inside(part, target), external)
        return found

    def related(self, part: str, kind: str) -> str | None:
        """The part that `part` names as its `kind`."""
        return next((each.target for each in self.relations(part).values() if each.kind == kind and not each.external), None)
