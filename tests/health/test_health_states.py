"""Visits and the states that they lead to."""

from __future__ import annotations

import pytest
from health_visits import HTML, PROSE, article, codes, exchange, failed, response, seen, served, short, state, verdict, visit

from citekeeper.model import Confidence, Cut, Failure, FailureKind, Response, State, Stop, TlsFault

HERE = "https://paper.example/2020/old-mill-rebuilt"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (FailureKind.INVALID_URL, State.INVALID),
        (FailureKind.NXDOMAIN, State.HOST_DEAD),
        (FailureKind.DNS, State.TRANSIENT),
        (FailureKind.REFUSED, State.TRANSIENT),
        (FailureKind.TIMEOUT, State.TRANSIENT),
        (FailureKind.RESET, State.TRANSIENT),
        (FailureKind.OFFLINE, State.UNKNOWN),
        (FailureKind.ROBOTS, State.UNKNOWN),
        (FailureKind.FORBIDDEN_ADDRESS, State.UNKNOWN),
        (FailureKind.BUDGET, State.UNKNOWN),
    ],
)
def test_a_failure_says_only_what_it_proves(kind: FailureKind, expected: State) -> None:
    assert state(failed(kind)) is expected


@pytest.mark.parametrize("kind", [kind for kind in FailureKind if kind is not FailureKind.TLS])
def test_every_failure_has_evidence_and_a_verdict(kind: FailureKind) -> None:
    assert codes(failed(kind)) == {kind.value}
    assert verdict(failed(kind)).reasons[0].detail == "as told"


@pytest.mark.parametrize("fault", list(TlsFault))
def test_a_bad_certificate_is_no_death(fault: TlsFault) -> None:
    assert state(failed(FailureKind.TLS, fault)) is State.TLS_BROKEN


@pytest.mark.parametrize("stop", [Stop.LOOP, Stop.TOO_MANY_HOPS, Stop.BAD_LOCATION])
def test_redirects_without_end_say_nothing(stop: Stop) -> None:
    ended = visit(exchange(HERE, response("", 302)), stop=stop)
    assert state(ended) is State.UNKNOWN
    assert stop.value in codes(ended)


def test_an_article_is_reachable_but_nobody_can_say_more() -> None:
    shown = verdict(served(article()))
    assert (shown.state, shown.confidence) == (State.OK, Confidence.MEDIUM)
    assert shown.reasons[0].code == "page"


@pytest.mark.parametrize("status", [401, 403, 405, 406, 408, 425, 429, 451, 500, 502, 503, 504, 520, 999])
def test_an_article_served_with_a_refusal_is_never_dead(status: int) -> None:
    assert state(served(article(), status)) not in {State.GONE, State.SOFT_404, State.PARKED, State.HOST_DEAD}


def test_an_article_served_with_404_is_a_contradiction() -> None:
    assert state(served(article(), 404)) is State.UNKNOWN


def test_a_404_with_a_page_that_says_so_is_sure_but_not_confirmed() -> None:
    gone = verdict(served(short("Page not found", "We could not find it."), 404))
    assert (gone.state, gone.confidence, gone.confirmed) == (State.GONE, Confidence.HIGH, False)


def test_a_404_without_words_is_gone_with_less_confidence() -> None:
    assert verdict(served("", 404)).confidence is Confidence.MEDIUM


def test_a_410_is_gone() -> None:
    assert state(served("", 410)) is State.GONE


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Page not found", "The page you requested cannot be found."),
        ("404", "Nothing here."),
        ("Error 404 (Not Found)!!1", "That is an error."),
        ("Seite nicht gefunden - Das Blatt", "Die gesuchte Seite existiert nicht."),
        ("Страница не найдена | Газета", "К сожалению, такой страницы нет."),
        ("صفحة", "عذرا، الصفحة المطلوبة غير موجودة."),
        ("ページが見つかりません", "お探しのページは削除されました。"),
        ("Le Journal", "La page demandée n'existe plus."),
        ("The Forum", "The topic or post you requested does not exist"),
    ],
)
def test_a_page_that_says_not_found_with_200_is_a_soft_404(title: str, text: str) -> None:
    assert state(served(short(title, text))) is State.SOFT_404


