"""`citekeeper report --summary`: all documents ever audited in the archive folder, as one summary."""

from __future__ import annotations

import argparse
import json

from citekeeper import pipeline, reports
from citekeeper.cli.output import wanted, write_file, write_stdout
from citekeeper.errors import UsageError
from citekeeper.settings import Settings


def run_summary(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write the summary in each format asked for; always 0, for it judges nothing."""
    if arguments.rejudge:
        raise UsageError("--summary tells what audits found, and --rejudge changes one of them", hint="leave one of the two out")
    if arguments.schema:
        write_stdout(json.dumps(reports.summary_schema(), indent=2, ensure_ascii=False) + "\n")
        return 0
    outputs = wanted(arguments.formats, arguments.output)
    for output in outputs:
        if output.format not in reports.SUMMARY_FORMATS:
            known = ", ".join(reports.SUMMARY_FORMATS)
            raise UsageError(f"a summary has no format {output.format!r}", where="-f", hint=f"one of {known}")
    found = pipeline.summary(settings)
    for output in outputs:
        text = reports.render_summary(found, output.format)
        if output.file is None:
            write_stdout(text)
        else:
            write_file(output.file, text)
    return 0
