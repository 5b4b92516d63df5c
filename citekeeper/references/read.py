"""Reads one address forward from its anchor: host, path, and all that was done to them on the way to this text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from citekeeper.references import bounds, cuts, dots, gaps, joins
from citekeeper.references.draft import Draft, Found
from citekeeper.references.hosts import is_possible_host
from citekeeper.references.schemes import Anchor

# Longer than any address that works (servers answer 414 from 8 KiB); bounds the work on hostile text.
LONGEST = 8192
# DNS carries 255 octets (RFC 1035); the rest is room for a user and a port.
LONGEST_HOST = 300
# Addresses glued to one another would make each of them read all that follow, were they read in one piece.
_CHUNK = 512

_LABELS = re.compile(r"[\w-]+(?:[.@:][\w-]+)*+")
_LITERAL_V6 = re.compile(r"\[[0-9A-Fa-f:.]{2,45}\]")
_PORT = re.compile(r"(?:\[:\]|\(:\)|\{:\})(?=\d{2,5})")
_EMPTY_PORT = re.compile(r":\d*(?=[/?#])")
_SCANNED_PATH = re.compile(r" /[\w-]")
_SLASH = re.compile(r"\[/\]|\(/\)|\\/|\uff0f")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+(?=[\w/.?=&%#-])")
_RUN = re.compile(
    r"(?:[A-Za-z0-9\-._~:/?#@!$'*+,;=%\u00a1-\u00aa\u00ac\u00ae-\u00ba\u00bc-\u1fff\u2010-\u2013\u2030-\u2038\u203c-\u205e\u2070-\u2fff\u3005-\u3007"
    r"\u3021-\ufefe\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uffef\U00010000-\U0010ffff]+|&(?!(?:amp|lt|gt|quot|nbsp|#3[489]);))++"
)
_ENTITY = re.compile(r"&(?:amp|#38);")
_ESCAPE = re.compile(r"\\{1,2}([_*~&#().!+=%-])")
_INDEX = re.compile(r"\[[\w.-]{0,40}\](?=[=&\[%]|=)")
_TEMPLATE = re.compile(r"\[[\w-]+-[\w-]+\]")
_EMBEDDED_HOST = re.compile(r"https?://[\w.-]*\Z")


def read(text: str, anchor: Anchor, stops: Sequence[int] = ()) -> Found | None:
    """The address at `anchor`, or None when what stands there is none.

    Plain characters never run on over one of the `stops` (in order): the format ends a link, or cites a note, there.
    """
    return _Reading(text, anchor, stops).result()


class _Reading:
    """One pass over one address; each step moves `draft.at` forward or ends the pass."""

    def __init__(self, text: str, anchor: Anchor, stops: Sequence[int]) -> None:
        self.text = text
        self.stops = stops
        self.anchor = anchor
        self.draft = Draft(text, anchor.start, anchor.at)
        for code in anchor.repairs:
            self.draft.note(code)
        self.opener = "%20" if text.startswith("%20", anchor.start - 3) else text[anchor.start - 1 : anchor.start]
        self.closer = self._angle_end() if self.opener == "<" else -1
        self.cut: cuts.CutMark | None = None
        self.open_round = 0

    def _limit(self, at: int, length: int) -> int:
        index = bisect_right(self.stops, at)
        return min(at + length, self.stops[index]) if index < len(self.stops) else at + length

    def _is_stopped(self, at: int) -> bool:
        index = bisect_left(self.stops, at)
        return index < len(self.stops) and self.stops[index] == at

    def _angle_end(self) -> int:
        # RFC 3986, appendix C: between "<" and ">" every line end belongs to the typesetting.
        end = self.text.find(">", self.anchor.at, self.anchor.at + 2000)
        while end >= 0 and self.text[max(0, end - 3) : end].strip(" >") == "\n":
            end = self.text.find(">", end + 1, self.anchor.at + 2000)
        return end

    def result(self) -> Found | None:
        draft = self.draft
        self._read_host()
        host = draft.value
        if not host or not is_possible_host(host, self.anchor, is_cut=self.cut is not None):
            return None
        if self.cut is None and self._is_at_path():
            self._read_path(host)
        elif self.cut is None:
            self._look_for_spaced_cut()
        return self._found(len(host))

    # ── host ──

    def _read_host(self) -> None:
        draft, text = self.draft, self.text
        literal = _LITERAL_V6.match(text, draft.at)
        if literal:
            draft.take(literal.end())
        while len(draft.value) < LONGEST_HOST:
            before = draft.at
            labels = _LABELS.match(text, draft.at, self._limit(draft.at, LONGEST_HOST))
            if labels and not self._take_labels(labels):
                return
            if not self._step_in_host() or draft.at == before:
                return

    def _take_labels(self, labels: re.Match[str]) -> bool:
        """Take host labels; False when the host ends within them."""
        draft, end = self.draft, labels.end()
        if not labels[0].isascii():
            border = bounds.BORDER.search(self.text, draft.at, end)
            if border:
                draft.take(border.start())
                return False
        glued = dots.FORM.search(self.text, draft.at, end) if "DOT" in labels[0] else None
        while glued and glued.end() <= end and dots.code_of(glued) == "glued-dot":
            draft.take(glued.start())
            draft.put(".", glued.end(), "glued-dot")
            glued = dots.FORM.search(self.text, draft.at, end)
        if end > draft.at:
            draft.take(end)
        return True

    def _step_in_host(self) -> bool:
        """Pass whatever stands between two labels of a host; False when nothing that belongs to it does."""
        draft, text, at = self.draft, self.text, self.draft.at
        if self._read_cut(at):
            return False
        form = dots.in_host(text, at)
        if form and draft.value:
            draft.put(".", form.end(), dots.code_of(form))
            return True
        port = _PORT.match(text, at)
        if port:
            draft.put(":", port.end(), "bracket-colon")
            return True
        invisible = _INVISIBLE.match(text, at)
        if invisible:
            draft.put("", invisible.end(), "invisible")
            return True
        if text.startswith("\u2013", at) and draft.value.lower().endswith("xn"):
            draft.put("--", at + 1, "typographic-dash")
            return True
        return self._join_host(at)

    def _join_host(self, at: int) -> bool:
        draft, text = self.draft, self.text
        seam = at + 1 if text.startswith(".", at) and text[at + 1 : at + 2] in ("\n", "\r", " ") else at
        value = draft.value + text[at:seam]
        join = joins.at_line_end(text, seam, value, is_host=True, in_brackets=seam < self.closer) or joins.soft_break(text, seam)
        if join is None or not draft.value:
            return False
        if seam > at:
            draft.take(seam)
        draft.put("", join.end, join.code)
        if text.startswith(".", draft.at):
            draft.take(draft.at + 1)
        return True

    def _is_at_path(self) -> bool:
        at = self.draft.at
        if self.text.startswith(("/", "?", "#"), at):
            return not self._is_stopped(at)
        slash = _SLASH.match(self.text, at)
        if slash or ("backslash" in self.anchor.repairs and self.text.startswith("\\", at)):
            return True
        port = _EMPTY_PORT.match(self.text, at)
        if port:
            self.draft.take(port.end())
            return True
        if self._is_scanned() and _SCANNED_PATH.match(self.text, at):
            self.draft.put("", at + 1, "inner-space")
            return True
        return False

    # ── path, query, fragment ──

    def _read_path(self, host: str) -> None:
        draft = self.draft
        while len(draft.value) < LONGEST and self.cut is None:
            before = draft.at
            if not self._take_run():
                return
            if draft.at < before + _CHUNK and not self._step_in_path():
                return

    def _take_run(self) -> bool:
        """Take plain address characters, at most a chunk of them; False when the address ends within them."""
        draft, text, at = self.draft, self.text, self.draft.at
        match = _RUN.match(text, at, self._limit(at, _CHUNK))
        if match is None:
            return True
        run = match[0]
        ends = (self._glued_at(run, match.end()), bounds.stop_at(run, self.opener), self._border(run))
        limit = min((end for end in ends if end is not None), default=len(run))
        mark = run.find("...", 0, limit)
        while mark >= 0:
            if self._read_cut(at + mark):
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

    def _glued_at(self, run: str, end: int) -> int | None:
        # Nine characters more, so that a scheme over the seam of two chunks is seen.
        glued = bounds.glued_at(run + self.text[end : end + 9], self.draft.value)
        return glued if glued is not None and glued < len(run) else None

    def _border(self, run: str) -> int | None:
        """Where text in a script without spaces begins, when it also stands before the address; both readings are kept."""
        if run.isascii() or not bounds.UNSPACED.match(self.opener or " "):
            return None
        border = bounds.BORDER.search(run)
        if border is None:
            return None
        self.draft.fork(self.draft.value + run)
        return border.start()

    def _step_in_path(self) -> bool:
        draft, text, at = self.draft, self.text, self.draft.at
        char = text[at : at + 1]
        if not char or char in '<>"`':
            return False
        if self._is_stopped(at) and dots.in_path(text, at) is None and not char.isspace():
            return False
        if char in "([{)]" or char == "D":
            return self._bracket(at, char)
        if char == "\\":
            return self._backslash(at)
        if char == "&":
            entity = _ENTITY.match(text, at)
            if entity:
                draft.put("&", entity.end(), "html-entity")
            return entity is not None
        if char == "\u2026":
            return not self._read_cut(at) and False
        if char == "\uff0f":
            draft.put("/", at + 1, "full-width")
            return True
        if char == "\uff0e":
            draft.put(".", at + 1, "full-width")
            return True
        invisible = _INVISIBLE.match(text, at)
        if invisible:
            draft.put("", invisible.end(), "invisible")
            return True
        return char.isspace() and self._space(at)

    def _bracket(self, at: int, char: str) -> bool:
        draft, text = self.draft, self.text
        form = dots.in_host(text, at) if _EMBEDDED_HOST.search(draft.value[-80:]) else dots.in_path(text, at)
        if form:
            draft.put(".", form.end(), dots.code_of(form))
            return True
        slash = _SLASH.match(text, at)
        if slash:
            draft.put("/", slash.end(), "bracket-slash")
            return True
        mark = cuts.MARK.match(text, at)
        if mark:
            return not self._read_cut(at) and False
        if char == "(":
            self.open_round += 1
        elif char == ")":
            self.open_round -= 1
            if self.open_round < 0:
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

    def _backslash(self, at: int) -> bool:
        draft, text = self.draft, self.text
        if "backslash" in self.anchor.repairs:
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

    def _space(self, at: int) -> bool:
        draft, text = self.draft, self.text
        embedded = _EMBEDDED_HOST.search(draft.value[-80:])
        form = dots.in_host(text, at) if embedded else dots.in_path(text, at)
        if form:
            draft.put(".", form.end(), dots.code_of(form))
            return True
        if self._look_for_spaced_cut():
            return False
        gap = gaps.at_space(text, at, self._url(), is_scanned=self._is_scanned())
        if gap:
            draft.put(gap.means, gap.end, "inner-space")
            if gap.other:
                draft.fork(draft.value.removesuffix(gap.means) + gap.other)
            return True
        join = joins.at_line_end(text, at, draft.value, is_host=False, in_brackets=at < self.closer)
        if join:
            self._join(join)
        return join is not None

    def _join(self, join: joins.Join) -> None:
        draft, value = self.draft, self.draft.value
        code = "hyphen-wrap" if join.drops_hyphen else join.code
        if join.drops_hyphen:
            draft.fork(value[:-1])
        elif join.code == "quoted-printable":
            draft.shorten(len(value) - 1)
            draft.fork(value)
        draft.put("", join.end, code)

    def _is_scanned(self) -> bool:
        return self.draft.has_undone("scheme-space", "spaced-dot")

    # ── cuts ──

    def _url(self) -> str:
        scheme = f"{self.anchor.scheme}://" if self.anchor.scheme else ""
        return scheme + self.draft.value

    def _read_cut(self, at: int) -> bool:
        """Whether the address is cut at `at`; the text up to there is then taken."""
        match = cuts.MARK.match(self.text, at)
        if match is None:
            return False
        pending = self.text[self.draft.at : at]
        before = self._url() + pending
        if pending.endswith((")", ",", ";", "!", "'", "\u2019")) and ("(" not in before or pending[-1] != ")"):
            return False
        cut = cuts.read_mark(self.text, match, before, self.anchor.scheme is not None)
        if cut is None:
            return False
        if at + len(cut.extra) > self.draft.at:
            self.draft.take(at + len(cut.extra))
        self.cut = cut
        return True

    def _look_for_spaced_cut(self) -> bool:
        at = self.draft.at
        if cuts.BREADCRUMB.match(self.text, at) and "/" not in self.draft.value:
            self.draft.note("breadcrumb")
            crumb = cuts.BREADCRUMB.match(self.text, at)
            self.cut = cuts.CutMark("", crumb.end() if crumb else at, None)
            return True
        match = cuts.SPACED_MARK.match(self.text, at)
        if match is None:
            return False
        self.cut = cuts.read_spaced_mark(self.text, match, self._url(), self.anchor.scheme is not None)
        return self.cut is not None

    # ── outcome ──

    def _found(self, host_length: int) -> Found | None:
        draft, cut = self.draft, self.cut
        if cut is None:
            draft.shorten(max(bounds.closed_length(draft.value, self.opener), host_length))
        if self.anchor.scheme is None and not self._is_worth_it(host_length):
            return None
        scheme = self.anchor.scheme or "http"
        others = [f"{scheme}://{other}" for other in draft.alternatives]
        if self.anchor.scheme is None:
            others.append(f"https://{draft.value}")
        elif self.anchor.other_scheme:
            others.append(f"{self.anchor.other_scheme}://{draft.value}")
        repairs = list(draft.repairs)
        suffix = None
        if cut:
            suffix = cut.suffix.replace("DOT", ".") if cut.suffix and "glued-dot" in repairs else cut.suffix
            repairs.append("cut-middle" if suffix else "cut")
            if cut.other is not None:
                others.append(f"{scheme}://{draft.value}{cut.other}")
        end = cut.end if cut else draft.at
        return Found(draft.start, end, f"{scheme}://{draft.value}", tuple(repairs), cut is not None, suffix, tuple(dict.fromkeys(others)))

    def _is_worth_it(self, host_length: int) -> bool:
        """Without a scheme only a path, or "www", makes an address of a name."""
        draft = self.draft
        return len(draft.value) > host_length or draft.value.lower().startswith("www") or self.cut is not None
