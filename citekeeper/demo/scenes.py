"""The scenes of the demo: for each interesting fate of a reference, how it is printed, what its site says and what is archived.

A new scene is one more function with `@_scene` and one more note in data/article.txt.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from urllib.parse import quote

from citekeeper.demo import site
from citekeeper.demo.captures import Archived
from citekeeper.demo.dns import DnsFault
from citekeeper.demo.pages import article, special
from citekeeper.demo.scene import Scene, copies
from citekeeper.demo.wire import Close
from citekeeper.model import State, TlsFault

_MAKERS: list[Callable[[], Scene]] = []


def _scene(make: Callable[[], Scene]) -> Callable[[], Scene]:
    _MAKERS.append(make)
    return make


@cache
def scenes() -> tuple[Scene, ...]:
    """All scenes, in the order of the article's notes."""
    return tuple(make() for make in _MAKERS)


@_scene
def _ok() -> Scene:
    url = "https://www.halvern-courier.example/2024/02/19/ferry-returns-to-lake-sarn"
    body = article("ferry-returns", head=f'<link rel="canonical" href="{url}">\n')
    return Scene(
        "a page that is simply there, also archived",
        url,
        url,
        (State.OK,),
        {url.removeprefix("https://"): site.page(body, gzipped=True)},
        copies(url, "ferry-returns", "20240219151207", "20240316094410", "20250601120000"),
    )


@_scene
def _moved() -> Scene:
    old = "https://www.halvern-courier.example/2023/11/08/council-approves-harbour-plan.html"
    new = "/articles/council-approves-harbour-plan"
    return Scene(
        "moved within its site, same article",
        old,
        old,
        (State.MOVED,),
        {
            old.removeprefix("https://"): site.redirect(new),
            f"www.halvern-courier.example{new}": site.page(article("harbour-plan"), gzipped=True),
        },
        copies(old, "harbour-plan", "20231109070102", "20240310181500"),
    )


@_scene
def _soft_404() -> Scene:
    url = "https://transport.sarn-region.example/reports/2022/ferry-timetable"
    return Scene(
        "says 200 and 'not found' in one breath",
        url,
        url,
        (State.SOFT_404,),
        {"transport.sarn-region.example/*": site.page(special("not_found"))},
    )


@_scene
def _redirect_to_root() -> Scene:
    url = "https://www.lakeside-museum.example/exhibitions/2022/the-drowned-village"
    return Scene(
        "every old address leads to the home page",
        url,
        url,
        (State.SOFT_404,),
        {
            "www.lakeside-museum.example/": site.page(special("museum_home")),
            "www.lakeside-museum.example/*": site.redirect("/", status=302, reason="Found"),
        },
    )


@_scene
def _gone_but_archived() -> Scene:
    url = "http://www.sarnwater.example/press/2021/spillway-repair.html"
    lost = Archived(url, "20250412110203", b"<html><title>404 Not Found</title></html>", status=404, reason="Not Found")
    return Scene(
        "gone, but archived two days before the article",
        url,
        url,
        (State.GONE,),
        {"www.sarnwater.example/*": site.missing},
        (*copies(url, "spillway", "20211003120000", "20240312083000"), lost),
    )


@_scene
def _gone_for_good() -> Scene:
    url = "https://blog.ferrynotes.example/2023/05/timber-piers"
    return Scene(
        "gone, and never archived",
        url,
        url,
        (State.GONE,),
        {"blog.ferrynotes.example/*": site.failing(410, "Gone", b"<html><title>410 Gone</title><h1>Gone</h1></html>")},
    )


@_scene
def _host_dead() -> Scene:
    url = "http://www.tollbridge-society.example/history.html"
    return Scene(
        "the name does not resolve any more; archived",
        "hxxp://www.tollbridge-society.example/history.html",
        url,
        (State.HOST_DEAD,),
        captures=copies(url, "tollbridge", "20190511100000", "20230802171900"),
        zone={"www.tollbridge-society.example": DnsFault.NXDOMAIN},
    )


@_scene
def _parked() -> Scene:
    parked = site.page(special("parked"), headers=[("Set-Cookie", "parking_session=demo; path=/")])
    return Scene(
        "the domain lapsed and is for sale",
        "hxxps://www[.]upper-halvern-tours[.]example/ferry-walks",
        "https://www.upper-halvern-tours.example/ferry-walks",
        (State.PARKED,),
        {"www.upper-halvern-tours.example/*": parked, "upper-halvern-tours.example/*": parked},
    )


