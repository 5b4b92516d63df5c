"""What each repair code means: everything that may have been undone to a reference on the way to its address."""

from __future__ import annotations

from citekeeper.model import CodeMeaning

_NOTHING = "Nothing to do; `citekeeper fix` can write the plain address into the article."
_CHECK = "Compare the repaired address with the page it should lead to."

REPAIRS: tuple[CodeMeaning, ...] = (
    CodeMeaning("hxxp", "The scheme was masked: hxxp, hXXps, htxp.", _NOTHING),
    CodeMeaning("scheme-mask", "Letters of the scheme were masked: h**p, h[tt]p, h__p.", _NOTHING),
    CodeMeaning("scheme-typo", "A letter of the scheme is missing or doubled: ttps, htp, htttp.", "Correct the scheme in the article."),
    CodeMeaning("bracket-colon", "The colon or slashes of the scheme, or of a port, stood in brackets: http[:]//, hxxps[://].", _NOTHING),
    CodeMeaning("colon-word", "The colon was spelled out: http[colon]//.", _NOTHING),
    CodeMeaning("missing-colon", "The colon of the scheme was missing: http//.", "Correct the scheme in the article."),
    CodeMeaning("slash-word", "The slashes were spelled out: http:slashslash.", _NOTHING),
    CodeMeaning("bracket-slash", "A slash stood in brackets: [/].", _NOTHING),
    CodeMeaning("bracket-sign", "Another sign of the address stood in brackets: [@], [?], [=], [-].", _NOTHING),
    CodeMeaning("backslash", "Slashes were written as backslashes: hxxp:\\\\.", _NOTHING),
    CodeMeaning("scheme-space", "Spaces stood inside or behind the scheme: https :// host.", "Close the gap in the article."),
    CodeMeaning("full-width", "A colon, dot or slash was written in its full-width form.", _NOTHING),
    CodeMeaning("no-scheme", "No scheme was written; http is assumed, and https is kept as the other reading.", _NOTHING),
    CodeMeaning("dot-word", "A dot was spelled out: function.mil dot ru.", _NOTHING),
    CodeMeaning("bracket-dot", "A dot stood in brackets: [.], (dot), {.}.", _NOTHING),
    CodeMeaning("half-bracket-dot", "A dot stood at half a bracket: .] or [.", _NOTHING),
    CodeMeaning("glued-dot", "A dot was spelled out without spaces: wwwDOTexampleDOTorg.", _NOTHING),
    CodeMeaning("escaped-dot", "A dot was escaped: \\. or ^.", _NOTHING),
    CodeMeaning("spaced-dot", "Spaces stood beside a dot of the host.", _CHECK),
    CodeMeaning("inner-space", "A space inside the path was closed, or stands for an underscore or a space of the address.", _CHECK),
    CodeMeaning("line-wrap", "The address was broken over lines.", _CHECK),
    CodeMeaning(
        "hyphen-wrap",
        "The address was broken behind a hyphen, which may be its own or the typesetter's; both readings are kept.",
        "Only the web or an archive can tell the two readings apart.",
    ),
    CodeMeaning("quote-wrap", "The address was broken over lines of quoted mail.", _CHECK),
    CodeMeaning("fold", "The address was folded with a backslash at the line end (RFC 8792).", _NOTHING),
    CodeMeaning(
        "quoted-printable", "A soft line break of quoted-printable mail (an equals sign at the line end) stood inside the address.", _CHECK
    ),
    CodeMeaning("escape", "Characters were escaped with a backslash: \\_ or \\/.", _NOTHING),
    CodeMeaning("html-entity", "An ampersand was written as an HTML entity: &amp;.", _NOTHING),
    CodeMeaning("percent-encoded", "The whole address was percent-encoded: http%3A%2F%2Fnews.example%2Fa.", _NOTHING),
    CodeMeaning("invisible", "Invisible characters stood inside the address (zero-width space, soft hyphen).", _NOTHING),
    CodeMeaning("typographic-dash", "The two hyphens of an internationalised host (xn--) were set as a dash.", _NOTHING),
    CodeMeaning(
        "cut", 'The end of the address is missing behind a mark such as "..."; what is known is its beginning.', "Ask an archive for it."
    ),
    CodeMeaning(
        "cut-middle", "The middle of the address is missing; what is known is its beginning and its end.", "Ask an archive for it."
    ),
    CodeMeaning("breadcrumb", "The path is shown as a search engine shows it: host › section › page.", "Ask an archive for it."),
    CodeMeaning(
        "unwrapped",
        "The printed address leads through a redirector (a mail scanner, a search engine, a proxy); the address that it carries is taken.",
        "Print the address itself: redirectors end, and tell others who clicked.",
    ),
    CodeMeaning(
        "archived-copy",
        "The printed address is an archived copy; the original is taken as what is cited.",
        "Nothing to do; the copy is kept beside the original.",
    ),
    CodeMeaning(
        "identifier",
        "An identifier (DOI, arXiv, Handle, PubMed) is printed without an address; its resolver's address is taken.",
        "Nothing to do; `citekeeper fix` can write the resolver's address into the article.",
    ),
    CodeMeaning("href", "The text shows the address changed or cut; the link behind it states it whole.", _NOTHING),
    CodeMeaning(
        "href-differs",
        "The text shows another address than the link leads to; the link's is taken and the text's kept as the other reading.",
        "Look whether the link is the one that was meant.",
    ),
)
