"""Draws docs/demo.svg, the picture in the README, from a real run of the demo.

python docs/make_picture.py
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from citekeeper import pipeline, reports
from citekeeper.config import configure
from citekeeper.demo import World, sample_article

PICTURE = Path(__file__).parent / "demo.svg"
NOTES = {"1", "2", "5", "8", "11", "19", "20", "21"}
"""The whole article has 29; a reader of the README has less patience."""


def main() -> None:
    """Run the demo and draw some of its report."""
    with tempfile.TemporaryDirectory() as folder, World() as world:
        settings = configure({**world.settings_overrides(), "archive": folder}, {}, isolated=True).settings
        audit = pipeline.audit_text(sample_article(), "sample article.txt", settings)
    [document] = audit.documents
    shown = tuple(finding for finding in document.findings if finding.reference.marker in NOTES)
    audit = replace(audit, documents=(replace(document, findings=shown),))
    PICTURE.write_text(reports.picture(audit, title="citekeeper demo"), encoding="utf-8")


if __name__ == "__main__":
    main()
