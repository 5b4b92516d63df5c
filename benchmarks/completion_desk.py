"""A desk that writes stories, notes and what archives keep of them, for the families of the completion benchmark."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from completion_cases import Case, cut_reference, index
from completion_words import ENGLISH, SMALL

from citekeeper.model import IndexRow
from citekeeper.surt import surt

NAMES = ["daily", "metro", "north", "east", "post", "herald", "press", "globe", "line", "wire", "times", "point"]


@dataclass(frozen=True)
class Story:
    words: tuple[str, ...]
    day: date
    number: int

    @property
    def slug(self) -> str:
        return "-".join(self.words)


@dataclass
class Entry:
    """What an index holds of one address."""

    url: str
    days: tuple[date, ...]
    status: int | None = 200
    mimetype: str = ""


class Desk:
    """Writes stories, notes and what archives keep of them; one site at a time."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.vocabulary = ENGLISH
        self.renew()

    def renew(self) -> None:
        rng = self.rng
        name = "".join(
            rng.sample(["daily", "metro", "north", "east", "post", "herald", "press", "globe", "line", "wire", "times", "point"], 2)
        )
        self.host = rng.choice(["www.", "www.", "", "en.", "edition."]) + name + rng.choice([".example", ".test", ".invalid"])
        self.outlet = rng.choice(["The ", ""]) + name.title()
        self.vocabulary = ENGLISH
        self.section = rng.choice(["news", "world", "world/europe", "politics", "middle-east", "international", "news/defence", "article"])

    # ── stories ───────────────────────────────────────────────────────────────────────────────

    def day(self) -> date:
        return date(2012, 1, 1) + timedelta(days=self.rng.randrange(365 * 12))

    def story(self, start: Sequence[str] = (), day: date | None = None, least: int = 5, most: int = 10) -> Story:
        wanted = max(self.rng.randint(least, most), len(start) + 1)
        words = [*start, *self.rng.sample(self.vocabulary, wanted - len(start))]
        return Story(tuple(words), day or self.day(), self.rng.randrange(10**5, 10**8))

    def near(self, day: date, most: int) -> date:
        return day + timedelta(days=self.rng.choice([-1, 1]) * self.rng.randint(0, most))

    def far(self, day: date) -> date:
        return day + timedelta(days=self.rng.choice([-1, 1]) * self.rng.randint(120, 1500))

    # ── what is printed ───────────────────────────────────────────────────────────────────────

    def title(self, story: Story) -> str:
        words = [word for each in story.words for word in (each, *([self.rng.choice(SMALL)] if self.rng.random() < 0.3 else []))]
        return " ".join(words).capitalize() if self.rng.random() < 0.5 else " ".join(words).title()

    def note(self, story: Story) -> str:
        shape, day = self.rng.random(), story.day
        when = self.rng.choice([f"{day:%B %d, %Y}", f"{day:%d %B %Y}", f"{day:%d.%m.%Y}", f"{day:%Y-%m-%d}"])
        if shape < 0.38:
            return ""
        if shape < 0.46:
            return f"{self.outlet}, {when}"
        if shape < 0.58:
            return f"“{self.title(story)}”, {self.outlet}"
        if shape < 0.66:
            accessed = story.day + timedelta(days=self.rng.randint(1, 300))
            return f"{self.title(story)}. {self.outlet}. Accessed {accessed:%d %B %Y}."
        return f"A. Writer, “{self.title(story)},” {self.outlet}, {when},"

    def cited(self, day: date) -> date | None:
        later = self.rng.choice([self.rng.randint(0, 3), self.rng.randint(0, 20), self.rng.randint(0, 500)])
        return day + timedelta(days=later) if self.rng.random() < 0.9 else None

    def printed(self, url: str, least: int) -> str | None:
        """The beginning that some column shows; None when it would show everything, or less than `least`."""
        columns = [71, 72, 60, 57, 80]
        kept = self.rng.choice(columns) if self.rng.random() < 0.5 else self.rng.randint(least, max(least, len(url) - 5))
        return url[:kept] if least <= kept <= len(url) - 5 else None

    # ── what archives keep ────────────────────────────────────────────────────────────────────

    def captures(self, day: date, least: int = 0) -> tuple[date, ...]:
        first = self.rng.choices([(0, 3), (3, 60), (60, 900)], [70, 18, 12])[0]
        return (day + timedelta(days=max(least, self.rng.randint(*first))),)

    def entry(self, url: str, day: date, status: int | None = 200, mimetype: str = "") -> Entry:
        return Entry(url, self.captures(day), status, mimetype)

    def rows(self, entries: Sequence[Entry]) -> Iterator[IndexRow]:
        for entry in entries:
            for day in entry.days:
                at = datetime(day.year, day.month, day.day, self.rng.randrange(24), tzinfo=UTC)
                kind = entry.mimetype or ("application/pdf" if entry.url.split("?")[0].endswith(".pdf") else "text/html")
                kind = "warc/revisit" if entry.status is None else kind
                yield IndexRow(surt(entry.url), at, entry.url, kind, entry.status, "DIGEST")


