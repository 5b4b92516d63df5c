"""How each markup format looks from outside: the signs by which it is told without a name."""

from __future__ import annotations

import re
from collections.abc import Callable

_LOOK = 64 * 1024

_BIBTEX = re.compile(
    r"^[ \t]{0,20}@(?:article|book|booklet|inbook|incollection|inproceedings|manual|mastersthesis|misc|online|phdthesis|proceedings|report"
    r"|techreport|thesis|unpublished|electronic|www|software|dataset|string)[ \t]{0,20}[{(]\s{0,20}[^,\s{}]{1,200}\s{0,20}[,=]",
    re.I | re.M,
)
_RIS = re.compile(r"^TY  - [A-Z]{3,6}[ \t]{0,20}\r?$", re.M)
_CSL_START = re.compile(r"\s{0,200}[\[{]")
_CSL_SIGNS = (
    re.compile(
        r'"type"\s{0,20}:\s{0,20}"(?:article|book|chapter|webpage|report|thesis|post|paper-conference|entry|document|dataset|motion_p|web)'
    ),
    re.compile(r'"(?:issued|accessed|container-title|citation-key)"\s{0,20}:'),
)
_LATEX_ALONE = re.compile(r"^[ \t]{0,20}\\(?:documentclass|begin\{document\}|begin\{thebibliography\})", re.M)
_LATEX_SIGNS = (
    re.compile(r"\\(?:url|href)\s?\{"),
    re.compile(r"\\(?:sub)*section\*?\{"),
    re.compile(r"\\(?:footnote|cite|emph|textit|textbf)\b"),
)
_RST_SIGNS = (
    re.compile(r"^\.\. [\w-]{2,40}::", re.M),
    re.compile(r"^\.\. _[^:\n]{1,200}:", re.M),
    re.compile(r"`[^`<>\n]{1,200} <[^<>\s]{1,500}>`__?"),
    re.compile(r"^\.\. \[[#\w]{1,20}\] ", re.M),
    re.compile(r"\[[#\w]{1,20}\]_(?!\w)"),
)
_ASCIIDOC_SIGNS = (
    re.compile(r"^={1,5} \S", re.M),
    # Not the brackets of a disarmed address (h[.]example, h[dot]example) or of a note mark.
    re.compile(r"\b(?:https?://|link:)[^\s\[\]]{1,500}\[(?!dot\b|at\b)[A-Za-z][^\]\n]{2,200}\]", re.I),
    re.compile(r"^:[\w-]{2,40}:(?: \S|$)", re.M),
    re.compile(r"\bfootnote:[\w-]{0,40}\["),
    re.compile(r"^\[(?:source|bibliography|quote|NOTE|TIP)\b[^\]\n]{0,100}\]$", re.M),
)
_WIKITEXT_SIGNS = (
    re.compile(r"^={2,5}[ ]?[^=\n]{1,200}?={2,5}[ ]?$", re.M),
    re.compile(r"<ref[ >/]"),
    re.compile(r"\{\{[ ]?[\w -]{2,60}[ ]?\|[^{}\n]{0,300}="),
    re.compile(r"\[\[[^\[\]\n]{1,200}\]\]"),
    re.compile(r"(?<!\[)\[https?://[^\s\[\]]{1,500} [^\[\]\n]{1,300}\]"),
    re.compile(r"'''[^'\n]{1,200}'''"),
)


def _count(text: str, signs: tuple[re.Pattern[str], ...]) -> int:
    return sum(sign.search(text, 0, _LOOK) is not None for sign in signs)


def shows_bibtex(text: str) -> bool:
    """Whether an entry of a bibliography begins some line."""
    return _BIBTEX.search(text, 0, _LOOK) is not None


def shows_ris(text: str) -> bool:
    """Whether the first line of a record stands there."""
    return _RIS.search(text, 0, _LOOK) is not None


def shows_csl_json(text: str) -> bool:
    """Whether JSON holds what only items of CSL have."""
    return _CSL_START.match(text) is not None and _count(text, _CSL_SIGNS) == len(_CSL_SIGNS)


def shows_latex(text: str) -> bool:
    """Whether a document or bibliography begins, or two kinds of commands stand there."""
    return _LATEX_ALONE.search(text, 0, _LOOK) is not None or _count(text, _LATEX_SIGNS) > 1


def shows_by(signs: tuple[re.Pattern[str], ...]) -> Callable[[str], bool]:
    """A look that wants two of `signs`."""
    return lambda text: _count(text, signs) > 1


shows_rst = shows_by(_RST_SIGNS)
shows_asciidoc = shows_by(_ASCIIDOC_SIGNS)
shows_wikitext = shows_by(_WIKITEXT_SIGNS)
