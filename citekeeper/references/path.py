"""Path, query and fragment of an address: plain runs, and whatever was put between them."""

from __future__ import annotations

import re

from citekeeper.references import bounds, cuts, dots, gaps, joins
from citekeeper.references.authority import INVISIBLE, SIGN, SLASH
from citekeeper.references.passage import Passage

# Longer than any address that works (servers answer 414 from 8 KiB); bounds the work on hostile text.
LONGEST = 8192
# Addresses glued to one another would make each of them read all that follow, were they read in one piece.
_CHUNK = 512

_RUN = re.compile(
    r"(?:[A-Za-z0-9\-._~:/?#@!$'*+,;=%\u00a1-\u00aa\u00ac\u00ae-\u00ba\u00bc-\u1fff\u2012\u2013\u2030-\u2038\u203c-\u205e\u2070-\u218f\u2200-\u22ee\u22f0-\u24ff\u2600-\u2fff\u3005-\u3007"
    r"\u3021-\ufefe\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uffef\U00010000-\U0010ffff]+|&(?!(?:amp|lt|gt|quot|nbsp|hellip|#3[489]|#8230|#x2026);))++"
)
_ENTITY = re.compile(r"&(?:amp|#38);")
_ESCAPE = re.compile(r"\\{1,2}([_*~&#().!+=%-])")
_INDEX = re.compile(r"\[[\w.-]{0,40}\](?=[=&\[%]|=)")
_BROKEN_WORD = re.compile(r"\r?\n[ \t]{0,12}(?=[a-z0-9])")
_EMBEDDED_HOST = re.compile(r"https?://[\w.-]*\Z")


def read_path(passage: Passage) -> None:
    """Read on from the end of the host to the end of the address."""
    draft = passage.draft
    while len(draft.value) < LONGEST and passage.cut is None:
        before = draft.at
        if not _take_run(passage):
            return
        if draft.at < before + _CHUNK and not _step_in_path(passage):
            return


def _take_run(passage: Passage) -> bool:
    """Take plain address characters, at most a chunk of them; False when the address ends within them."""
    draft, text, at = passage.draft, passage.text, passage.draft.at
    match = _RUN.match(text, at, passage.limit(_CHUNK))
    if match is None:
        return True
    run = match[0]
    if passage.draft.has_undone("glued-dot") and "DOT" in run[1:]:
        run = run[: run.index("DOT", 1)]
    ends = (_glued_at(passage, run, at + len(run)), bounds.stop_at(run, passage.opener), _border(passage, run))
    limit = min((end for end in ends if end is not None), default=len(run))
    mark = run.find("...", 0, limit)
    while mark >= 0:
        if passage.read_cut(at + mark):
            return False
        dots_end = at + mark + 3
        while text.startswith(".", dots_end):
            dots_end += 1
        if dots_end - at - mark >= cuts.LEADER:
            draft.take(at + mark)
            return False
        mark = run.find("...", dots_end - at, limit)
    draft.take(at + limit)
    return limit == len(run)


def _glued_at(passage: Passage, run: str, end: int) -> int | None:
    # Nine characters more, so that a scheme over the seam of two chunks is seen.
    glued = bounds.glued_at(run + passage.text[end : end + 9], passage.draft.value)
    return glued if glued is not None and glued < len(run) else None


def _border(passage: Passage, run: str) -> int | None:
    """Where text in a script without spaces begins that also stands before the address, or a particle; both readings are kept."""
    if run.isascii():
        return None
    border = bounds.BORDER.search(run)
    if border is None or not (bounds.UNSPACED.match(passage.opener or " ") or bounds.PARTICLE.match(run, border.start())):
        return None
    passage.draft.fork(passage.draft.value + run[: bounds.closed_length(run, "")])
    return border.start()


