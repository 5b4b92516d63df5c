"""The same reading by BeautifulSoup, for platforms without resiliparse and pages that it refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from citekeeper.health.parsing import MAX_TEXT, Parsed, collapse, read_refresh

_UNSEEN: Final = ("script", "style", "noscript", "template", "head", "svg", "iframe")
_APART: Final = ("nav", "header", "footer", "aside", "form")

# BeautifulSoup needs 20-28 ms for a mean page of 169 KiB (measured), so it reads only the beginning of a long one.
_MAX_CHARS: Final = 500_000


def by_soup(markup: str) -> Parsed:
    """Read `markup` with BeautifulSoup over lxml."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(markup[:_MAX_CHARS], "lxml")
    refreshes = (
        read_refresh(str(tag.get("content") or ""))
        for tag in soup.find_all("meta")
        if str(tag.get("http-equiv") or "").lower() == "refresh" and tag.find_parent("noscript") is None
    )
    shell = Parsed(
        title=collapse(soup.title.get_text()) if soup.title else "",
        headings=tuple(filter(None, (collapse(tag.get_text(" ")) for tag in soup.find_all(["h1", "h2"], limit=6)))),
        noscript=collapse(" ".join(tag.get_text(" ") for tag in soup.find_all("noscript", limit=10)))[:2000],
        refresh=next(filter(None, refreshes), None),
        frames=tuple(str(tag.get("src") or "") for tag in soup.find_all(["iframe", "frame"], limit=10)),
        canonical=next((str(tag.get("href") or "") for tag in soup.find_all("link", rel="canonical", limit=1)), "")[:4000],
        scripts=len(soup.find_all("script")),
        passwords=sum(str(tag.get("type") or "").lower() == "password" for tag in soup.find_all("input")),
        json_ld=tuple(tag.get_text()[:100_000] for tag in soup.find_all("script", type="application/ld+json", limit=20)),
        metas={
            name.lower(): str(tag.get("content") or "")[:1000]
            for tag in soup.find_all("meta", limit=100)
            if (name := str(tag.get("property") or tag.get("name") or ""))
        },
    )
    for tag in soup.find_all(_UNSEEN):
        tag.decompose()
    text = soup.get_text("\n", strip=True)
    for tag in soup.find_all(_APART):
        tag.decompose()
    main = collapse(soup.get_text(" ", strip=True))
    return replace(shell, text=text[:MAX_TEXT], visible=len(collapse(text)), content=main)