@_scene
def _login() -> Scene:
    url = "https://forum.sarn-boatmen.example/t/winter-moorings/1182"
    return Scene(
        "for members only",
        url,
        url,
        (State.LOGIN,),
        {
            "forum.sarn-boatmen.example/t/winter-moorings/1182": site.redirect(
                "/login?next=/t/winter-moorings/1182", status=302, reason="Found"
            ),
            "forum.sarn-boatmen.example/login": site.page(special("login")),
        },
    )


@_scene
def _paywall() -> Scene:
    url = "https://www.the-meridian.example/economy/2024/01/who-owns-the-shore"
    schema = '{"@context":"https://schema.org","@type":"NewsArticle","headline":"Who owns the shore?","isAccessibleForFree":false}'
    body = article("meridian", head=f'<script type="application/ld+json">{schema}</script>\n')
    return Scene("partly hidden from those who do not pay", url, url, (State.PAYWALL,), {url.removeprefix("https://"): site.page(body)})


@_scene
def _bot_wall() -> Scene:
    url = "https://www.statistics-office.example/tables/lake-traffic?year=2023"
    headers = {"cf-mitigated": "challenge", "CF-RAY": "8642f00dcafe-SRN", "Cache-Control": "private, max-age=0, no-store"}
    return Scene(
        "a wall against robots, which says nothing about the page",
        url,
        url,
        (State.BLOCKED,),
        {"www.statistics-office.example/*": site.failing(403, "Forbidden", special("challenge"), headers=headers)},
    )


@_scene
def _rate_limited() -> Scene:
    url = "https://data.hydrolevels.example/station/17/2023"
    limited = site.failing(429, "Too Many Requests", b"<h1>Too many requests</h1>", headers={"Retry-After": "86400"})
    return Scene("asks to come back tomorrow", url, url, (State.BLOCKED,), {"data.hydrolevels.example/*": limited})


@_scene
def _restricted() -> Scene:
    url = "https://www.northern-post.example/world/2023/12/ferry-dispute"
    withheld = site.failing(451, "Unavailable For Legal Reasons", special("restricted"))
    return Scene("withheld for legal reasons", url, url, (State.RESTRICTED,), {"www.northern-post.example/*": withheld})


@_scene
def _transient() -> Scene:
    url = "https://maps.sarn-survey.example/sheet/12"
    busy = site.failing(503, "Service Unavailable", b"<h1>503 Service Unavailable</h1><p>Backend fetch failed</p>")
    return Scene("in trouble today", url, url, (State.TRANSIENT,), {"maps.sarn-survey.example/*": busy})


@_scene
def _tls_expired() -> Scene:
    url = "https://maps.halvern-library.example/1931/sheet-4"
    body = article("landing-stage")
    host = "maps.halvern-library.example"
    return Scene("its certificate has expired", url, url, (State.TLS_BROKEN,), {f"{host}/*": site.page(body)}, tls={host: TlsFault.EXPIRED})


@_scene
def _shell() -> Scene:
    url = "https://app.lakedata.example/levels/2023"
    return Scene("an empty shell for a script to fill", url, url, (State.UNKNOWN,), {"app.lakedata.example/*": site.page(special("shell"))})


@_scene
def _loop() -> Scene:
    url = "https://www.pilotage-office.example/rules/1968"
    return Scene(
        "two addresses that lead to each other",
        url,
        url,
        (State.UNKNOWN, State.TRANSIENT),
        {
            "www.pilotage-office.example/rules/1968": site.redirect("/rules/1968/", status=302, reason="Found"),
            "www.pilotage-office.example/rules/1968/": site.redirect("/rules/1968", status=302, reason="Found"),
        },
    )


@_scene
def _private() -> Scene:
    url = "https://go.linkto.example/f3rry"
    inside = site.redirect("http://10.0.0.7/status", status=302, reason="Found")
    return Scene(
        "leads into a private network, where the guard does not go", url, url, (State.UNKNOWN,), {"go.linkto.example/f3rry": inside}
    )


@_scene
def _cut() -> Scene:
    url = "https://www.sarnpost.example/politics/mayor-and-harbour-master-quarrel-over-the-price-of-the-new-ferry"
    copied = Archived(url[:72], "20210105101112", b"<html><title>404</title></html>", status=404, reason="Not Found")
    variants = (f"{url}?utm_source=newsletter&utm_medium=mail", f"{url}/amp", url.replace("https", "http"))
    return Scene(
        "cut by the page it was copied from; the archive knows one whole address",
        f"{url[:72]}...",
        url,
        (State.OK,),
        {url.removeprefix("https://"): site.page(article("quarrel"), chunked=True)},
        (
            *copies(url, "quarrel", "20201112190000", "20240301080000"),
            *(capture for variant in variants for capture in copies(variant, "quarrel", "20201113060000")),
            copied,
        ),
    )


