"""What `citekeeper explain` prints: codes in their groups, wrapped for the terminal."""

from __future__ import annotations

import difflib
import shutil
import textwrap
from collections.abc import Mapping, Sequence

from citekeeper import archives, health, pipeline, references, resolution, warc
from citekeeper.errors import UsageError
from citekeeper.model import CodeMeaning


def groups() -> Mapping[str, Sequence[CodeMeaning]]:
    """Every code of every room, by kind."""
    return {
        "States": health.STATES,
        "Evidence from the page": health.CODES,
        "Evidence from archives": (*resolution.CODES, *archives.CODES),
        "Repairs": references.REPAIRS,
        "Problems of captures": warc.CODES,
        "Rules of the user": pipeline.CODES,
    }


def explanation(codes: Sequence[str]) -> str:
    """The meaning of `codes`, or a list of all; UsageError, with the nearest right one, for an unknown one."""
    width = min(shutil.get_terminal_size((100, 24)).columns, 110)
    if not codes:
        return "\n".join(f"{title}\n{_listed(meanings, width)}" for title, meanings in groups().items())
    known = {meaning.code: meaning for meanings in groups().values() for meaning in meanings}
    return "\n".join(_explained(known[_found(code, known)], width) for code in codes)


def _found(code: str, known: Mapping[str, CodeMeaning]) -> str:
    plain = {_plain(each): each for each in known}
    if _plain(code) in plain:
        return plain[_plain(code)]
    near = difflib.get_close_matches(_plain(code), plain, n=1)
    hint = f"did you mean {plain[near[0]]}?" if near else "citekeeper explain, without a code, lists them all"
    raise UsageError(f"no such state or code: {code!r}", hint=hint)


def _plain(code: str) -> str:
    return code.strip().lower().replace("-", "_")


def _explained(meaning: CodeMeaning, width: int) -> str:
    texts = [text for text in (meaning.meaning, meaning.advice) if text]
    wrapped = [textwrap.fill(text, width, initial_indent="  ", subsequent_indent="  ") for text in texts]
    return "\n".join([meaning.code, *wrapped, ""])


def _listed(meanings: Sequence[CodeMeaning], width: int) -> str:
    column = max(len(meaning.code) for meaning in meanings) + 4
    lines = [textwrap.shorten(meaning.meaning, width - column, placeholder=" …") for meaning in meanings]
    return "".join(f"  {meaning.code:<{column - 2}}{line}\n" for meaning, line in zip(meanings, lines, strict=True))
