"""What there is to read: nothing, a shell for scripts, a stub, a file, a body cut short."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from citekeeper.health.page import Page
from citekeeper.health.signals.base import Signal, counted
from citekeeper.health.stubs import stub_target
from citekeeper.health.view import View
from citekeeper.health.wording import headline, load_phrases
from citekeeper.model import CodeMeaning, Cut, Evidence

LITTLE: Final = 200
"""Visible characters under which a page shows hardly anything."""

_SHELL_ROOTS: Final = (
    'id="root"',
    'id="app"',
    'id="__next"',
    'id="__nuxt"',
    "<app-root",
    'id="ember',
    "data-reactroot",
    "ng-app",
    "ng-version",
)
_NEEDS_SCRIPT: Final = ("javascript", "java script", "джаваскрипт", "自用脚本")
_DOCUMENTS: Final = (
    ".pdf",
    ".doc",
    ".docx",
    ".xls",
    ".xlsx",
    ".ppt",
    ".pptx",
    ".zip",
    ".jpg",
    ".jpeg",
    ".png",
    ".gif",
    ".mp3",
    ".mp4",
    ".epub",
)


def _look(view: View) -> Iterator[Evidence]:
    response, page = view.response, view.page
    if response is None or page is None:
        return
    if response.cut is Cut.LENGTH:
        yield Evidence("body-capped", f"{counted(page.size, 'byte')} read")
    elif response.cut is not None:
        yield Evidence("body-incomplete", f"{response.cut.value} after {counted(page.size, 'byte')}")
    if response.problem:
        yield Evidence("body-unreadable", response.problem)
    yield from _kinds(view, page)
    if page.kind in {"html", "text"}:
        yield from _amounts(view, page)


def _kinds(view: View, page: Page) -> Iterator[Evidence]:
    path = urlsplit(view.visit.target).path.lower()
    if page.kind == "empty":
        yield Evidence("empty-body", "no bytes" if page.size == 0 else "only white space")
    elif page.kind == "other":
        yield Evidence("file", f"{page.media_type or page.sniffed}, {counted(page.size, 'byte')}")
    if page.kind == "html" and path.endswith(_DOCUMENTS):
        yield Evidence("type-mismatch", f"{path.rsplit('.', 1)[-1]} was cited, a page was sent")
    elif page.kind in {"html", "text"} and page.media_type.startswith(("application/pdf", "image/")):
        yield Evidence("type-mismatch", f"called {page.media_type}, is {page.kind}")


def _amounts(view: View, page: Page) -> Iterator[Evidence]:
    if target := stub_target(view.last, page):
        yield Evidence("redirect-stub", target[:300])
    elif _says_moved(view, page):
        yield Evidence("moved-notice", page.title[:100])
    if page.visible >= LITTLE and not _is_script_notice(page):
        return
    if page.kind == "html" and (page.parsed.scripts or page.parsed.frames) and _is_shell(page):
        yield Evidence("script-shell", f"{counted(page.visible, 'character')}, {counted(page.parsed.scripts, 'script')}")
    elif page.visible == 0:
        yield Evidence("empty-page", f"{counted(page.size, 'byte')} without visible text")
    elif page.visible < LITTLE:
        yield Evidence("little-text", counted(page.visible, "character"))


def _is_script_notice(page: Page) -> bool:
    return page.visible < 2 * LITTLE and any(word in page.parsed.text.casefold()[:400] for word in _NEEDS_SCRIPT)


def _is_shell(page: Page) -> bool:
    parsed = page.parsed
    wants = f"{parsed.noscript} {parsed.text}".casefold()
    return page.visible == 0 or any(word in wants for word in _NEEDS_SCRIPT) or any(root in parsed.markup for root in _SHELL_ROOTS)


def _says_moved(view: View, page: Page) -> bool:
    return page.visible <= 1_500 and any(headline(head, load_phrases("moved_words")) for head in view.heads[:3])


_BROWSER: Final = "Open the page in a browser."

CONTENTS = Signal(
    _look,
    (
        CodeMeaning(
            "body-capped", "The body is larger than the limit; its beginning was read.", "Raise the limit if all of it has to be captured."
        ),
        CodeMeaning("body-incomplete", "The body ended before what the server had announced.", "Check again later."),
        CodeMeaning("body-unreadable", "The body's encoding is broken or unknown.", _BROWSER),
        CodeMeaning("empty-body", "The answer has no content at all.", _BROWSER),
        CodeMeaning("file", "The answer is a file, not a page: a PDF, an image, a download.", "Nothing to do."),
        CodeMeaning(
            "type-mismatch", "A page was sent where the address or the header promises a file of another kind.", "Look at the page."
        ),
        CodeMeaning("redirect-stub", "The page is only a step to another address, which was not followed.", _BROWSER),
        CodeMeaning("moved-notice", "The page says that its content has moved.", "Look for the new address on the page."),
        CodeMeaning("script-shell", "The page has no text of its own; scripts would fetch it.", _BROWSER),
        CodeMeaning("empty-page", "The page has no visible text.", _BROWSER),
        CodeMeaning("little-text", "The page has hardly any visible text.", "Look at the page."),
    ),
)