@pytest.mark.parametrize(
    "page",
    [
        article(title="Page not found: how error pages became an art"),
        article(title="The 404 1,310: Where it's love at first swipe"),
        article(title="404 Main Street is for sale again"),
        short("The mill", "The explorers could not find water. The well does not exist on maps."),
        short("The mill is rebuilt", f"{PROSE * 2} Comments on this article are no longer available. This video is currently unavailable."),
        short("Lost and found", f"{PROSE} The ring was not found."),
    ],
)
def test_a_page_about_missing_things_is_not_missing(page: str) -> None:
    assert state(served(page)) is State.OK


def test_a_challenge_is_blocked_whatever_its_status() -> None:
    page = "<title>Just a moment...</title><p>Checking</p><script>window._cf_chl_opt={}</script>"
    for status in (200, 403, 404, 410, 429, 503):
        assert state(served(page, status)) is State.BLOCKED


def test_an_article_that_loads_a_wall_vendors_script_is_an_article() -> None:
    page = article().replace(
        "<body>", "<body><script src='/_Incapsula_Resource?x=1'></script><script src='https://ct.captcha-delivery.com/c.js'></script>"
    )
    assert state(served(page)) is State.OK


def test_a_wall_told_by_a_header_outranks_a_404() -> None:
    assert state(served("", 404, (HTML, ("cf-mitigated", "challenge")))) is State.BLOCKED


def test_a_redirect_to_a_captcha_is_blocked() -> None:
    assert state(served(short("Request", "One step"), url="https://unblock.paper.example/", via=(HERE,))) is State.BLOCKED


@pytest.mark.parametrize("status", [402, 429, 451])
def test_statuses_that_explain_themselves(status: int) -> None:
    assert state(served("", status)) is {402: State.PAYWALL, 429: State.BLOCKED, 451: State.RESTRICTED}[status]


def test_a_plain_403_is_unknown() -> None:
    assert state(served(short("403 Forbidden", "You don't have permission to access this."), 403)) is State.UNKNOWN


def test_a_provider_s_block_page_is_restricted() -> None:
    assert state(served(short("Notice", "Access to this website has been disabled by an order of the High Court."))) is State.RESTRICTED
    assert state(served(short("Внимание", "Доступ к ресурсу ограничен на основании федерального закона."))) is State.RESTRICTED


def test_an_empty_page_that_frames_another_host_s_block_page_is_restricted() -> None:
    stub = "<body><iframe src='http://notice.provider.example/blocked?url=paper.example'></iframe></body>"
    assert state(served(stub)) is State.RESTRICTED


def test_a_site_that_refuses_a_region_is_restricted() -> None:
    assert state(served(short("Sorry", "Our website is currently unavailable in most European countries."), 403)) is State.RESTRICTED


def test_an_offer_of_sale_is_parked_and_needs_no_second_look() -> None:
    parked = verdict(served(short("paper.example", "This domain is for sale. Make an offer!")))
    assert (parked.state, parked.confirmed) == (State.PARKED, True)


def test_one_weak_mark_of_parking_is_not_enough() -> None:
    assert state(served(short("Flights", f"{PROSE * 3} Related searches: hotels"))) is State.OK


def test_a_redirect_to_a_market_of_domains_is_parked() -> None:
    assert state(served(article(), url="https://www.sedo.com/search/details/?domain=paper.example", via=(HERE,))) is State.PARKED


def test_a_bare_server_is_parked_but_not_confirmed() -> None:
    bare = verdict(
        served("<title>Welcome to nginx!</title><p>If you see this page, the nginx web server is successfully installed and working.</p>")
    )
    assert (bare.state, bare.confirmed) == (State.PARKED, False)


def test_credentials_asked_for_mean_login() -> None:
    assert state(served("", 401, (HTML, ("WWW-Authenticate", 'Basic realm="x"')))) is State.LOGIN
    assert state(served("", 401)) is State.UNKNOWN
    assert state(served("", 999)) is State.LOGIN


def test_a_redirect_to_a_login_page_means_login() -> None:
    assert state(served(article(), url="https://paper.example/accounts/login/?next=/2020/", via=(HERE,))) is State.LOGIN


CONSENT = short("Before you continue", "Before you continue we ask about cookies. Accept all or choose.")


