"""One pass over one address: what was read so far, where plain text must stop, and whether the address is cut."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from citekeeper.references import cuts, joins
from citekeeper.references.draft import Draft
from citekeeper.references.schemes import Anchor


class Passage:
    """The state of reading one address; each step moves `draft.at` forward or ends the pass."""

    def __init__(self, text: str, anchor: Anchor, stops: Sequence[int]) -> None:
        """Begin at `anchor`; plain characters never run on over one of the `stops`."""
        self.text = text
        self.stops = stops
        self.anchor = anchor
        self.draft = Draft(text, anchor.start, anchor.at)
        for code in anchor.repairs:
            self.draft.note(code)
        before = text[max(0, anchor.start - 3) : anchor.start]
        self.opener = "%20" if before == "%20" else before[-1:]
        self.closer = self._angle_end() if self.opener == "<" else -1
        self.cut: cuts.CutMark | None = None
        self.open_round = 0
        """Round brackets opened in the path and not yet closed."""
        self.ended: list[str] = []
        """Readings of the address that end at a line end, where the next word may be the sentence's."""

    def _angle_end(self) -> int:
        # RFC 3986, appendix C: between "<" and ">" every line end belongs to the typesetting.
        end = self.text.find(">", self.anchor.at, self.anchor.at + 2000)
        while end >= 0 and self.text[max(0, end - 3) : end].strip(" >") == "\n":
            end = self.text.find(">", end + 1, self.anchor.at + 2000)
        return end

    def limit(self, length: int) -> int:
        """How far plain characters may be read from here: `length`, or to the next stop."""
        at = self.draft.at
        if not self.stops:
            return at + length
        index = bisect_right(self.stops, at)
        return min(at + length, self.stops[index]) if index < len(self.stops) else at + length

    def is_stopped(self) -> bool:
        """Whether the format ends a link, or cites a note, right here."""
        index = bisect_left(self.stops, self.draft.at)
        return index < len(self.stops) and self.stops[index] == self.draft.at

    def is_scanned(self) -> bool:
        """Whether spaces were found inside scheme or host: text recognition puts them into paths as well."""
        return self.draft.has_undone("scheme-space", "spaced-dot")

    def url(self) -> str:
        """What was read so far, with the scheme that was written."""
        scheme = f"{self.anchor.scheme}://" if self.anchor.scheme else ""
        return scheme + self.draft.value

    def join(self, join: joins.Join) -> None:
        """Pass a line end inside the address."""
        draft, value = self.draft, self.draft.value
        code = "hyphen-wrap" if join.drops_hyphen else join.code
        if join.is_doubtful:
            self.ended.append(value)
        if join.drops_hyphen:
            draft.fork(value[:-1])
        elif join.code == "quoted-printable" and value.endswith("="):
            draft.shorten(len(value) - 1)
            draft.fork(value)
        draft.put("", join.end, code)

    def read_cut(self, at: int) -> bool:
        """Whether the address is cut at `at`; the text up to there is then taken."""
        match = cuts.MARK.match(self.text, at)
        if match is None:
            return False
        pending = self.text[self.draft.at : at]
        before = self.url() + pending
        # Dots behind what closes a bracket, a quote or a clause are the sentence's.
        if pending.endswith((")", ",", ";", "!", "'", "\u2019")) and ("(" not in before or pending[-1] != ")"):
            return False
        cut = cuts.read_mark(self.text, match, before, self.anchor.scheme is not None)
        if cut is None:
            return False
        if at + len(cut.extra) > self.draft.at:
            self.draft.take(at + len(cut.extra))
        self.cut = cut
        return True

    def read_spaced_cut(self) -> bool:
        """Whether a mark with spaces around it, or a trail of breadcrumbs, cuts the address here."""
        at = self.draft.at
        crumbs = cuts.BREADCRUMB.match(self.text, at)
        if crumbs:
            self.draft.note("breadcrumb")
            self.cut = cuts.CutMark("", crumbs.end(), None)
            return True
        match = cuts.SPACED_MARK.match(self.text, at)
        if match:
            self.cut = cuts.read_spaced_mark(self.text, match, self.url(), self.anchor.scheme is not None)
        return self.cut is not None
