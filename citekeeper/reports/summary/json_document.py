"""The summary as JSON, with a published schema."""

from __future__ import annotations

from citekeeper.model import Rot
from citekeeper.reports import safe


def render(rot: Rot, version: str) -> str:
    """Write `rot` as `citekeeper/summary/1`."""
    # Loaded when first used: `citekeeper --help` does not wait for it.
    import msgspec

    from citekeeper.reports.summary import shapes

    written = msgspec.json.encode(shapes.summary(rot, version))
    return safe.json_document(msgspec.json.format(written, indent=2).decode()) + "\n"