@pytest.mark.parametrize(
    ("cited", "final"),
    [
        ("/a", "/consent?continue=/a"),
        ("/2020/old-mill", "/gdpr/?u=https%3A%2F%2Fpaper.example%2F2020%2Fold-mill"),
        ("/2020/old-mill", "/en/cookie-consent.html?lang=en&back=%252F2020%252Fold-mill"),
        ("/2020/old-mill", "/cookie-wall?to=/2020/old-mill/"),
        ("/news/consent-and-cookies", "/consent?continue=/news/consent-and-cookies"),
    ],
)
def test_a_redirect_to_a_consent_page_is_no_new_address(cited: str, final: str) -> None:
    found = verdict(served(CONSENT, url=f"https://paper.example{final}", via=(f"https://paper.example{cited}",)))
    assert (found.state, found.reasons[0].code) == (State.UNKNOWN, "consent-redirect")
    assert "Update" not in found.advice


def test_a_page_about_consent_is_no_consent_page() -> None:
    for final in ("/gdpr/old-mill-rebuilt", "/gdpr/old-mill-rebuilt?from=/2020/", "/2021/old-mill-rebuilt?next=/2020/old-mill-rebuilt"):
        assert state(served(article(), url=f"https://paper.example{final}", via=(HERE,))) is State.MOVED


def test_a_slug_that_speaks_of_logging_in_is_no_login() -> None:
    final = "https://paper.example/2020/how-to-log-in-old-mill-rebuilt"
    assert state(served(article(), url=final, via=(HERE,))) is State.MOVED


def test_a_password_field_and_little_else_means_login() -> None:
    assert state(served("<title>Members</title><h1>Log in</h1><form><input type=password></form>")) is State.LOGIN


def test_a_page_that_declares_a_paywall_is_there() -> None:
    ld = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": "False", "x": "broken " quote"}</script>'
    assert state(served(article().replace("</head>", f"{ld}</head>"))) is State.PAYWALL


@pytest.mark.parametrize(
    "final",
    [
        "http://paper.example/2020/old-mill-rebuilt",
        "https://www.paper.example/2020/old-mill-rebuilt/",
        "https://m.paper.example/2020/old-mill-rebuilt?utm_source=x",
        "https://paper.example/en/2020/old-mill-rebuilt",
        "https://paper.example/2020/Old-Mill-Rebuilt/amp",
    ],
)
def test_another_spelling_of_the_same_address_is_the_same_page(final: str) -> None:
    spelled = served(article(), url=final, via=(HERE,))
    assert state(spelled) is State.OK
    assert "redirect-trivial" in codes(spelled)


@pytest.mark.parametrize(
    ("final", "expected", "code"),
    [
        ("https://paper.example/archive/old-mill-rebuilt.html", State.MOVED, "redirect-similar"),
        ("https://journal.example/old-mill-rebuilt", State.MOVED, "redirect-similar"),
        ("https://paper.example/a/77", State.MOVED, "redirect-similar"),
        ("https://paper.example/", State.SOFT_404, "redirect-to-root"),
        ("https://paper.example/en/", State.SOFT_404, "redirect-to-root"),
        ("https://paper.example/404.html", State.SOFT_404, "redirect-to-error"),
        ("https://paper.example/2020/", State.UNKNOWN, "redirect-to-section"),
    ],
)
def test_where_a_redirect_leads_decides(final: str, expected: State, code: str) -> None:
    title = "Old mill rebuilt" if final.endswith("77") else "Welcome"
    led = served(article(title=title), url=final, via=(HERE,))
    assert state(led) is expected
    assert code in codes(led)


def test_another_site_without_words_in_common_is_unknown() -> None:
    assert state(served(article(title="Win big"), url="https://casino.example/play", via=(HERE,))) is State.UNKNOWN


def test_a_resolver_is_meant_to_lead_elsewhere() -> None:
    led = served(article(), url="https://journal.example/", via=("https://doi.org/10.9999/abc",))
    assert state(led) is State.OK
    assert "redirect-resolver" in codes(led)


def test_a_wrapper_of_a_mail_filter_is_meant_to_lead_elsewhere() -> None:
    wrapper = "https://eur01.safelinks.protection.outlook.com/?url=x"
    assert "redirect-resolver" in codes(served(article(), url="https://journal.example/logs/4", via=(wrapper,)))


def test_a_front_page_that_redirects_to_a_front_page_has_moved() -> None:
    assert state(served(article(), url="https://journal.example/", via=("https://paper.example/",))) is State.MOVED


