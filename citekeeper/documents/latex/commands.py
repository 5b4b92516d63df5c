"""The commands of LaTeX that matter to references, and what is done with each."""

from __future__ import annotations

LINKS = frozenset({"url", "nolinkurl", "path", "burl", "urlalt"})
"""Commands whose argument is an address that is shown."""

NOTES = frozenset({"footnote", "footnotetext", "endnote", "endnotetext", "sidenote", "marginnote", "thanks", "tablefootnote"})
"""Commands whose argument is a note."""

NOTE_MARKS = frozenset({"footnotemark", "endnotemark"})
"""Commands that cite a note whose text stands elsewhere."""

CITES = frozenset({"cite", "citep", "citet", "citealp", "citealt", "parencite", "textcite", "autocite", "footcite"})
"""Commands that cite items of the bibliography by their keys."""

DROPPED = frozenset(
    {
        "label", "ref", "pageref", "eqref", "autoref", "cref", "Cref", "nameref", "vref", "hypertarget",
        "includegraphics", "input", "include", "bibliography", "bibliographystyle", "addbibresource", "usepackage", "documentclass",
        "RequirePackage", "vspace", "hspace", "setlength", "addtolength", "pagestyle", "thispagestyle", "setcounter", "color",
        "selectlanguage", "urlstyle", "nocite", "index", "graphicspath",
    }
)  # fmt: skip
"""Commands whose first argument is no text."""

VERBATIM = frozenset({"verbatim", "verbatim*", "Verbatim", "lstlisting", "minted", "alltt", "filecontents", "filecontents*"})
"""Environments in which a backslash is a backslash."""
