"""One function per command: arguments to a pipeline call, its result to the outputs asked for."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from citekeeper import pipeline, reports
from citekeeper.cli.complaining import complain_of
from citekeeper.cli.exit_codes import exit_code, parse_threshold
from citekeeper.cli.host_stats import show_host_stats
from citekeeper.cli.output import Wanted, standard_output, uses_color, wanted, write_file, write_stdout
from citekeeper.cli.parser import settings_of
from citekeeper.config import Configured, configure
from citekeeper.errors import InputError, UsageError
from citekeeper.model import Audit
from citekeeper.settings import Settings


def extract(arguments: argparse.Namespace) -> int:
    """`citekeeper extract`: the references only, without any network."""
    if arguments.explain:
        return _explain_extraction(arguments)
    outputs = wanted(arguments.formats, arguments.output, sources=arguments.sources)
    extraction = pipeline.extract(arguments.sources, _configured(arguments).settings)
    for output in outputs:
        if output.file is None and output.format == "terminal":
            color, verbosity = uses_color(arguments.color, sys.stdout), arguments.verbose - arguments.quiet
            with standard_output() as stream:
                reports.show_extraction(extraction.documents, stream, problems=extraction.problems, color=color, verbosity=verbosity)
        else:
            _write(output, reports.render_extraction(extraction.documents, output.format, problems=extraction.problems))
    complain_of(extraction.problems)
    found = any(document.references for document in extraction.documents)
    return 0 if found and not extraction.problems else 2


def _explain_extraction(arguments: argparse.Namespace) -> int:
    if arguments.formats:
        raise UsageError("--explain writes a text of its own", hint="leave out -f, or leave out --explain")
    traced, problems = pipeline.explain(arguments.sources, _configured(arguments).settings)
    _write(Wanted("terminal", Path(arguments.output) if arguments.output else None), reports.render_traces(traced))
    complain_of(problems)
    return 0 if any(traces for _source, traces in traced) and not problems else 2


def audit(arguments: argparse.Namespace) -> int:
    """`citekeeper audit`: the whole walk."""
    settings = _configured(arguments).settings
    outputs = wanted(arguments.formats, arguments.output, sources=arguments.sources)
    parse_threshold(settings.fail_on)
    with _progress(arguments) as progress:
        found = pipeline.audit(arguments.sources, settings, progress=progress)
    code = _report(found, outputs, arguments, settings)
    if settings.save:
        from citekeeper.cli.saving import after_audit

        after_audit(settings, _progress(arguments))
    return code


def save(arguments: argparse.Namespace) -> int:
    """`citekeeper save`: have references archived; a queue that survives restarts."""
    from citekeeper.cli.saving import save as run_save

    return run_save(arguments, _configured(arguments).settings, _progress(arguments))


def check(arguments: argparse.Namespace) -> int:
    """`citekeeper check`: only what is new, failing only on confirmed breakage."""
    from citekeeper.cli.checking import conclude, run_check

    settings = _configured(arguments).settings
    outputs = wanted(arguments.formats, arguments.output, sources=arguments.sources)
    threshold = parse_threshold(settings.fail_on)
    checked = run_check(arguments, settings, _progress(arguments))
    for output in outputs:
        _render(checked.audit, output, arguments)
    return conclude(checked, threshold, arguments, settings)


def fix(arguments: argparse.Namespace) -> int:
    """`citekeeper fix`: repairs of the documents themselves."""
    from citekeeper.cli.fixing import run_fix

    return run_fix(arguments, _configured(arguments).settings, _progress(arguments))


def capture(arguments: argparse.Namespace) -> int:
    """`citekeeper capture`: visit addresses and store what was seen."""
    settings = _configured(arguments).settings
    outputs = wanted(arguments.formats, arguments.output)
    parse_threshold(settings.fail_on)
    with _progress(arguments) as progress:
        found = pipeline.capture(arguments.urls, settings, progress=progress)
    return _report(found, outputs, arguments, settings)


def report(arguments: argparse.Namespace) -> int:
    """`citekeeper report`: the last audit once more, or the summary of all, offline."""
    if arguments.summary:
        from citekeeper.cli.summing import run_summary

        return run_summary(arguments, _configured(arguments).settings)
    if "as_of" in settings_of(arguments):
        raise UsageError(
            "--as-of changes no audit that was made", hint="it dates documents in report --summary; audits take it when they run"
        )
    if arguments.schema:
        write_stdout(json.dumps(reports.schema(), indent=2, ensure_ascii=False) + "\n")
        return 0
    settings = _configured(arguments).settings
    outputs = wanted(arguments.formats, arguments.output)
    parse_threshold(settings.fail_on)
    _require_ledger(settings)
    found = pipeline.last_audit(settings, rejudge=arguments.rejudge)
    if found is None:
        raise InputError(
            "holds no finished audit", where=settings.archive, hint="run citekeeper audit SOURCE, or name another folder with --archive"
        )
    return _report(found, outputs, arguments, settings)


def history(arguments: argparse.Namespace) -> int:
    """`citekeeper history`: what each reference was over time."""
    settings = _configured(arguments).settings
    _require_ledger(settings)
    pasts = pipeline.histories(arguments.names, settings)
    write_stdout(reports.HISTORY_FORMATS[arguments.format](pasts))
    return 0


def _require_ledger(settings: Settings) -> None:
    """Tell a folder of captures that no audit has read in yet from one that is no archive folder at all."""
    from citekeeper.ledger import FILE_NAME

    folder = Path(settings.archive)
    if not (folder / FILE_NAME).exists() and any(folder.glob("*.warc.gz")):
        raise InputError(
            "holds captures but no ledger yet", where=settings.archive, hint="run citekeeper audit once; it reads the captures in"
        )


def explain(arguments: argparse.Namespace) -> int:
    """`citekeeper explain`: what a code means and what to do."""
    from citekeeper.cli.explaining import explanation

    write_stdout(explanation(arguments.codes))
    return 0


def demo(arguments: argparse.Namespace) -> int:
    """`citekeeper demo`: the whole walk on the built-in web and archive."""
    from citekeeper.demo import World, sample_article

    outputs = wanted(arguments.formats, arguments.output)
    with World() as world:
        flags = {**world.settings_overrides(), "archive": "archive/demo", "max_age": 0, **settings_of(arguments)}
        # The demo is the same for everyone: neither a configuration file nor the environment changes it.
        settings = configure(flags, {}, isolated=True).settings
        with _progress(arguments) as progress:
            found = pipeline.audit_text(sample_article(), "sample article.txt", settings, progress=progress)
        for output in outputs:
            _render(found, output, arguments)
    _after_demo(found, Path(settings.archive))
    return 0


def _after_demo(found: Audit, folder: Path) -> None:
    requests = ", ".join(f"{count} {purpose}" for purpose, count in found.requests) or "none"
    cut = sum(finding.reference.address.truncated for finding in found.findings)
    index = sum(count for finding in found.findings for name, count in finding.archive_calls if name == "cdx")
    files = sorted(folder.glob("*.warc.gz"))
    kept = f"{len(files)} WARC {'file' if len(files) == 1 else 'files'} in {folder}{os.sep}, the newest {files[-1].name}"
    print(
        f"\nThe pages, the archive and the name server were built in, on this machine only. Requests: {requests}"
        f" ({index} of the archive's index, for {cut} cut addresses)."
        f"\nCaptures: {kept}."
        f"\nNext: citekeeper explain soft_404 · citekeeper report -f markdown --archive {folder} · citekeeper audit YOUR-ARTICLE",
        file=sys.stderr,
    )


def verify(arguments: argparse.Namespace) -> int:
    """`citekeeper verify`: judge captures and packages, offline."""
    from citekeeper.cli import verifying

    return verifying.verify(arguments)


def export(arguments: argparse.Namespace) -> int:
    """`citekeeper export`: write captures as WARC or WACZ."""
    from citekeeper.cli import shipping

    return shipping.export(arguments, _configured(arguments).settings)


def take_in(arguments: argparse.Namespace) -> int:
    """`citekeeper import`: take WARC and WACZ files into the archive folder."""
    from citekeeper.cli import shipping

    return shipping.take_in(arguments, _configured(arguments).settings)


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "extract": extract,
    "audit": audit,
    "check": check,
    "fix": fix,
    "capture": capture,
    "save": save,
    "report": report,
    "history": history,
    "explain": explain,
    "export": export,
    "import": take_in,
    "verify": verify,
    "demo": demo,
}


def _configured(arguments: argparse.Namespace) -> Configured:
    file = Path(arguments.config) if arguments.config else None
    return configure(settings_of(arguments), os.environ, file=file, isolated=arguments.isolated)


def _report(found: Audit, outputs: Sequence[Wanted], arguments: argparse.Namespace, settings: Settings) -> int:
    for output in outputs:
        _render(found, output, arguments)
    show_host_stats(found.hosts, is_asked=getattr(arguments, "host_stats", False), verbosity=arguments.verbose - arguments.quiet)
    return exit_code(found, settings)


def _render(found: Audit, output: Wanted, arguments: argparse.Namespace) -> None:
    if output.file is None and output.format == "terminal":
        color, verbosity = uses_color(arguments.color, sys.stdout), arguments.verbose - arguments.quiet
        with standard_output() as stream:
            reports.show(found, stream, color=color, verbosity=verbosity)
    else:
        _write(output, reports.render(found, output.format))


def _write(output: Wanted, text: str) -> None:
    if output.file is None:
        write_stdout(text)
    else:
        write_file(output.file, text)


def _progress(arguments: argparse.Namespace) -> reports.Progress:
    return reports.Progress(sys.stderr, not arguments.quiet, color=uses_color(arguments.color, sys.stderr))
