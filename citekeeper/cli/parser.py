"""The command line's grammar: commands, their arguments, and a flag for each setting that has one."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from citekeeper import __version__
from citekeeper.errors import UsageError
from citekeeper.settings import Option, options

FORMATS = ("terminal", "json", "jsonl", "csv", "markdown", "html", "sarif", "junit", "github", "gitlab")
SOURCE_HELP = "a file, a folder, an http(s) address, or - for standard input"
_NETWORK_COMMANDS = ("audit", "capture")

_DESCRIPTIONS = {
    "extract": "Print the references of a document; no network.",
    "audit": "Extract, resolve, visit, capture, look up archives, judge and report.",
    "check": "For CI: audit only the references that are new, and fail only on confirmed breakage.",
    "fix": "Put archived copies beside dead references, in the idiom of each format.",
    "capture": "Visit addresses and store what was seen in WARC.",
    "save": "Have the references archived by the Wayback Machine: a queue that survives restarts.",
    "report": "Render the last audit again, offline.",
    "history": "Tell what each reference was over time, from all audits of the archive folder.",
    "explain": "Say what a state, an evidence code or a repair means and what to do.",
    "export": "Write captures as WARC or WACZ, for an audit, a document, addresses or dates; signed and time-stamped if wished.",
    "import": "Take other people's WARC and WACZ files into the archive folder.",
    "verify": "Judge WARC and WACZ files or an archive folder: structure, digests, index, coverage, signature, time stamp, trust.",
    "demo": "The whole walk on a small built-in web and archive on loopback; no internet needed.",
}

_EPILOG = """\
exit codes: 0 nothing at or above the threshold · 1 findings · 2 usage, configuration, unreadable input ·
3 inconclusive (no network, too many unknown) · 70 a bug of ours · 130 interrupted (what was done is kept)

settings come from flags, CITEKEEPER_… variables, citekeeper.toml or [tool.citekeeper], in this order;
docs/configuration.md lists them all"""


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are one line and name the nearest right word."""

    elsewhere: frozenset[str] = frozenset()
    """The options of all commands."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError instead of printing the usage."""
        raise UsageError(message, hint=f"see {self.prog} --help")

    def parse_known_args(self, args: Iterable[str] | None = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Refuse what a command does not know here, where the command is known; argparse would have the top parser do it."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self._refuse(unknown)
        return found, unknown

    def _refuse(self, unknown: Sequence[str]) -> NoReturn:
        option = unknown[0].partition("=")[0]
        command = self.prog.partition(" ")[2]
        if option.startswith("-") and option in self.elsewhere:
            raise UsageError(f"{command} has no {option}", hint=f"see {self.prog} --help")
        near = difflib.get_close_matches(option, self._option_string_actions, n=1) if option.startswith("-") else []
        if near:
            raise UsageError(f"unrecognized arguments: {' '.join(unknown)}", hint=f"did you mean {near[0]}?")
        self.error(f"unrecognized arguments: {' '.join(unknown)}")

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.choices is not None and value not in action.choices:
            near = difflib.get_close_matches(str(value), [str(each) for each in action.choices], n=1, cutoff=0.4)
            hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(str(each) for each in action.choices)}"
            what = "command" if isinstance(action, argparse._SubParsersAction) else "value"
            raise UsageError(f"unknown {what} {value!r}", hint=hint)


