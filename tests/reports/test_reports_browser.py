"""The pages in a real browser, by mouse, keyboard and screen reader, on dark screens, small ones and paper.

Needs chromium and chromedriver on PATH; CITEKEEPER_AXE names axe.min.js (npm install axe-core), against which the pages are held.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from reports_browser import CHROMIUM, DRIVER, Page, browser
from reports_samples import HOSTILE, extraction_of, hostile_audit, large_audit, sample_audit
from reports_summaries import hostile_rot, sample_rot

from citekeeper.reports import render, render_extraction, render_summary

AXE = os.environ.get("CITEKEEPER_AXE", "")
TAB, SPACE, END = "\ue004", " ", "\ue010"


@cache
def written(name: str) -> str:
    """The pages, by name."""
    match name:
        case "report":
            return render(sample_audit(), "html")
        case "inconclusive":
            return render(replace(sample_audit(), conclusive=False, inconclusive_because="no network"), "html")
        case "hostile report":
            return render(hostile_audit(*HOSTILE), "html")
        case "large report":
            return render(large_audit(5_000), "html")
        case "extraction":
            return render_extraction(extraction_of(sample_audit()), "html")
        case "hostile summary":
            return render_summary(hostile_rot("<script>alert(1)</script>\u202e"), "html")
        case _:
            return render_summary(sample_rot(), "html")


PAGES = ("report", "inconclusive", "hostile report", "extraction", "summary", "hostile summary")


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    if CHROMIUM is None or DRIVER is None:
        pytest.skip("no chromium and chromedriver on PATH")
    with browser(tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture
def page(window: Page) -> Page:
    window.size(1200, 900)
    window.media()
    return window


def show(page: Page, name: str, folder: Path) -> None:
    path = folder / "page.html"
    path.write_text(written(name), encoding="utf-8")
    page.told()
    page.open(path)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_for_nothing_but_itself_and_nothing_is_complained_of(page: Page, tmp_path: Path, name: str) -> None:
    show(page, name, tmp_path)
    told = page.told()
    asked = [each["params"]["request"]["url"] for each in told if each["method"] == "Network.requestWillBeSent"]
    assert asked == [(tmp_path / "page.html").as_uri()]
    assert [each["params"] for each in told if each["method"] in ("Log.entryAdded", "Page.javascriptDialogOpening")] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_to_complain_of(page: Page, tmp_path: Path, name: str, scheme: str) -> None:
    if not AXE:
        pytest.skip("CITEKEEPER_AXE does not name axe.min.js")
    show(page, name, tmp_path)
    page.media(scheme=scheme)
    page.run("for (const each of document.querySelectorAll('details')) each.open = true")
    page.run(Path(AXE).read_text(encoding="utf-8"))
    found = page.run_and_wait("const done = arguments[0]; axe.run().then((told) => done(told.violations))")
    assert [(each["id"], [node["html"][:200] for node in each["nodes"]][:3]) for each in found] == []


def test_five_thousand_references_are_filtered_and_sorted(page: Page, tmp_path: Path) -> None:
    show(page, "large report", tmp_path)
    choose = "const each = document.querySelector(arguments[0]); each.value = arguments[1]; each.dispatchEvent(new Event('change'))"
    page.run(choose, "#state", "gone")
    assert re.fullmatch(r"29\d of 5000 shown", page.run("return document.querySelector('output').textContent"))
    page.run(choose, "#state", "")
    page.run(choose, "#order", "gravest")
    assert page.run("return document.querySelector('tbody tr').dataset.rank") == "0"
    page.run(
        "const find = document.querySelector('#find'); find.value = 'northern-bridge-committee'; find.dispatchEvent(new Event('input'))"
    )
    shown = "const done = arguments[0]; setTimeout(() => done(document.querySelector('tbody tr:not([hidden])').dataset.state), 400)"
    assert page.run_and_wait(shown) == "host_dead"


def test_the_keyboard_reaches_the_skip_link_the_filters_and_the_evidence(page: Page, tmp_path: Path) -> None:
    show(page, "report", tmp_path)
    focused = "const at = document.activeElement; return at.id || at.className || at.tagName"
    seen = []
    for _ in range(12):
        page.press(TAB)
        seen.append(page.run(focused))
    assert seen[0] == "skip"
    assert seen.index("find") < seen.index("state") < seen.index("attention") < seen.index("order") < seen.index("SUMMARY")
    page.run("document.querySelector('summary').focus()")
    page.press(SPACE)
    assert page.run("return document.querySelector('details').open") is True
    outline = page.run("const it = document.querySelector('summary'); it.focus(); return getComputedStyle(it).outlineStyle")
    assert outline == "solid"


@pytest.mark.parametrize("name", ["report", "hostile report", "summary"])
def test_nothing_is_wider_than_a_small_screen(page: Page, tmp_path: Path, name: str) -> None:
    page.size(360, 740)
    show(page, name, tmp_path)
    assert page.run("return document.documentElement.scrollWidth") <= 360


def test_on_paper_the_filters_are_gone_and_the_evidence_is_there(page: Page, tmp_path: Path) -> None:
    show(page, "report", tmp_path)
    page.media(type="print", scheme="dark")
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert page.run("return getComputedStyle(document.querySelector('.controls')).display") == "none"
    assert page.run("return [...document.querySelectorAll('details')].every((each) => each.open)") is True
    assert page.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.run("return document.querySelector('dl').getBoundingClientRect().height") > 50


def test_a_screen_reader_is_told_the_names_of_tables_pictures_and_fields(page: Page, tmp_path: Path) -> None:
    show(page, "report", tmp_path)
    tree = page.devtools("Accessibility.getFullAXTree")["nodes"]
    named = {(each["role"]["value"], each.get("name", {}).get("value", "")) for each in tree if "role" in each and not each["ignored"]}
    roles = {role for role, _ in named}
    assert {"table", "columnheader", "heading", "searchbox", "checkbox", "combobox", "status", "main", "search"} <= roles
    assert all(name for role, name in named if role in ("table", "searchbox", "checkbox", "combobox", "image", "link", "heading"))
