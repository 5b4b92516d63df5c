"""Draws docs/demo.svg, the picture in the README, from a real run of the demo.

python docs/make_picture.py
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from citekeeper import pipeline, reports
from citekeeper.config import configure
from citekeeper.demo import World, sample_article

PICTURE = Path(__file__).parent / "demo.svg"


def main() -> None:
    """Run the demo and draw its report."""
    with tempfile.TemporaryDirectory() as folder, World() as world:
        settings = configure({**world.settings_overrides(), "archive": folder}, {}, isolated=True).settings
        audit = pipeline.audit_text(sample_article(), "sample article.txt", settings)
    PICTURE.write_text(reports.picture(audit, title="citekeeper demo"), encoding="utf-8")


if __name__ == "__main__":
    main()
