"""Invented sites with invented words, cut as publishing systems cut, among decoys: what the weights were first set on."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

from completion_cases import Case, cut_reference, index

from citekeeper.model import IndexRow
from citekeeper.surt import surt

SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstv" for vowel in "aeio"]
CYRILLIC = str.maketrans("abdefgiklmnoprstv", "абдефгиклмнопрств")
# Characters kept before and after the cut, what stands for the rest, and the least length that is cut:
# Drupal 7, Drupal 8, phpBB, MyBB, vBulletin, Discuz, SPIP, tDiary.
CUTS = [
    (72, 0, "...", 76),
    (71, 0, "…", 73),
    (39, 10, " ... ", 56),
    (40, 10, "...", 56),
    (36, 14, "...", 56),
    (32, 19, " ... ", 66),
    (35, 0, "...", 41),
    (60, 0, "...", 64),
]
SHARES_OF_CUTS = [30, 25, 8, 6, 6, 5, 10, 10]


class Writer:
    """Invents articles, their addresses, and what an index holds of them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.vocabulary = ["".join(self.random.choices(SYLLABLES, k=self.random.choice([2, 2, 3, 3, 4]))) for _ in range(600)]

    def title(self, start: list[str] | None = None) -> list[str]:
        return (start or []) + self.random.choices(self.vocabulary, k=self.random.randint(7, 13) - len(start or []))

    def address(self, style: str, words: list[str], day: date, number: int) -> str:
        slug = "-".join(words)
        host = self.host
        match style:
            case "dated":
                return f"https://{host}/{day:%Y/%m/%d}/{slug}/"
            case "month":
                return f"http://{host}/news/{day:%Y/%m}/{slug}.html"
            case "id":
                return f"https://{host}/article/world/{slug}-id{number:08X}"
            case "number":
                return f"https://{host}/{self.section}/{slug}/{number}"
            case "pdf":
                return f"https://{host}/sites/default/files/reports/{slug}.pdf"
            case "query":
                return f"http://{host}/index.php?view=article&title={slug}&id={number}"
            case "cyrillic":
                return f"https://{host}/" + quote("-".join(words[:5]).translate(CYRILLIC)) + "/"
            case _:
                return f"https://{host}/{self.section}/{slug}"

    def renew_site(self) -> None:
        self.host = self.random.choice(["www.", "", "www.", "en."]) + "".join(self.random.choices(SYLLABLES, k=3)) + ".example"
        self.section = self.random.choice(["news", "world", "backgrounder", "politics/europe", "blog/posts", "a"])

    def published(self) -> date:
        return date(2012, 1, 1) + timedelta(days=self.random.randrange(365 * 11))

    def first_capture(self, published: date) -> date:
        after = self.random.choices([(0, 3), (3, 90), (90, 1100)], [65, 22, 13])[0]
        return published + timedelta(days=self.random.randint(*after))

    def row(self, url: str, day: date, status: int | None = 200, mimetype: str = "") -> IndexRow:
        kind = mimetype or ("application/pdf" if url.endswith(".pdf") else "text/html")
        at = datetime(day.year, day.month, day.day, self.random.randrange(24), tzinfo=UTC)
        return IndexRow(surt(url), at, self._with_port(url), kind, status, "DIGEST")

    def _with_port(self, url: str) -> str:
        """Old captures print the default port."""
        return url.replace(self.host, f"{self.host}:80") if url.startswith("http:") and self.random.random() < 0.3 else url

    def note(self, words: list[str], day: date) -> str:
        shape = self.random.random()
        if shape < 0.45:
            return ""
        author = " ".join(word.title() for word in self.random.choices(self.vocabulary, k=2))
        outlet = "".join(self.random.choices(SYLLABLES, k=3)).title()
        if shape < 0.55:
            return f"{outlet}, {day:%B %d, %Y}"
        return f"{author}, “{' '.join(words).capitalize()},” {outlet}, {day:%B %d, %Y},"

    def dressed(self, url: str) -> list[str]:
        """Variants of one page."""
        bare = url.rstrip("/")
        swap = url.replace("https://", "http://") if url.startswith("https") else url.replace("http://", "https://")
        www = url.replace("://www.", "://") if "://www." in url else url.replace("://", "://www.")
        joint = "&" if "?" in url else "?"
        return (
            [
                f"{url}{joint}utm_source=rss&utm_medium=feed",
                f"{url}{joint}fbclid=IwAR0{self.random.randrange(10**9)}",
                f"{bare}/amp/",
                f"{bare}/amp",
                f"{url}{joint}output=amp",
                f"{bare}/print",
                f"{url}{joint}print=1",
                f"{bare}/feed/",
                f"{bare}/embed",
                swap,
                www,
                f"{bare}/index.html",
                f"{url}{joint}PHPSESSID={self.random.randrange(10**31):032d}",
                f"{url}{joint}gclid=abc",
            ]
            if "?" not in url and not url.endswith((".pdf", ".html"))
            else [f"{url}{joint}utm_source=rss", f"{url}{joint}fbclid=IwAR0x", swap, www]
        )

    def parts(self, url: str) -> list[str]:
        """Pages below or beside one page that are not it."""
        bare = url.rstrip("/")
        if "?" in url or url.endswith((".pdf", ".html")):
            return [f"{url}{'&' if '?' in url else '?'}page=2"]
        return [
            f"{bare}/photos",
            f"{bare}/comments",
            f"{bare}?page=2",
            f"{bare}/page/2/",
            f"{bare}/attachment/image-1/",
            f"{bare}/2",
            f"{bare}-300x200.jpg",
            f"{bare}/style.css",
        ]


