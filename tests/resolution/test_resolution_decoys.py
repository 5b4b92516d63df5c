"""What indexes hold beside the page: rubbish, other people's cuts, series, second editions; and what the note tells of it."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from growth import grows_no_faster_than_its_text
from hypothesis import given
from hypothesis import strategies as st
from resolution_kit import CITED, codes, cut, resolve, row, signs

from citekeeper.model import Citation, Rows
from citekeeper.resolution import complete
from citekeeper.resolution.dates import spelled_dates
from citekeeper.resolution.variants import read_form

PREFIX = "https://www.news.example/world/ceasefire-deal-reached-in-upper-val"
STORY = "https://www.news.example/world/ceasefire-deal-reached-in-upper-valley-after-talks"
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

RUBBISH = [
    "%22",
    '"',
    ")",
    ".",
    ",",
    ";",
    "]",
    "'",
    "%20",
    "%E2%80%9D",
    "&quot;",
    "%3C/a%3E",
    '%22%20target="_blank',
    "%0A",
    "...",
    "/)",
    ";jsessionid=0123456789ABCDEF",
    "?utm_source=rss%22",
]


class TestRubbish:
    @pytest.mark.parametrize("end", RUBBISH)
    def test_what_a_text_left_at_the_end_of_a_link_makes_no_second_page(self, end: str) -> None:
        found = resolve(cut(PREFIX), row(STORY), row(STORY + end))
        assert found.url == STORY
        assert len(found.candidates) == 1

    @pytest.mark.parametrize("end", ["%22", ")", "%E2%80%9D", ","])
    def test_a_page_that_only_rubbish_shows_is_taken_without_it(self, end: str) -> None:
        assert resolve(cut(PREFIX), row(STORY + end)).url == STORY

    @pytest.mark.parametrize("end", ["_(film)", "%28film%29", "-(part-2)"])
    def test_a_bracket_that_was_opened_belongs_to_the_address(self, end: str) -> None:
        assert resolve(cut(PREFIX), row(STORY + end)).url == STORY + end

    @given(st.text(alphabet='ab-/.…)"%E2%80%A6<>;&quot ', max_size=40))
    def test_what_is_taken_off_is_taken_off_the_end_and_the_rest_stays(self, rest: str) -> None:
        form = read_form(f"https://news.example/a{rest}")
        assert form is None or f"/a{rest}".startswith(form.path.rstrip("/"))

    def test_thousands_of_quotes_are_taken_off_in_linear_time(self) -> None:
        assert read_form("https://news.example/a" + '"<%22' * 1600) is not None
        assert grows_no_faster_than_its_text(lambda end: read_form("https://news.example/a" + end), '"<%22' * 1600)


class TestOtherCuts:
    @pytest.mark.parametrize("dots", ["...", "..", "…", "%E2%80%A6", "...)", "%20...", "…/", "...%22"])
    def test_the_cut_address_with_its_dots_is_never_taken_whatever_the_server_said(self, dots: str) -> None:
        note = "A. Writer, “Ceasefire deal reached in upper valley after talks,” The News, November 11, 2020,"
        assert resolve(cut(PREFIX, note=note), row(PREFIX + dots)).url is None
        assert resolve(cut(PREFIX, note=note), row(PREFIX + dots), row(STORY)).url == STORY

    @pytest.mark.parametrize("other", ["ley-aft...", "ley-after-ta%E2%80%A6", "ley...after-talks", "ley%E2%80%A6talks"])
    def test_somebody_elses_longer_cut_is_never_taken(self, other: str) -> None:
        found = resolve(cut(PREFIX), row(PREFIX + other))
        assert found.url is None
        assert "looks-cut" in {each.code for candidate in found.candidates for each in candidate.evidence}


def test_the_lack_of_rivals_among_a_few_pages_tells_little() -> None:
    short = cut("https://www.news.example/world/cea")
    rows = Rows((row("https://www.news.example/world/ceasefire-holds-in-lower-valley"),))
    assert complete(short, [("local", rows)], cited=CITED).url is not None
    assert complete(short, [("local", rows)], cited=CITED, sparse=True).url is None
    assert complete(cut(PREFIX), [("local", Rows((row(STORY),)))], cited=CITED, sparse=True).url == STORY


class TestNote:
    def test_the_title_of_a_bibliography_entry_counts(self) -> None:
        rows = [row(f"{PREFIX}ley-after-talks"), row(f"{PREFIX}ley-villages-emptied")]
        plain = cut(PREFIX)
        assert resolve(plain, *rows).url is None
        told = replace(plain, citation=Citation(title="Ceasefire deal reached in Upper Valley: villages emptied"))
        assert resolve(told, *rows).url == f"{PREFIX}ley-villages-emptied"

    def test_the_day_of_a_bibliography_entry_counts_and_the_first_of_a_month_does_not(self) -> None:
        rows = [row(f"{PREFIX}ley-one-two-three", "2018-03-14"), row(f"{PREFIX}ley-four-five-six", "2020-11-12")]
        told = replace(cut(PREFIX), citation=Citation(published=date(2018, 3, 13)))
        assert resolve(told, *rows).url == f"{PREFIX}ley-one-two-three"
        whole_month = replace(cut(PREFIX), citation=Citation(published=date(2018, 3, 1)))
        assert resolve(whole_month, *rows).url == f"{PREFIX}ley-four-five-six"

    def test_another_title_speaks_against_the_only_candidate(self) -> None:
        prefix = "https://www.news.example/2020/11/11/"
        note = "“Fishermen protest against harbour closure plan”, The News"
        found = resolve(cut(prefix, note=note), row(f"{prefix}council-votes-budget-after-long-debate"))
        assert found.url is None
        assert "title-differs" in signs(found, f"{prefix}council-votes-budget-after-long-debate")
        assert resolve(cut(prefix, note=note), row(f"{prefix}fishermen-protest-harbour-closure")).url is not None

    def test_a_title_in_other_letters_says_nothing_against_it(self) -> None:
        prefix = "https://www.news.example/2020/11/11/"
        found = resolve(cut(prefix, note="“Рыбаки протестуют против закрытия порта”, Газета"), row(f"{prefix}rybaki-protestuyut-zakrytiye"))
        assert "title-differs" not in signs(found, f"{prefix}rybaki-protestuyut-zakrytiye")

    def test_parameters_behind_the_cut_are_compared_with_the_note_too(self) -> None:
        prefix = "http://news.example/index.php?option=content&view=artic"
        one = "http://news.example/index.php?option=content&view=article&id=31:harbour-strike-ends-after-council-vote"
        other = "http://news.example/index.php?option=content&view=article&id=77:museum-reopens-under-another-roof"
        note = "“Harbour strike ends after council vote”, The News, November 11, 2020"
        assert resolve(cut(prefix, note=note), row(one), row(other)).url == one


class TestLength:
    def test_what_is_shorter_than_the_system_that_cut_would_have_cut_is_not_meant(self) -> None:
        reference = cut(PREFIX)
        short = f"{PREFIX}leys"
        signed = replace(reference, address=replace(reference.address, missing_at_least=9))
        assert "barely-longer" in signs(resolve(signed, row(short)), short)
        assert "barely-longer" not in signs(resolve(reference, row(short)), short)

    def test_escapes_are_counted_as_they_are_printed(self) -> None:
        prefix = "https://news.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C-%D1%80%D1%8B%D0%BD%D0%BE"
        whole = f"{prefix}%D0%BA"
        assert "barely-longer" not in signs(resolve(cut(prefix), row(whole)), whole)


class TestSeries:
    LIVE = "https://www.news.example/world/valley-talks-live-updates-"

    def test_the_day_in_words_tells_which_day_of_a_series_is_meant(self) -> None:
        rows = [row(f"{self.LIVE}november-{day}", f"2020-11-{day}") for day in (9, 10, 11, 12) if day > 9]
        note = "“Valley talks: live updates”, The News, November 11, 2020"
        found = resolve(cut(f"{self.LIVE}nov", note=note), *rows)
        assert found.url == f"{self.LIVE}november-11"

    def test_a_year_that_nothing_confirms_leaves_the_only_candidate_open(self) -> None:
        prefix, url = "https://agency.example/reports/harbour-safety-rev", "https://agency.example/reports/harbour-safety-review-2019"
        found = resolve(cut(prefix), row(url, "2020-03-02"))
        assert "serial" in signs(found, url)
        confirmed = resolve(cut(prefix, note="Harbour safety review, Agency, 2 December 2019"), row(url, "2019-12-04"))
        assert confirmed.url == url
        assert "serial" not in signs(confirmed, url)

    def test_an_opaque_number_is_less_than_words(self) -> None:
        prefix = "https://www.news.example/news/world-europe-548"
        found = resolve(cut(prefix), row(f"{prefix}82564", "2019-02-02"))
        assert "serial" in signs(found, f"{prefix}82564")
        assert found.url is None

    @pytest.mark.parametrize("number", ["-2", "_0", "-page-3", ",2"])
    def test_a_number_behind_another_address_is_a_further_part(self, number: str) -> None:
        found = resolve(cut(PREFIX), row(STORY), row(STORY + number))
        assert found.url == STORY
        assert "numbered-copy" in signs(found, STORY + number)

    def test_unless_the_note_tells_the_number(self) -> None:
        note = "“Ceasefire deal reached in upper valley after talks, part 2”, The News"
        found = resolve(cut(PREFIX, note=note), row(STORY), row(f"{STORY}-2"))
        assert "numbered-copy" not in signs(found, f"{STORY}-2")
        assert codes(found) == {"index-ambiguous"}

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("/live-march-3", date(2021, 3, 3)),
            ("/live-september-3", date(2020, 9, 3)),
            ("/assessment-november-10-2019", date(2019, 11, 10)),
            ("/bericht-3-maerz-2021", None),
            ("/news-10-november-2020", date(2020, 11, 10)),
            ("/vom-31-february-2020", None),
            ("/january-31/x", date(2021, 1, 31)),
        ],
    )
    def test_days_in_words_are_read(self, text: str, day: date | None) -> None:
        assert next((found for found, _ in spelled_dates(text, date(2020, 11, 13))), None) == day

    @given(st.text(max_size=60))
    def test_no_text_raises(self, text: str) -> None:
        assert all(end <= len(text.lower()) for _, end in spelled_dates(text, date(2020, 1, 1)))


@pytest.fixture
def benchmark_module(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    module = import_module("completion")
    yield module
    for name in [name for name in sys.modules if name.startswith("completion")]:
        del sys.modules[name]


@pytest.mark.parametrize(("name", "count"), [("sites", 700), ("tuned", 500), ("held-out", 500)])
def test_among_decoys_what_is_completed_is_right_and_most_is_completed(benchmark_module: Any, name: str, count: int) -> None:
    # Samples that take seconds; docs/completion.md has the figures of larger ones.
    result = benchmark_module.run(count, 2, name)
    assert result.precision >= 0.96
    assert result.recall >= 0.87
    assert result.listed_first >= 0.97 * result.answerable