def _step_in_path(passage: Passage) -> bool:
    draft, text, at = passage.draft, passage.text, passage.draft.at
    char = text[at : at + 1]
    if not char or char in '>"`':
        return False
    if passage.is_stopped() and dots.in_path(text, at) is None and not char.isspace():
        return False
    if char == "<":
        passage.read_cut(at)
        return False
    if char in "([{)]" or char == "D":
        return _bracket(passage, at, char)
    if char == "\\":
        return _backslash(passage, at)
    if char == "&":
        entity = None if passage.read_cut(at) else _ENTITY.match(text, at)
        if entity:
            draft.put("&", entity.end(), "html-entity")
        return entity is not None
    if char in "\u2025\u2026\u22ef":
        passage.read_cut(at)
        return False
    if char == "\uff0f":
        draft.put("/", at + 1, "full-width")
        return True
    if char == "\uff0e":
        draft.put(".", at + 1, "full-width")
        return True
    if char in "\u2010\u2011\u00ad" and _hyphen(passage, at, char):
        return True
    invisible = INVISIBLE.match(text, at)
    if invisible:
        draft.put("", invisible.end(), "invisible")
        return True
    return char.isspace() and _space(passage, at)


def _hyphen(passage: Passage, at: int, char: str) -> bool:
    """Pass a hyphen that typesetting put for a plain one, or for none at all at a line end."""
    draft, text = passage.draft, passage.text
    seam = _BROKEN_WORD.match(text, at + 1)
    if seam is None and (char == "\u00ad" or not text[at + 1 : at + 2].isalnum()):
        return False
    if seam is None:
        draft.put("-", at + 1, "typographic-dash")
        return True
    # Which of the two it was at a line end, no font tells: many draw every hyphen with the sign of the soft one.
    if char == "\u00ad":
        draft.fork(draft.value + "-")
        draft.put("", seam.end(), "hyphen-wrap")
    else:
        draft.put("-", seam.end(), "hyphen-wrap")
        draft.fork(draft.value[:-1])
    return True


def _bracket(passage: Passage, at: int, char: str) -> bool:
    draft, text = passage.draft, passage.text
    form = dots.in_host(text, at) if _EMBEDDED_HOST.search(draft.value[-80:]) else dots.in_path(text, at)
    if form:
        draft.put(".", form.end(), dots.code_of(form))
        return True
    slash = SLASH.match(text, at)
    if slash:
        draft.put("/", slash.end(), "bracket-slash")
        return True
    sign = SIGN.match(text, at)
    if sign:
        draft.put(sign[1], sign.end(), "bracket-sign")
        return True
    mark = cuts.MARK.match(text, at)
    if mark:
        passage.read_cut(at)
        return False
    if char == "(":
        passage.open_round += 1
    elif char == ")":
        passage.open_round -= 1
        if passage.open_round < 0:
            return False
    elif char == "[":
        index = _INDEX.match(text, at) if "?" in draft.value else None
        if index is None:
            return False
        draft.take(index.end())
        return True
    else:
        return False
    draft.take(at + 1)
    return True


def _backslash(passage: Passage, at: int) -> bool:
    draft, text = passage.draft, passage.text
    if "backslash" in passage.anchor.repairs:
        draft.put("/", at + 1, "backslash")
        return True
    join = joins.at_line_end(text, at, draft.value, is_host=False, in_brackets=False)
    if join:
        draft.put("", join.end, join.code)
        return True
    if text.startswith("\\/", at):
        draft.put("/", at + 2, "escape")
        return True
    escape = _ESCAPE.match(text, at)
    if escape:
        draft.put(escape[1], escape.end(), "escape")
    return escape is not None


def _space(passage: Passage, at: int) -> bool:
    draft, text = passage.draft, passage.text
    embedded = _EMBEDDED_HOST.search(draft.value[-80:])
    form = dots.in_host(text, at) if embedded else dots.in_path(text, at)
    if form:
        draft.put(".", form.end(), dots.code_of(form))
        return True
    if passage.read_spaced_cut():
        return False
    gap = gaps.at_space(text, at, passage.url(), is_scanned=passage.is_scanned())
    if gap:
        draft.put(gap.means, gap.end, "inner-space")
        if gap.other:
            draft.fork(draft.value.removesuffix(gap.means) + gap.other)
        return True
    join = joins.at_line_end(text, at, draft.value, is_host=False, in_brackets=at < passage.closer)
    if join:
        passage.join(join)
    return join is not None
