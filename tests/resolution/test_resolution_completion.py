from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from growth import grows_no_faster_than_its_size
from hypothesis import given
from hypothesis import strategies as st
from resolution_kit import CITED, codes, cut, resolve, row, signs

from citekeeper.model import Address, Excluded, IndexRow, Location, Reference, Rows, Unavailable
from citekeeper.resolution import CODES, complete, index_query
from citekeeper.resolution.weights import WEIGHTS

PREFIX = "https://www.news.example/world/ceasefire-deal-reached-in-upper-val"
STORY = "https://www.news.example/world/ceasefire-deal-reached-in-upper-valley-after-talks"
DOCS = Path(__file__).parents[2] / "docs/completion.md"


class TestIndexQuery:
    @pytest.mark.parametrize(
        ("prefix", "query"),
        [
            (PREFIX, PREFIX),
            ("https://news.example/a/%D0%9A%D0", "https://news.example/a/%D0%9A"),
            ("https://news.example/a/%D0%9A%D0%", "https://news.example/a/%D0%9A"),
            ("https://news.example/a/%E2%80%9", "https://news.example/a/"),
            ("https://news.example/a/%EF%F0", "https://news.example/a/%EF%F0"),
            ("https://news.example/story.php?id=12&titl", "https://news.example/story.php"),
            ("https://news.example/a/", "https://news.example/a/"),
            ("https://news.example", None),
            ("https://news.exa", None),
            ("https://news.example/", None),
            ("ftp://news.example/a", None),
            ("https://[::1", None),
        ],
    )
    def test_the_safe_prefix_is_asked_for(self, prefix: str, query: str | None) -> None:
        assert index_query(Address(prefix, truncated=True)) == query

    def test_a_known_tail_makes_a_whole_host_worth_asking_for(self) -> None:
        assert index_query(Address("https://news.example/", True, suffix="the-tail-of-it")) == "https://news.example/"

    def test_a_whole_address_is_not_asked_for(self) -> None:
        assert index_query(Address(STORY)) is None
        assert index_query(Address(None)) is None

    @given(st.text(max_size=60), st.text(max_size=20) | st.none())
    def test_no_address_raises(self, rest: str, suffix: str | None) -> None:
        address = Address(f"https://news.example/{rest}", True, suffix)
        index_query(address)
        complete(Reference("x", Location(1, 1, 1, 1, 0, 1), address), [("archive", Rows((row(STORY),)))], cited=None)