@_scene
def _cut_with_several() -> Scene:
    base = "https://news.lakewire.example/2020/10/water-level-at-the-sarn-bridge-gauge-"
    names = {"gauge-falls": "falls-again", "gauge-rises": "rises-after-the-storm", "gauge-record": "a-record-explained"}
    return Scene(
        "cut, and the archive knows three that fit: no guess is made",
        f"{base[:72]}...",
        None,
        (State.INCOMPLETE,),
        {f"{base.removeprefix('https://')}{tail}": site.page(article(name)) for name, tail in names.items()},
        tuple(capture for name, tail in names.items() for capture in copies(base + tail, name, "20201101120000")),
    )


@_scene
def _cut_in_the_middle() -> Scene:
    url = "http://www.inland-shipping.example/journal/2019/hull-forms-of-lake-ferries.html"
    other = "http://www.inland-shipping.example/journal/2019/lock-gates-of-timber.html"
    return Scene(
        "cut in its middle: beginning and end are known",
        f"{url[:39]} ... {url[-10:]}",
        url,
        (State.OK,),
        {url.removeprefix("http://"): site.page(article("hull-forms")), other.removeprefix("http://"): site.page(article("locks"))},
        (*copies(url, "hull-forms", "20190701000000"), *copies(other, "locks", "20190401000000")),
    )


@_scene
def _dot_words() -> Scene:
    url = "https://transport-office.example.org/decrees/2023/17.html"
    return Scene(
        "its dots spelled out",
        "https://transport-office.example dot org/decrees/2023/17 dot html",
        url,
        (State.OK,),
        {url.removeprefix("https://"): site.page(article("ministry"))},
        copies(url, "ministry", "20230702000000"),
    )


@_scene
def _wrapped() -> Scene:
    url = "https://harbour-office.example/logs/2023-q4.html"
    place = "eur01.safelinks.protection.outlook.com/"
    return Scene(
        "wrapped by a mail program: read off the wrapper, or reached through it",
        f"https://{place}?url={quote(url, safe='')}&data=05%7C02%7Cdemo&reserved=0",
        url,
        (State.OK, State.MOVED, State.UNKNOWN),
        {url.removeprefix("https://"): site.page(article("crossing-log")), place: site.redirect(url, status=302, reason="Found")},
    )


@_scene
def _cut_body() -> Scene:
    url = "https://www.weather-log.example/2018/01/storm"
    whole = site.html(200, "OK", article("storm"))
    return Scene(
        "the connection ends before the page does",
        url,
        url,
        (State.TRANSIENT, State.OK),
        {url.removeprefix("https://"): site.always(whole[:-400], Close())},
    )


@_scene
def _drifted() -> Scene:
    url = "https://www.fishery-board.example/quota/whitefish"
    return Scene(
        "the same address, with this year's text",
        url,
        url,
        (State.DRIFTED, State.OK),
        {url.removeprefix("https://"): site.page(article("quota-now"))},
        copies(url, "quota-then", "20240311140000"),
    )


@_scene
def _german() -> Scene:
    url = "https://www.seekurier.example/artikel/die-fähre-kehrt-zurück"
    asked = "www.seekurier.example" + quote("/artikel/die-fähre-kehrt-zurück")
    return Scene(
        "in another language, with letters beyond ASCII in its address", url, url, (State.OK,), {asked: site.page(article("seekurier"))}
    )


@_scene
def _line_wrap() -> Scene:
    url = "https://www.timber-quarterly.example/2022/08/why-oak-piles-outlast-steel-in-fresh-water"
    return Scene(
        "broken over two lines",
        "https://www.timber-quarterly.example/2022/08/\nwhy-oak-piles-outlast-steel-in-fresh-water",
        url,
        (State.OK,),
        {url.removeprefix("https://"): site.page(article("piers"))},
        copies(url, "piers", "20220901000000"),
    )


@_scene
def _without_scheme() -> Scene:
    target = "www.eastry-parish.example/notes/the-landing-stage-in-old-photographs"
    return Scene("printed without http", target, f"http://{target}", (State.OK,), {target: site.page(article("landing-stage"))})


@_scene
def _servfail() -> Scene:
    url = "https://www.ropeyard-archive.example/ledgers/1871"
    return Scene(
        "its name server is in trouble: nothing is known",
        url,
        url,
        (State.TRANSIENT,),
        zone={"www.ropeyard-archive.example": DnsFault.SERVFAIL},
    )
