"""Reports: findings become text, for people and for programs.

Pure: an `Audit` goes in, text comes out, and the same audit always gives the same text; only `show`,
`show_extraction` and `Progress` write, to the stream they are given. Imports the nouns, and what each state means from health.

A new format is one file with two functions, `render` for an audit and `render_extraction` for references
alone, and one line in `formats.py`. Every value that came from outside goes through `safe.py` on its way.
"""

from citekeeper.reports.formats import FORMATS, Renderer, render, render_extraction, schema
from citekeeper.reports.past import HISTORY_FORMATS
from citekeeper.reports.safe import one_line, visible
from citekeeper.reports.summary import SUMMARY_FORMATS, render_summary, summary_schema
from citekeeper.reports.terminal import Progress, picture, show, show_extraction
from citekeeper.reports.tracing import render_traces

__all__ = [
    "FORMATS",
    "HISTORY_FORMATS",
    "SUMMARY_FORMATS",
    "Progress",
    "Renderer",
    "one_line",
    "picture",
    "render",
    "render_extraction",
    "render_summary",
    "render_traces",
    "schema",
    "show",
    "show_extraction",
    "summary_schema",
    "visible",
]