def cut(writer: Writer, url: str) -> tuple[str, str, str] | None:
    """Prefix, dots and suffix, cut as some publishing system would; None when the address is left whole."""
    before, after, dots, least = writer.random.choices(CUTS, SHARES_OF_CUTS)[0]
    if len(url) < max(least, before + after + 1) or before < url.index("/", 8) + 6:
        return None
    suffix = url[-after:] if after else ""
    return url[:before], dots, suffix


def make(writer: Writer) -> Case | None:
    """One case; None when the invented address is too short to be cut."""
    rng = writer.random
    writer.renew_site()
    style = rng.choices(["plain", "dated", "month", "id", "number", "pdf", "query", "cyrillic"], [30, 15, 10, 10, 8, 7, 6, 6])[0]
    words, day, number = writer.title(), writer.published(), rng.randrange(10**6, 10**7)
    series = rng.random() < 0.12
    words = [*words[:-1], str(day.year)] if series else words
    truth = writer.address(style, words, day, number)
    shown = cut(writer, truth)
    if shown is None:
        return None
    cited = day + timedelta(days=rng.choice([rng.randint(0, 3), rng.randint(0, 20), rng.randint(0, 700)]))
    note = writer.note(words, day)
    reference = cut_reference(*shown, note)
    known_date = cited if rng.random() < 0.9 else None
    case = Case(style, truth, reference, known_date, [], True)
    case.answerable = rng.random() < 0.75
    if case.answerable:
        _capture_truth(writer, case, day)
    _add_decoys(writer, case, words, day, style)
    _add_the_rest_of_the_site(writer, case, words, style)
    if series:
        _add_other_years(writer, case, words, day, style)
    rng.shuffle(case.rows)
    case.rows, case.complete_index = index(reference, case.rows)
    return case


def _capture_truth(writer: Writer, case: Case, day: date) -> None:
    rng = writer.random
    case.rows.append(writer.row(case.truth, writer.first_capture(day), rng.choice([200, 200, 200, 200, 200, None, 301])))
    for variant in rng.sample(writer.dressed(case.truth), k=min(rng.choice([0, 0, 1, 2, 4]), 3)):
        case.rows.append(writer.row(variant, writer.first_capture(day), rng.choice([200, 200, 301])))
        case.decoys["variant"] += 1
    for part in rng.sample(writer.parts(case.truth), k=1) if rng.random() < 0.35 else []:
        kind = "image/jpeg" if part.endswith(".jpg") else "text/css" if part.endswith(".css") else "text/html"
        case.rows.append(writer.row(part, writer.first_capture(day), 200, kind))
        case.decoys["part"] += 1