def parser() -> Parser:
    """The whole grammar."""
    top = Parser(
        prog="citekeeper",
        description="Audits the references of articles and keeps them from rotting.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"citekeeper {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    for name, description in _DESCRIPTIONS.items():
        command = commands.add_parser(name, help=description, description=description, allow_abbrev=False)
        _ARGUMENTS[name](command)
        _add_common(command)
    every = frozenset(option for command in commands.choices.values() for option in command._option_string_actions)
    for command in commands.choices.values():
        command.elsewhere = every
    return top


def _extract(command: argparse.ArgumentParser) -> None:
    command.add_argument("sources", nargs="+", metavar="SOURCE", help=SOURCE_HELP)
    command.add_argument("--explain", action="store_true", help="say how each reference was read, and why it was or was not taken as cut")
    _add_formats(command)
    _add_settings(command, "as_of", "ignore")


def _audit(command: argparse.ArgumentParser) -> None:
    command.add_argument("sources", nargs="+", metavar="SOURCE", help=SOURCE_HELP)
    _add_formats(command)
    _add_host_stats(command)
    _add_settings(command)


def _check(command: argparse.ArgumentParser) -> None:
    command.add_argument("sources", nargs="+", metavar="SOURCE", help=SOURCE_HELP)
    _add_formats(command)
    command.add_argument("--base", metavar="REF", help="only references added since this git revision (a branch, tag or commit)")
    command.add_argument("--baseline", metavar="FILE", help="references that are known to be broken, which do not count")
    command.add_argument("--update-baseline", action="store_true", help="write what is broken now into the baseline, and end with 0")
    command.add_argument("--allow-empty", action="store_true", help="sources without any reference are well")
    _add_settings(command)


def _fix(command: argparse.ArgumentParser) -> None:
    command.add_argument("sources", nargs="+", metavar="SOURCE", help="a file or a folder")
    command.add_argument("--diff", action="store_true", help="print a patch and write nothing")
    command.add_argument("--dry-run", action="store_true", help="say what would be done and write nothing")
    command.add_argument("--unsafe-fixes", action="store_true", help="guesses too: verdicts not confirmed yet, completed addresses")
    command.add_argument("--refang", action="store_true", help="write defanged and broken addresses out as they are meant")
    _add_settings(command)


def _add_host_stats(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host-stats", action="store_true", help="print how each host behaved: requests, failures, seconds, bytes")


def _capture(command: argparse.ArgumentParser) -> None:
    command.add_argument("urls", nargs="+", metavar="URL", help="an http(s) address")
    _add_formats(command)
    _add_host_stats(command)
    _add_settings(command)


def _save(command: argparse.ArgumentParser) -> None:
    command.add_argument("sources", nargs="*", metavar="SOURCE", help=f"{SOURCE_HELP}; none goes on with the queue")
    _add_settings(command, "archive", "offline", "ignore", "exit_zero", "network.engine", "network.user_agent", "network.proxy")


def _report(command: argparse.ArgumentParser) -> None:
    _add_formats(command)
    command.add_argument("--rejudge", action="store_true", help="draw each verdict again from the stored evidence, with today's rules")
    command.add_argument("--schema", action="store_true", help="print the JSON Schema of -f json and end")
    command.add_argument(
        "--summary", action="store_true", help="of all documents ever audited here: rot by outlet, country and age, and how long pages live"
    )
    _add_settings(command, "archive", "as_of", "fail_on", "exit_zero", "max_unknown")


def _history(command: argparse.ArgumentParser) -> None:
    command.add_argument("names", nargs="*", metavar="SOURCE|URL", help="documents, folders of them, or cited addresses; none tells of all")
    formats = ("terminal", "json", "csv")
    command.add_argument("-f", "--format", choices=formats, default="terminal", metavar="FORMAT", help="terminal, json or csv")
    _add_settings(command, "archive")


def _explain(command: argparse.ArgumentParser) -> None:
    command.add_argument("codes", nargs="*", metavar="CODE", help="a state, an evidence code or a repair; none lists all")


def _export(command: argparse.ArgumentParser) -> None:
    command.add_argument("-o", "--output", metavar="FILE", required=True, help="NAME.warc.gz or NAME.wacz; the ending tells the format")
    command.add_argument(
        "--document", action="append", metavar="D", help="only what this document of the last audit cites; repeatable (default: all of it)"
    )
    command.add_argument("--url", action="append", metavar="URL", help="only captures of this address, of any audit; repeatable")
    command.add_argument("--since", metavar="DATE", help="only captures made on this day or later")
    command.add_argument("--until", metavar="DATE", help="only captures made before this day")
    command.add_argument("--sign", action="store_true", help="sign with your own key (made on first use in your configuration folder)")
    command.add_argument("--signing-key", metavar="FILE", help="sign with this key instead: PEM, on an elliptic curve")
    command.add_argument("--timestamp", action="append", metavar="URL", help="have it stamped by this RFC 3161 authority; repeatable")
    _add_settings(command, "archive", "network.timeout", "network.proxy")


def _import(command: argparse.ArgumentParser) -> None:
    command.add_argument("paths", nargs="+", metavar="PATH", help="a WARC or WACZ file")
    _add_settings(command, "archive")


def _verify(command: argparse.ArgumentParser) -> None:
    command.add_argument("paths", nargs="+", metavar="PATH", help="a WARC or WACZ file, or an archive folder")
    command.add_argument("-f", "--format", choices=("terminal", "json"), default="terminal", metavar="FORMAT", help="terminal or json")
    command.add_argument("--key", action="append", metavar="KEY", help="a key you trust: its fingerprint or a PEM file; repeatable")
    command.add_argument("--ca", action="append", metavar="FILE", help="a time-stamping authority you trust, PEM; repeatable")
    command.add_argument(
        "--since", metavar="AGE|DATE", help="pass over files of a folder that were found sound since then (30d, 2026-01-31), and keep a log"
    )
    command.add_argument("--repair", metavar="FILE", help="save the whole records of one damaged file into this new one")


def _demo(command: argparse.ArgumentParser) -> None:
    _add_formats(command)
    _add_settings(command, "archive", "network.engine")
    command.set_defaults(archive=None)


_ARGUMENTS = {
    "extract": _extract,
    "audit": _audit,
    "check": _check,
    "fix": _fix,
    "capture": _capture,
    "save": _save,
    "report": _report,
    "history": _history,
    "explain": _explain,
    "export": _export,
    "import": _import,
    "verify": _verify,
    "demo": _demo,
}


def _add_formats(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-f",
        "--format",
        action="append",
        dest="formats",
        metavar="FORMAT[=FILE]",
        help=f"{', '.join(FORMATS)} (default terminal); repeatable, each to a file of its own",
    )
    command.add_argument("-o", "--output", metavar="FILE", help="write the report there instead of standard output")


def _add_common(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-c", "--config", metavar="FILE", help="configuration file (default: the nearest citekeeper.toml or pyproject.toml)"
    )
    command.add_argument("--isolated", action="store_true", help="read no configuration file")
    command.add_argument("-v", "--verbose", action="count", default=0, help="say more; repeatable")
    command.add_argument("-q", "--quiet", action="count", default=0, help="say less; repeatable")
    command.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="colour the terminal (default auto)")


def _add_settings(command: argparse.ArgumentParser, *keys: str) -> None:
    """A flag for each setting that has one; only for `keys`, when given."""
    group = command.add_argument_group("settings")
    for option in options():
        if option.flag is not None and (not keys or option.key in keys):
            _add_setting(group, option)


def _add_setting(group: argparse._ArgumentGroup, option: Option) -> None:
    names = [name for name in (option.short, option.flag) if name]
    destination = f"setting:{option.key}"
    shown = f"{option.help} (default {_shown(option)})".replace("%", "%%")
    if option.type == "bool":
        group.add_argument(*names, dest=destination, action=argparse.BooleanOptionalAction, default=None, help=shown)
    elif option.type == "tuple[str, ...]":
        action = "store" if option.key == "archives.use" else "append"
        group.add_argument(*names, dest=destination, action=action, default=None, metavar=_METAVARS.get(option.key, "TEXT"), help=shown)
    else:
        metavar = (
            "{" + ",".join(option.choices) + "}" if option.choices else _METAVARS.get(option.key) or _METAVARS.get(option.type, "TEXT")
        )
        group.add_argument(*names, dest=destination, default=None, metavar=metavar, help=shown)


_METAVARS = {
    "int": "N",
    "float": "NUMBER",
    "Seconds": "SECONDS",
    "Bytes": "BYTES",
    "date | None": "DATE",
    "Since | None": "AGE|DATE",
    "archive": "DIR",
    "fail_on": "LEVEL|STATES",
    "ignore": "PATTERN",
    "archives.use": "LIST",
    "network.headers": "HEADER",
    "network.proxy": "URL",
}
"""By the option's key, else by its type."""


def _shown(option: Option) -> str:
    if isinstance(option.default, tuple):
        return ",".join(option.default) or "none"
    if isinstance(option.default, float):
        return f"{option.default:g}"
    return str(option.default) if option.default not in ("", None) else "none"


def settings_of(arguments: argparse.Namespace) -> dict[str, object]:
    """The settings given as flags, by key."""
    found = {key.removeprefix("setting:"): value for key, value in vars(arguments).items() if key.startswith("setting:")}
    return {key: value for key, value in found.items() if value is not None}