class TestOneWinner:
    def test_the_only_page_that_fits_is_taken(self) -> None:
        found = resolve(cut(PREFIX), row(STORY))
        assert (found.url, found.method) == (STORY, "completed")
        assert found.confidence > 0.9
        assert codes(found) == {"index-unique"}
        assert "index-row" in signs(found, STORY)

    def test_the_index_row_is_named(self) -> None:
        found = resolve(cut(PREFIX), row(STORY))
        named = next(each.detail for each in found.candidates[0].evidence if each.code == "index-row")
        assert named == f"archive 20201111000000 {STORY} text/html 200"

    def test_scheme_and_host_stay_as_printed(self) -> None:
        found = resolve(cut(PREFIX), row(STORY.replace("https://www.news.example", "http://news.example:80")))
        assert found.url == STORY

    def test_an_address_printed_without_a_scheme_takes_the_archives(self) -> None:
        bare = PREFIX.removeprefix("https://")
        printed = Address(f"http://{bare}", True, alternatives=(f"https://{bare}",))
        found = resolve(Reference(f"{bare}...", Location(1, 1, 1, 1, 0, 1), printed), row(STORY))
        assert found.url == STORY

    def test_variants_are_one_candidate_in_its_cleanest_form(self) -> None:
        dress = [
            "?utm_source=rss&utm_medium=x",
            "/amp/",
            "/amp",
            "?output=amp",
            "/print",
            "?print=1",
            "?fbclid=IwAR0",
            "/feed/",
            "/index.html",
            ".html",
        ]
        found = resolve(cut(PREFIX), *(row(STORY + each) for each in dress), row(STORY))
        assert found.url == STORY
        assert len(found.candidates) == 1

    def test_a_page_that_only_its_variants_show_is_taken_without_their_dress(self) -> None:
        found = resolve(cut(PREFIX), row(f"{STORY}?utm_source=rss"), row(f"{STORY}/amp/"))
        assert found.url in (STORY, f"{STORY}/")
        assert len(found.candidates) == 1

    def test_the_cut_address_itself_is_not_taken(self) -> None:
        found = resolve(cut(PREFIX), row(PREFIX), row(STORY))
        assert found.url == STORY
        assert codes(found) == {"index-margin"}
        assert resolve(cut(PREFIX), row(PREFIX)).url is None

    def test_what_lies_below_the_page_is_a_part_of_it(self) -> None:
        found = resolve(
            cut(PREFIX), row(f"{STORY}/photos"), row(f"{STORY}?page=2"), row(f"{STORY}/comment-page-1/"), row(STORY, "2021-01-10")
        )
        assert found.url == STORY
        assert "part-of-another" in signs(found, f"{STORY}/photos")

    def test_a_page_seen_good_with_more_parameters_is_good(self) -> None:
        found = resolve(cut(PREFIX), row(STORY, status=301), row(f"{STORY}?edition=2"))
        assert found.url == STORY
        assert "good-status" in signs(found, STORY)

    def test_another_language_is_not_preferred(self) -> None:
        found = resolve(cut(PREFIX), row(f"{STORY}-es"), row(STORY))
        assert found.url == STORY
        assert "other-language" in signs(found, f"{STORY}-es")

    def test_pictures_and_styles_are_not_pages(self) -> None:
        found = resolve(
            cut(PREFIX), row(f"{PREFIX}-300x200.jpg", mimetype="image/jpeg"), row(f"{PREFIX}.css", mimetype="text/css"), row(STORY)
        )
        assert found.url == STORY

    def test_the_known_tail_leaves_one(self) -> None:
        other = PREFIX + "ley-is-off"
        found = resolve(cut(PREFIX, suffix="after-talks", dots=" ... "), row(STORY), row(other))
        assert found.url == STORY
        assert len(found.candidates) == 1
        assert "suffix-matches" in signs(found, STORY)

    def test_a_tail_may_begin_within_an_escape(self) -> None:
        prefix, url = (
            "https://news.example/new/%D0%93%D0%B0%D0%B7%D0%B5%D1%82%D0%B0-%D0%B2",
            "https://news.example/new/%D0%93%D0%B0%D0%B7%D0%B5%D1%82%D0%B0-%D0%B2%D1%87%D0%B5%D1%80%D0%B0/",
        )
        assert resolve(cut(prefix, suffix="D1%80%D0%B0/"), row(url)).url == url

    def test_a_fragment_in_the_tail_is_kept(self) -> None:
        found = resolve(cut(PREFIX, suffix="after-talks#comment-5"), row(STORY))
        assert found.url == f"{STORY}#comment-5"

    def test_the_year_of_the_citation_wins_over_other_years(self) -> None:
        prefix = "https://office.example/reports/annual-report-on-rivers-and-lak"
        years = [row(f"{prefix}es-{year}", f"{year}-11-12") for year in range(2015, 2024)]
        found = resolve(cut(prefix), *years)
        assert found.url == f"{prefix}es-2020"

    def test_the_words_of_the_note_decide(self) -> None:
        other = PREFIX + "ley-collapses-within-hours"
        note = "Ana Sol, “Ceasefire deal reached in Upper Valley after talks,” The News"
        found = resolve(cut(PREFIX, note=note), row(other), row(STORY))
        assert found.url == STORY
        assert "words-missing" in signs(found, other)

    def test_the_date_of_the_note_decides(self) -> None:
        other = PREFIX + "ley-collapses-within-hours"
        found = resolve(cut(PREFIX, note="The News, 3 May 2019"), row(other, "2020-11-12"), row(STORY, "2019-05-04"))
        assert found.candidates[0].url == STORY

    def test_a_cut_query_is_compared_parameter_by_parameter(self) -> None:
        prefix = "http://news.example/story.php?section=world&title=ceasefire-deal-rea"
        truth = "http://news.example/story.php?section=world&title=ceasefire-deal-reached&id=12"
        found = resolve(
            cut(prefix), row(truth), row(truth.replace("world", "sport")), row("http://news.example/story.php?title=other&section=world")
        )
        assert found.url == truth
        assert len(found.candidates) == 1

    def test_a_cut_tracking_parameter_is_no_condition(self) -> None:
        found = resolve(cut(f"{STORY}?utm_sou"), row(STORY))
        assert found.url == STORY


