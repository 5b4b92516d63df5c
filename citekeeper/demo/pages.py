"""Ordinary-looking pages: the articles of pages.toml in HTML, and the odd ones as they are written in data/."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(_data("pages.toml").decode())


def _data(name: str) -> bytes:
    return (files("citekeeper.demo") / "data" / name).read_bytes()


def special(name: str) -> bytes:
    """A page that is no article: "parked", "login", "challenge", …"""
    return _data(f"{name}.html")


def sample_article() -> str:
    """The text whose references the demo audits."""
    return _data("article.txt").decode()


def article(name: str, *, head: str = "") -> bytes:
    """One article of pages.toml as a page; `head` is put into its head as it is."""
    page = _tables()[name]
    title, outlet = escape(page["title"]), escape(page["outlet"])
    paragraphs = "\n".join(f"<p>{escape(part)}</p>" for part in page["text"].strip().split("\n\n"))
    return f"""<!DOCTYPE html>
<html lang="{page.get("language", "en")}">
<head>
<meta charset="utf-8">
<title>{title} | {outlet}</title>
<meta property="og:title" content="{title}">
<meta property="article:published_time" content="{page["published"]}">
{head}</head>
<body>
<header><a href="/">{outlet}</a></header>
<nav><a href="/news">News</a> <a href="/archive">Archive</a> <a href="/about">About us</a></nav>
<main>
<article>
<h1>{title}</h1>
<p><time datetime="{page["published"]}">{page["published"]}</time></p>
{paragraphs}
</article>
</main>
<footer>{outlet} · Imprint · Contact</footer>
</body>
</html>
""".encode()
