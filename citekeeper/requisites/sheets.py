"""Style sheets: `@import`, `url()`, `image-set()` and `@font-face`, read with tinycss2 (CSS Syntax Level 3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from citekeeper.model import NeedKind
from citekeeper.requisites.found import Collection, Needs, Resolve, Written

if TYPE_CHECKING:
    from tinycss2.ast import Node

MAX_SHEET: Final = 1 << 20
"""Characters of a style sheet that are read. tinycss2 reads 0.6 MB of an ordinary one in a second, 0.2 MB of the worst."""

# Most rules and nearly all style attributes name no address, and looking for these letters takes a hundredth of reading them.
_MAY_NAME = re.compile(r"url|src\(|import|image-set|\\", re.IGNORECASE)
_OLD_FONT = re.compile(r"\.(?:eot|svg)(?:[?#]|$)", re.IGNORECASE)
_STRINGS_IN = frozenset({"image-set", "-webkit-image-set"})
_ADDRESS = frozenset({"url", "src"})


def needs_of_sheet(css: str, url: str, resolve: Resolve) -> Needs:
    """What the style sheet at `url` needs: other sheets, pictures, fonts."""
    found = Collection(unlisted=int(len(css) > MAX_SHEET))
    for each in written_in(css):
        found.add(each.text, each.kind, each.context)
    return found.needs(url, resolve)


def written_in(css: str) -> list[Written]:
    """The addresses in a style sheet or a style attribute, as written."""
    if _MAY_NAME.search(css) is None:
        return []
    import tinycss2

    tokens = tinycss2.parse_component_value_list(css[:MAX_SHEET], skip_comments=True)
    return [*_walk(tokens)]


@dataclass(slots=True)
class _Level:
    """One list of tokens that is being read; kept in a stack, because a hostile sheet nests as deep as it is long."""

    tokens: Iterator[Node]
    kind: NeedKind = NeedKind.IMAGE
    context: str = "css/url"
    takes_strings: bool = False
    rule: str = ""
    """The at-rule that the next tokens belong to."""


def _walk(tokens: Iterable[Node]) -> Iterator[Written]:
    levels = [_Level(iter(tokens))]
    while levels:
        level = levels[-1]
        token: Any = next(level.tokens, None)
        if token is None:
            levels.pop()
        elif token.type == "at-keyword":
            level.rule = token.lower_value
        elif (text := _address(token, level)) is not None:
            if level.rule != "namespace":
                yield _written(text, level, is_top=len(levels) == 1)
            level.rule = ""
        elif token.type == "{} block" and level.rule == "font-face":
            level.rule = ""
            yield from _fonts(token.content)
        elif (inside := _inside(token)) is not None:
            levels.append(_inner(token, inside, level))
            level.rule = "" if token.type == "{} block" else level.rule
        elif token.type == "literal" and token.value == ";":
            level.rule = ""


def _address(token: Any, level: _Level) -> str | None:
    """The address that a token is, if it is one."""
    if token.type == "url" or (token.type == "string" and (level.takes_strings or level.rule == "import")):
        return str(token.value)
    if token.type == "function" and token.lower_name in _ADDRESS:
        return next((str(each.value) for each in token.arguments if each.type == "string"), None)
    return None


def _written(text: str, level: _Level, *, is_top: bool) -> Written:
    if level.rule == "import" and is_top:
        return Written(text, NeedKind.STYLE, "css/@import")
    return Written(text, level.kind, level.context)


def _inside(token: Any) -> Iterable[Node] | None:
    if token.type == "function":
        arguments: Iterable[Node] = token.arguments
        return arguments
    content: Iterable[Node] | None = token.content if token.type in ("{} block", "() block", "[] block") else None
    return content


def _inner(token: Any, inside: Iterable[Node], level: _Level) -> _Level:
    is_set = token.type == "function" and token.lower_name in _STRINGS_IN
    return _Level(iter(inside), level.kind, "css/image-set" if is_set else level.context, takes_strings=is_set)


def _fonts(content: Iterable[Node]) -> Iterator[Written]:
    """The files of a font; those that no living browser reads only where there is no other."""
    files = [Written(each.text, NeedKind.FONT, "css/@font-face") for each in _walk(content)]
    yield from [each for each in files if not _OLD_FONT.search(each.text)] or files
