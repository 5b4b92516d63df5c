"""Living pages that look like dead ones, and dead ones that look like living: what a page is there to say decides."""

from __future__ import annotations

import pytest
from health_visits import HTML, PROSE, as_written, codes, seen, served, state

from citekeeper.health import judge
from citekeeper.model import Evidence, Observation, Resolution, State

JSON = ("Content-Type", "application/json")


def page(title: str, main: str, *, nav: bool = True) -> str:
    menu = "<header><nav><a href=/>Home</a> <a href=/n>News</a> <a href=/s>Sport</a></nav></header>" if nav else ""
    foot = "<footer>© 2025 The Paper. All rights reserved.</footer>" if nav else ""
    return f"<!doctype html><html><head><title>{title}</title></head><body>{menu}<main>{main}</main>{foot}</body></html>"


def told(head: str, *paragraphs: str, more: str = "") -> str:
    return page(head, f"<h1>{head}</h1>{''.join(f'<p>{text}</p>' for text in paragraphs)}{more}")


NGINX = "Open it: “If you see this page, the nginx web server is successfully installed and working.”"
LIVING = {
    "news that quotes the message": told("Town deletes the mayor's page", "Since Monday one reads “Page not found” there.", PROSE),
    "a brief about a lost document": told("Plan agreed", "The council met. The document was not found in the archive, a member said."),
    "the same in Russian": told("План утверждён", "Совет собрался. Документ в архиве не найден, сообщил депутат."),
    "the same in Japanese": told("計画が承認された", "市議会が集まった。ページは削除されたと議員は述べた。"),
    "an article with an offer beside it": told("The plan of the harbour", *[PROSE] * 4, more="<aside>This domain may be for sale!</aside>"),
    "a blog that would sell its name": told("My garden in early May", "The peas are up.", more="<p>This domain may be for sale.</p>"),
    "an article about parking": told("How parking of names works", "“This domain is for sale” says each.", *[PROSE] * 4),
    "instructions that quote a bare server": told("Setup", NGINX, PROSE),
    "an article about checks": told("Why a captcha is hard", "“Please verify you are a human.” No robot reads this.", *[PROSE] * 4),
    "an article about a block": told("Court and site", "“Access to this website has been blocked by order of the court.”", *[PROSE] * 4),
    "rules for readers": told("Library", "You must be logged in to renew books.", *[PROSE] * 4),
    "a piece called by a mood": told("Lost in Space", *[PROSE] * 3),
    "an article headed by the number": told("HTTP 404", *[PROSE] * 8),
    "a brief in a language without spaces": told("市政府网站遭到攻击", "相关页面不存在，警方正在调查。"),
    "a column that asks": told("Buy this domain?", *[PROSE] * 3),
    "a question by its first words": told("Ask: my page is not found by search engines", "What should I do?"),
    "an answer to a question": told("Why do I see “Page not found”?", "The link may be broken. Write to us."),
    "a number": told("404 (number)", "It follows 403 and precedes 405."),
    "minutes of a check": told("The guard will verify who is human", "Nobody passed. The play runs until June at the town theatre."),
    "a film that is not there to see": told("Storm hits the whole coast", "Video unavailable", PROSE),
}


@pytest.mark.parametrize("body", LIVING.values(), ids=LIVING.keys())
def test_a_living_page_is_not_taken_for_a_message(body: str) -> None:
    assert state(served(body)) in {State.OK, State.UNKNOWN}


def test_a_page_about_what_its_address_says_is_that_page() -> None:
    body = page("404: Page not found", "<h1>404: Page not found</h1><p>An exhibition on lost addresses, until June.</p>")
    assert state(served(body, url="https://museum.example/shows/404-page-not-found")) is State.OK
    assert state(served(body)) is State.SOFT_404


DEAD = {
    "a sentence under a mood": told("Oops!", "The article you asked for could not be found."),
    "a sentence under nothing": page("The Paper", "<p>Sorry, the document cannot be found.</p>"),
    "a mood with a sentence": told("You're lost?", "This page does not exist."),
    "a whole message under the name of the site": told("Faculty of Law and Trade", "We can't find the page you asked for."),
    "a wiki without the article": told("Old bridge", "There is currently no text in this page. You can create it."),
    "Galician": told("Páxina non atopada", "A páxina non existe."),
    "Tamil": told("பக்கம் கிடைக்கவில்லை"),
    "Amharic": told("ገጹ አልተገኘም"),
}


@pytest.mark.parametrize("body", DEAD.values(), ids=DEAD.keys())
def test_a_message_is_a_message(body: str) -> None:
    assert state(served(body)) is State.SOFT_404


