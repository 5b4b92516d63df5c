"""The sieve never holds back what stands in a text, and each page is read once however many look at it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from health_visits import article, exchange, response, seen, visit
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.health import check_fragment, compare_with_copy
from citekeeper.health.page import read_page
from citekeeper.health.plain import plain
from citekeeper.health.sieve import Sieve

TEXTS = st.text(alphabet="abc éж頁\n", max_size=40)


@given(st.lists(TEXTS.filter(bool), max_size=8), TEXTS, TEXTS)
def test_what_stands_in_a_text_falls_through(phrases: list[str], before: str, after: str) -> None:
    sieve = Sieve({n: (phrase,) for n, phrase in enumerate(phrases)})
    for n, phrase in enumerate(phrases):
        assert n in sieve.owners(before + phrase + after)


def test_most_of_what_does_not_stand_in_a_text_is_held_back() -> None:
    sieve = Sieve({1: ("page cannot be found",), 2: ("seite nicht gefunden",), 3: ("ないです",)})
    assert sieve.owners("Sorry, the page cannot be found.") == {1}
    assert sieve.owners("The mill by the river was rebuilt after the flood.") == set()


@given(st.text())
def test_plain_text_stays_what_it_is(text: str) -> None:
    once = plain(text)
    assert "  " not in once
    assert once == once.strip()
    assert plain("Ｐａｇｅ  “Not”\n\n  FOUND’s ") == 'page "not"\nfound\'s'


def test_a_page_is_read_once_for_its_signals_and_its_fragment() -> None:
    read = read_page(response(article()))
    seen(visit(exchange("https://paper.example/a", response(article()))))
    check_fragment("https://paper.example/a#:~:text=mill", response(article()))
    assert read_page(response(article())) is read
    assert read_page(response(article(title="Another"))) is not read


def test_each_thread_reads_for_itself() -> None:
    """A tree of resiliparse must be thrown away by the thread that made it, which warns otherwise."""
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: compare_with_copy(response(article(title=f"Mill {n % 3}")), response(article())), range(24)))
    assert all(each[0].code == "text-same" for each in found)