def _add_decoys(writer: Writer, case: Case, words: list[str], day: date, style: str) -> None:
    rng = writer.random
    prefix = case.reference.address.url or ""
    if rng.random() < 0.3:
        case.rows.append(writer.row(prefix, writer.first_capture(day), rng.choice([200, 301, None])))
        case.decoys["cut itself"] += 1
    if rng.random() < 0.08 and len(case.truth) > len(prefix) + 12:
        case.rows.append(writer.row(case.truth[: len(prefix) + rng.randint(4, 9)], writer.first_capture(day), rng.choice([301, 301, None])))
        case.decoys["other cut"] += 1
    if rng.random() < 0.12 and "?" not in case.truth:
        language = rng.choice(["es", "fr", "de", "ru"])
        ending = rng.choice([f"-{language}", f"/{language}/", f"?lang={language}"])
        if case.answerable:
            case.rows.append(writer.row(case.truth.rstrip("/") + ending, writer.first_capture(day)))
            case.decoys["language"] += 1
    if rng.random() < 0.3:
        _add_siblings(writer, case, words, day, style)


def _add_siblings(writer: Writer, case: Case, words: list[str], day: date, style: str) -> None:
    """Other stories that begin with the same words."""
    rng = writer.random
    prefix = case.reference.address.url or ""
    shared = next((n for n in range(len(words), 0, -1) if not writer.address(style, words[:n], day, 0).startswith(prefix)), 0)
    for _ in range(rng.choice([1, 1, 2, 3])):
        away = rng.choice([rng.randint(2, 20), rng.randint(300, 2000), rng.randint(300, 2000)]) * rng.choice([-1, 1])
        other_day = day if style == "dated" else day + timedelta(days=away)
        other = writer.title(words[: shared + 1])
        _add_rival(writer, case, words, other, writer.address(style, other, other_day, rng.randrange(10**6, 10**7)), day, other_day)
        case.decoys["sibling"] += 1


def _add_other_years(writer: Writer, case: Case, words: list[str], day: date, style: str) -> None:
    """The same yearly report of other years."""
    for year in writer.random.sample([each for each in range(2012, 2024) if each != day.year], k=writer.random.randint(1, 4)):
        other, other_day = [*words[:-1], str(year)], day.replace(year=year, day=min(day.day, 28))
        url = writer.address(style, other, other_day, writer.random.randrange(10**6, 10**7))
        _add_rival(writer, case, words, other, url, day, other_day)
        case.decoys["other year"] += 1


def _add_the_rest_of_the_site(writer: Writer, case: Case, words: list[str], style: str) -> None:
    """A short beginning fits much of a site: the shorter, the more."""
    prefix = case.reference.address.url or ""
    shown = sum(each.isalnum() for each in prefix.rpartition("/")[2])
    for _ in range(max(0, 60 >> (2 * min(shown, 4)))):
        other, other_day = writer.title(), writer.published()
        if not case.reference.address.suffix or shown < 2:
            url = prefix + "-".join(other)
            _add_rival(writer, case, words, other, url, other_day, other_day)
            case.decoys["site"] += 1


def _add_rival(writer: Writer, case: Case, words: list[str], other: list[str], url: str, day: date, other_day: date) -> None:
    prefix, suffix = case.reference.address.url or "", case.reference.address.suffix or ""
    if not url.startswith(prefix) or url == case.truth:
        return
    case.rows.append(writer.row(url, writer.first_capture(other_day)))
    if _note_tells(case, words, other) or not url.endswith(suffix):
        return
    if abs((other_day - day).days) < 60 or case.cited is None or abs((case.cited - day).days) > 60:
        case.answerable = False


def _note_tells(case: Case, words: list[str], other: list[str]) -> bool:
    note = case.reference.context.lower()
    return all(word in note for word in words) and sum(word not in words for word in other) >= 2


def cases(count: int, seed: int) -> Iterator[Case]:
    writer = Writer(seed)
    made = 0
    while made < count:
        case = make(writer)
        if case is not None:
            made += 1
            yield case