@pytest.mark.parametrize(
    "body",
    [
        "",
        "  \n ",
        "<html><body></body></html>",
        "<html><body><div id=root></div><script src=a.js></script></body></html>",
        "<noscript>You need to enable JavaScript to run this app.</noscript><script></script>",
    ],
)
def test_nothing_to_read_is_unknown(body: str) -> None:
    assert state(served(body)) is State.UNKNOWN


def test_a_pdf_is_a_file() -> None:
    pdf = served(b"%PDF-1.7\n\x00\x01binary", headers=(("Content-Type", "application/pdf"),), url="https://paper.example/a.pdf")
    assert (state(pdf), "file" in codes(pdf)) == (State.OK, True)


def test_words_under_the_name_of_a_pdf_are_read() -> None:
    page = served("File not found.", headers=(("Content-Type", "application/pdf"),), url="https://paper.example/a.pdf")
    assert state(page) is State.SOFT_404


def test_a_page_where_a_pdf_was_cited_is_less_sure() -> None:
    assert verdict(served(article(), url="https://paper.example/a.pdf")).confidence is Confidence.LOW


def test_a_body_cut_by_the_connection_is_transient_and_one_cut_by_us_is_not() -> None:
    def cut(how: Cut) -> Response:
        content = article().encode()
        return Response(200, "OK", (HTML,), b"", content, content, how)

    assert state(visit(exchange(HERE, cut(Cut.DISCONNECT)))) is State.TRANSIENT
    assert state(visit(exchange(HERE, cut(Cut.LENGTH)))) is State.OK


def test_a_failing_server_that_answers_200_is_transient() -> None:
    assert state(served(short("503 Service Unavailable", "Try later"))) is State.TRANSIENT
    assert (
        state(
            served(
                short("The Paper", "Error establishing a database connection").replace(
                    "<h1>The Paper</h1>", "<h1>Error establishing a database connection</h1>"
                )
            )
        )
        is State.TRANSIENT
    )


def test_an_observation_keeps_the_facts() -> None:
    kept = seen(served(article(), url="https://www.paper.example/2020/old-mill-rebuilt", via=(HERE,)))
    assert (kept.target, kept.final_url, kept.status) == (HERE, "https://www.paper.example/2020/old-mill-rebuilt", 200)
    assert [(hop.status, hop.location) for hop in kept.hops] == [(301, kept.final_url), (200, None)]
    assert kept.title == "The old mill is rebuilt | The Paper"
    assert kept.visible_chars is not None
    assert kept.visible_chars > 3000
    assert kept.payload_digest is not None
    assert kept.payload_digest.startswith("sha256:")
    assert kept.vantage == "citekeeper/0 (test)"


def test_an_observation_of_a_failure_keeps_it() -> None:
    kept = seen(failed(FailureKind.REFUSED))
    assert kept.failure == Failure(FailureKind.REFUSED, "as told")
    assert (kept.status, kept.title, kept.visible_chars, kept.payload_digest) == (None, None, None, None)


def test_a_subscribers_page_that_asks_to_sign_in_is_a_paywall() -> None:
    declared = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    page = f"<title>Old mill</title>{declared}<h1>Old mill</h1><p>{PROSE}</p><p>Please sign in to continue reading.</p>"
    assert state(served(page)) is State.PAYWALL


def test_a_bad_certificate_is_told_in_plain_words() -> None:
    told = seen(visit(exchange("https://paper.example/", Failure(FailureKind.TLS, "error:0A00010B:SSL routines::wrong version number"))))
    assert told.evidence[0].detail == "what answers there does not speak TLS"
    assert seen(failed(FailureKind.TLS, TlsFault.EXPIRED)).evidence[0].detail == "the certificate has expired"


def test_one_script_is_one_script() -> None:
    shell = seen(served('<div id="root"></div><script src="/app.js"></script>'))
    assert "0 characters, 1 script" in {evidence.detail for evidence in shell.evidence}


@pytest.mark.parametrize("line", ["PAGE DOES NOT EIXST", "Page nto found", "Seite nicht gefudnen"])
def test_a_slip_of_the_pen_hides_no_missing_page(line: str) -> None:
    assert state(served(f"<body><p>{line}</p></body>")) is State.SOFT_404


def test_a_short_line_that_only_resembles_one_is_no_missing_page() -> None:
    assert state(served("<body><p>Page two found</p></body>")) is not State.SOFT_404
