"""The summary of an institution (`report --summary`) as text: for people (terminal, Markdown, HTML) and programs (JSON, CSV)."""

from citekeeper.reports.summary.formats import SUMMARY_FORMATS, render_summary, summary_schema

__all__ = ["SUMMARY_FORMATS", "render_summary", "summary_schema"]