class TestAbstention:
    def test_two_equals_are_listed_and_none_is_taken(self) -> None:
        found = resolve(cut(PREFIX), row(PREFIX + "ley-after-talks"), row(PREFIX + "ley-before-talks"))
        assert (found.url, found.method) == (None, "unresolved")
        assert codes(found) == {"index-ambiguous"}
        assert len(found.candidates) == 2

    def test_a_later_story_alone_is_not_taken(self) -> None:
        found = resolve(cut(PREFIX), row(STORY, "2023-05-01"))
        assert found.url is None
        assert codes(found) == {"index-unsure"}

    def test_a_date_in_the_address_after_the_citation_forbids_it(self) -> None:
        found = resolve(cut("https://news.example/20"), row("https://news.example/2022/05/01/story-of-the-valley"))
        assert found.url is None

    def test_a_short_beginning_is_not_enough(self) -> None:
        assert resolve(cut("https://news.example/a/b"), row("https://news.example/a/big-story-of-the-valley", "2018-01-01")).url is None

    def test_more_rows_than_were_asked_for_forbid_it(self) -> None:
        found = resolve(cut(PREFIX), row(STORY), whole_index=False)
        assert found.url is None
        assert "index-partial" in codes(found)

    def test_another_spelling_in_capitals_is_listed_only(self) -> None:
        found = resolve(cut("https://video.example/watch/aBcDeFgHiJkLmNoP"), row("https://video.example/watch/abcdefghijklmnopqrst"))
        assert found.url is None
        assert len(found.candidates) == 1

    def test_another_host_never_fits(self) -> None:
        found = resolve(cut(PREFIX), row(STORY.replace("www.", "m.")))
        assert codes(found) == {"index-no-fit"}

    def test_at_most_ten_candidates_are_listed_likeliest_first(self) -> None:
        found = resolve(cut(PREFIX), *(row(f"{PREFIX}ley-number-{n}x") for n in range(30)))
        assert len(found.candidates) == 10
        scores = [each.score for each in found.candidates]
        assert scores == sorted(scores, reverse=True)

    @pytest.mark.parametrize(
        ("prefix", "code"),
        [("https://news.exam", "cut-in-host"), ("https://news.example/", "nothing-behind-host"), ("news", "no-url")],
    )
    def test_a_hopeless_cut_says_why(self, prefix: str, code: str) -> None:
        assert codes(complete(cut(prefix), [], cited=CITED)) == {code}

    def test_an_archive_that_does_not_answer_is_told_from_an_empty_one(self) -> None:
        assert codes(complete(cut(PREFIX), [("archive", Unavailable("429"))], cited=CITED)) == {"index-unavailable"}
        assert codes(complete(cut(PREFIX), [("archive", Excluded("no"))], cited=CITED)) == {"index-excluded"}
        assert codes(resolve(cut(PREFIX))) == {"index-empty"}
        assert codes(complete(cut(PREFIX), [], cited=CITED)) == {"index-not-asked"}

    def test_one_archive_suffices_and_the_silence_of_the_other_is_told(self) -> None:
        found = complete(cut(PREFIX), [("a", Unavailable("down")), ("b", Rows((row(STORY),)))], cited=CITED)
        assert found.url == STORY
        assert codes(found) == {"index-unique", "index-unavailable"}


_SLUGS = st.lists(st.text("abcdefgh", min_size=3, max_size=7), min_size=3, max_size=8).map("-".join)


@given(
    slug=_SLUGS,
    others=st.lists(_SLUGS, max_size=5),
    keep=st.integers(2, 20),
    cited=st.none() | st.dates(date(1990, 1, 1), date(2030, 1, 1)),
)
def test_whatever_is_taken_begins_as_printed_and_stands_in_the_index(slug: str, others: list[str], keep: int, cited: date | None) -> None:
    prefix = f"https://news.example/a/{slug[:keep]}"
    rows = [row(f"https://news.example/a/{each}") for each in [slug, *others]]
    found = resolve(cut(prefix), *rows, cited=cited)
    assert sum(each.score for each in found.candidates) <= 1.001
    assert all(each.url.startswith(prefix) for each in found.candidates)
    if found.url is not None:
        assert found.url in {each.original for each in rows}
        assert found.confidence >= 0.9


def test_every_sign_has_a_weight_and_a_meaning() -> None:
    meanings = [each.code for each in CODES]
    assert len(meanings) == len(set(meanings))
    assert set(WEIGHTS) <= set(meanings)


def test_every_weight_stands_in_the_documentation() -> None:
    text = DOCS.read_text("utf-8")
    for code, weight in WEIGHTS.items():
        assert f"| `{code}` | {weight:+g} |" in text, code


def test_thousands_of_rows_are_compared_in_linear_time() -> None:
    def made(number: int) -> list[IndexRow]:
        return [row(f"{PREFIX}ley-number-{n}x") for n in range(number)]

    found: list[str | None] = []
    assert grows_no_faster_than_its_size(lambda rows: found.append(resolve(cut(PREFIX), *rows).url), made, 4_000)
    assert set(found) == {None}


@pytest.mark.parametrize("unit", ["a", "a-", "%D0", "/", "2020/", "&a=", "?"])
def test_long_addresses_are_completed_in_linear_time(unit: str) -> None:
    def ask(prefix: str) -> None:
        resolve(cut(prefix, note=unit * 5000), *(row(prefix[:8000] + str(number)) for number in range(50)))

    for length in (8000, 1_000_000):
        assert grows_no_faster_than_its_size(ask, lambda size: "https://news.example/a" + unit * (size // len(unit)), length)