@dataclass
class Draft:
    """A case in the making."""

    desk: Desk
    kind: str
    story: Story
    truth: str
    prefix: str
    dots: str = "..."
    suffix: str = ""
    note: str | None = None
    captured: float = 0.78
    said: str = ""
    """More words that note and address share, such as a number or "part two"."""

    def __post_init__(self) -> None:
        rng = self.desk.rng
        self.note = self.desk.note(self.story) if self.note is None else self.note
        self.cited = self.desk.cited(self.story.day)
        self.entries: list[Entry] = []
        self.same: tuple[str, ...] = ()
        self.answerable = rng.random() < self.captured
        self.truth_days: tuple[date, ...] = ()
        if self.answerable:
            self.truth_days = self.desk.captures(self.story.day)
            status = rng.choices([200, None, 301], [85, 8, 7])[0]
            self.entries.append(Entry(self.truth, self.truth_days, status))

    def variants(self, urls: Sequence[str], share: float = 0.6, most: int = 3) -> Draft:
        """Views and parts of the page; only where the page itself was captured."""
        rng = self.desk.rng
        if self.answerable and urls and rng.random() < share:
            for url in rng.sample(list(urls), k=min(len(urls), rng.randint(1, most))):
                kind = "image/jpeg" if url.endswith((".jpg", ".png")) else ""
                self.entries.append(self.desk.entry(url, self.story.day, rng.choice([200, 200, 301]), kind))
        return self

    def cuts(self, share: float = 0.35) -> Draft:
        """The cut address itself and other people's cuts of it."""
        rng = self.desk.rng
        bare = self.prefix
        shapes = [bare, f"{bare}...", f"{bare}%E2%80%A6", f"{bare}…", f"{bare}..", f"{bare}...)", f"{bare}%20..."]
        if rng.random() < share:
            for url in rng.sample(shapes, k=rng.randint(1, 2)):
                self.entries.append(self.desk.entry(url, self.story.day, rng.choice([200, 200, 301, 302, None, 404])))
        return self

    def rivals(self, pairs: Sequence[tuple[str, Story]]) -> Draft:
        """Other pages; one that nothing tells from the page makes the case unanswerable."""
        for url, story in pairs:
            if not url.startswith(self.prefix) or url == self.truth:
                continue
            days = self.desk.captures(story.day)
            self.entries.append(Entry(url, days))
            if not self._is_told_apart(url, story, days):
                self.answerable = False
        return self

    def _is_told_apart(self, url: str, story: Story, days: tuple[date, ...]) -> bool:
        if self.suffix and not url.endswith(self.suffix):
            return True
        return self._by_note(story) or self._by_dates(story, days)

    def _by_note(self, story: Story) -> bool:
        note = (self.note or "").lower()
        new = [word for word in story.words if word not in self.story.words]
        return all(word.lower() in note for word in self.story.words) and len(new) >= 2

    def _by_dates(self, story: Story, days: tuple[date, ...]) -> bool:
        known = self.story.day if f"{self.story.day:%Y}" in (self.note or "").split("Accessed")[0] else self.cited
        if known is None or not self.truth_days or abs((known - self.story.day).days) > 25:
            return False
        here = (self.truth_days[0] - known).days
        return -27 <= here <= 6 and not any(-60 <= (day - known).days <= 60 for day in days)

    def done(self) -> Case:
        reference = cut_reference(self.prefix, self.dots, self.suffix, self.note or "")
        rows, whole = index(reference, self.desk.rows(self.entries))
        case = Case(self.kind, self.truth, reference, self.cited, rows, self.answerable, whole, same=self.same)
        if not whole:
            case.answerable = case.answerable and any(case.is_right(row.original) for row in rows)
        return case


Family = Callable[[Desk], Case | None]
Address = Callable[[Story], str]


def draft(desk: Desk, kind: str, story: Story, address: Address, least_behind: int, dots: str = "") -> Draft | None:
    """A draft of a page whose address is cut behind at least so many characters after the host."""
    truth = address(story)
    prefix = desk.printed(truth, truth.index("/", 8) + 1 + least_behind)
    return Draft(desk, kind, story, truth, prefix, dots or desk.rng.choice(["...", "…"])) if prefix else None


def siblings(desk: Desk, story: Story, address: Address, prefix: str, share: float = 0.35) -> list[tuple[str, Story]]:
    """Stories that begin as this one does, and the rest of the site."""
    rng, found = desk.rng, []
    shared = next((n for n in range(len(story.words), 0, -1) if not address(_shorter(story, n)).startswith(prefix)), 0)
    if rng.random() < share:
        for _ in range(rng.choice([1, 1, 2, 3])):
            day = rng.choice([desk.near(story.day, 20), desk.far(story.day), desk.far(story.day)])
            found.append(desk.story(story.words[: shared + 1], day))
    found += [desk.story() for _ in range(150)]
    return [(address(each), each) for each in found]


def _shorter(story: Story, count: int) -> Story:
    return Story(story.words[:count], story.day, story.number)


def tails(bare: str, *ends: str) -> list[str]:
    return [bare + end for end in ends]


def spelled(day: date) -> str:
    """A day in words, as addresses have it: "march-3"."""
    return f"{day:%B}-{day.day}".lower()


def family_cases(families: Sequence[Family], count: int, seed: int) -> Iterator[Case]:
    """So many cases, every family in its turn."""
    desk, made, turn = Desk(seed), 0, 0
    while made < count:
        desk.renew()
        case = families[turn % len(families)](desk)
        if case is not None:
            made += 1
            turn += 1
            yield case