def test_what_the_headline_says_is_no_second_witness_of_itself() -> None:
    alone = page("Page not found", "<h1>Page not found</h1>")
    both = page("Page not found", "<h1>Page not found</h1><p>The article that you asked for does not exist.</p>")
    assert codes(served(alone)) >= {"not-found-headline"}
    assert "not-found-text" not in codes(served(alone))
    assert codes(served(both)) >= {"not-found-headline", "not-found-text"}


def with_more(observation: Observation, *more: str) -> State:
    return judge(as_written(), observation, comparison=tuple(Evidence(code) for code in more)).state


def test_a_server_that_means_its_200_is_believed_over_a_sentence() -> None:
    observation = seen(served(DEAD["a sentence under nothing"]))
    assert with_more(observation) is State.SOFT_404
    assert with_more(observation, "sibling-not-found") is State.UNKNOWN


def test_a_mention_counts_when_another_page_shows_the_same_or_the_copy_was_another() -> None:
    observation = seen(served(LIVING["a brief about a lost document"]))
    assert {each.code for each in observation.evidence} >= {"not-found-mention"}
    assert with_more(observation, "sibling-same-text") is State.SOFT_404
    assert with_more(observation, "text-replaced") is State.SOFT_404


def test_data_are_an_error_only_when_they_say_so_at_the_top() -> None:
    assert state(served('{"error": {"code": 404, "message": "Not Found"}}', headers=(JSON,))) is State.SOFT_404
    assert state(served('{"detail": "Not found."}', headers=(JSON,))) is State.SOFT_404
    assert state(served('{"items": [{"title": "Page not found"}]}', headers=(JSON,))) is State.OK
    assert state(served('{"id": 404, "name": "mill"}', headers=(JSON,))) is State.OK
    assert state(served("[" * 100_000, headers=(JSON,))) in {State.OK, State.UNKNOWN}


def test_a_widget_alone_is_a_check_and_one_in_a_form_is_not() -> None:
    assert state(served('<title>x</title><p>One moment</p><div class="h-captcha"></div>')) is State.BLOCKED
    contact = page("Contact", f'<h1>Write to us</h1><p>{PROSE}</p><p>{PROSE}</p><form><div class="g-recaptcha"></div></form>')
    assert state(served(contact)) is State.OK
    login = page("Members", '<h1>Log in</h1><form><input type=password></form><script src="//www.google.com/recaptcha/api.js"></script>')
    assert state(served(login, 403)) is State.LOGIN


def test_an_offer_under_the_name_of_the_domain_is_an_offer() -> None:
    offer = "<p>Inquire about this domain.</p>"
    assert state(served(page("old-paper.org", f"<h1>old-paper.org is available for purchase</h1>{offer}"))) is State.PARKED
    assert state(served(page("Paper", f"<h1>My garden in early May</h1>{offer}"))) is State.OK


CHECKS = (
    "Please verify that you are a human being before you go on.",
    "Validating your browser, please wait…",
    "Bitte bestätigen Sie, dass Sie ein Mensch sind.",
    "Verifique se você é humano.",
    "Введите символы с картинки: зафиксирована подозрительная активность.",
    "正在检查您的浏览器是否安全，请稍候…",
)


@pytest.mark.parametrize("sentence", CHECKS)
def test_a_page_that_only_wants_proof_is_a_check(sentence: str) -> None:
    assert state(served(page("…", f"<p>{sentence}</p>", nav=False))) is State.BLOCKED
    assert state(served(told("The mill by the river today", *[PROSE] * 4, sentence))) is State.OK


def test_a_region_that_is_shut_out_is_not_a_missing_page() -> None:
    for body in (
        "Contenido no disponible en tu región",
        "Dieser Inhalt ist in Ihrem Land nicht verfügbar",
        "Контент недоступен в вашей стране",
    ):
        assert state(served(page(body, f"<h1>{body}</h1>"))) is State.RESTRICTED


def test_a_gate_that_is_named_in_another_language_asks_for_consent() -> None:
    gate = "https://zeitung.example/zustimmung?url=https%3A%2F%2Fzeitung.example%2Fpolitik%2Fhafen"
    visited = served(page("Zustimmung", "<h1>Willkommen</h1>"), url=gate, via=("https://zeitung.example/politik/hafen",))
    assert "consent-redirect" in codes(visited)
    assert state(visited) is State.UNKNOWN


def test_the_resolution_plays_no_part_in_what_a_page_says() -> None:
    visited = served(LIVING["a brief about a lost document"], headers=(HTML,))
    assert judge(Resolution(visited.target, "repaired", 0.5), seen(visited)).state is State.OK
