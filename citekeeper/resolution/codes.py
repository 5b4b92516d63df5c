"""What each evidence code of a resolution means, and what to do about it."""

from __future__ import annotations

from citekeeper.model import CodeMeaning

_WRITE_IT_OUT = "Print the address in full, or link its text to it; ask the author when nobody has it."
_COMPARE = "Open the candidates and compare them with the note; then write the right address into the document."

CODES: tuple[CodeMeaning, ...] = (
    # How it was decided.
    CodeMeaning(
        "index-unique", "One page in the archive's index fits the cut address.", "Nothing; print the completed address in the document."
    ),
    CodeMeaning(
        "index-margin",
        "Several pages fit the cut address, and one fits far better than the others.",
        "Check the completed address once, then print it.",
    ),
    CodeMeaning(
        "article-page",
        "The article's own page, live or archived, links the whole address; archives' indexes were not asked.",
        "Nothing; print the completed address in the document.",
    ),
    CodeMeaning("index-ambiguous", "Several pages fit the cut address, and none far better than the others.", _COMPARE),
    CodeMeaning("index-unsure", "One page fits the cut address, but too little speaks for it.", _COMPARE),
    CodeMeaning("index-empty", "The archive's index holds nothing that begins with the cut address.", _WRITE_IT_OUT),
    CodeMeaning("index-no-fit", "The index holds addresses that begin like the cut one, but none that can be meant.", _WRITE_IT_OUT),
    CodeMeaning(
        "index-partial",
        "The index holds more addresses that begin like the cut one than were asked for.",
        "Print more of the address than its beginning.",
    ),
    CodeMeaning("index-unavailable", "The archive's index could not be asked: nothing is known.", "Run the audit again later."),
    CodeMeaning("index-excluded", "The archive does not show this site.", _WRITE_IT_OUT),
    CodeMeaning("index-not-asked", "No archive was asked.", "Name an archive with --archives, and run without --offline."),
    CodeMeaning(
        "index-row",
        "A row of an archive's index: archive, date, address, media type, status.",
        "Nothing; it is where a candidate comes from.",
    ),
    CodeMeaning("cut-in-host", "The cut fell into the host name: no index can be searched for it.", _WRITE_IT_OUT),
    CodeMeaning("nothing-behind-host", "Nothing of the path is printed: any page of the site could be meant.", _WRITE_IT_OUT),
    CodeMeaning(
        "cut-in-fragment",
        "The cut fell behind the #: the page is known, the place in it is not.",
        "Nothing, or print the fragment in full.",
    ),
    CodeMeaning("no-url", "The text is not an address that can be repaired.", "Correct the address in the document."),
    CodeMeaning("other-readings", "The text can be read as more than one address; the likeliest was taken.", _COMPARE),
    CodeMeaning("href-differs", "The link leads elsewhere than its text says; the link was taken.", "Make the text and the link agree."),
    # What speaks for and against a candidate.
    CodeMeaning("slug-seen", "How much of the path is printed; the more, the fewer pages can be meant.", "Nothing."),
    CodeMeaning("suffix-matches", "The candidate ends as the printed tail does.", "Nothing."),
    CodeMeaning("good-status", "The archive captured the candidate with a good status.", "Nothing."),
    CodeMeaning("status-unknown", "The index does not tell the candidate's status.", "Nothing."),
    CodeMeaning("only-redirects", "The archive captured the candidate only as a redirect.", "Nothing."),
    CodeMeaning("page-type", "The candidate is a web page or a PDF.", "Nothing."),
    CodeMeaning("not-a-page", "The candidate is an image, a script, a feed or the like.", "Nothing."),
    CodeMeaning("near-citation-date", "The candidate was captured around the citation date.", "Nothing."),
    CodeMeaning("captured-before", "The candidate was first captured in the year before the citation date.", "Nothing."),
    CodeMeaning("captured-long-before", "The candidate was first captured one to two years before the citation date.", "Nothing."),
    CodeMeaning("captured-years-before", "The candidate was first captured more than two years before the citation date.", "Nothing."),
    CodeMeaning(
        "captured-too-early",
        "The candidate was captured more than a month before the day on which the note says the page appeared.",
        "Nothing.",
    ),
    CodeMeaning(
        "section-page", "Several other candidates lie below the candidate: it is a section of the site, not a page of it.", "Nothing."
    ),
    CodeMeaning("captured-after", "The candidate was first captured up to three months after the citation date.", "Nothing."),
    CodeMeaning("captured-long-after", "The candidate was first captured three months to a year after the citation date.", "Nothing."),
    CodeMeaning("captured-years-after", "The candidate was first captured more than a year after the citation date.", "Nothing."),
    CodeMeaning("url-date-near", "The date in the candidate's address agrees with the citation date.", "Nothing."),
    CodeMeaning("url-date-earlier", "The date in the candidate's address lies well before the citation date.", "Nothing."),
    CodeMeaning("url-date-later", "The date in the candidate's address lies after the citation date.", "Nothing."),
    CodeMeaning(
        "serial",
        "A number or a date that nothing confirms is all that tells the candidate from others of its kind, archived or not.",
        "Nothing.",
    ),
    CodeMeaning("series-day", "The candidate is one of a series by its date, and the note tells that very day.", "Nothing."),
    CodeMeaning("slug-overlap", "Words behind the cut stand in the note too.", "Nothing."),
    CodeMeaning("words-missing", "The note repeats the printed words of the address, but not those behind the cut.", "Nothing."),
    CodeMeaning("title-differs", "The note tells a title, and hardly a word of it stands in the candidate's address.", "Nothing."),
    CodeMeaning(
        "looks-cut", "The candidate ends within a word of the note or of another candidate: it is the address of another cut.", "Nothing."
    ),
    CodeMeaning(
        "short-and-unproved", "The candidate is little longer than what is printed, and was never captured with a good status.", "Nothing."
    ),
    CodeMeaning("extra-segment", "The candidate lies deeper in the site than another.", "Nothing."),
    CodeMeaning("extra-query", "The candidate has parameters of which nothing is printed.", "Nothing."),
    CodeMeaning("part-of-another", "The candidate is a part or a view of another one.", "Nothing."),
    CodeMeaning("numbered-copy", "The candidate is another one with a number behind it: a further part or a second edition.", "Nothing."),
    CodeMeaning("other-language", "The candidate is another one in another language.", "Nothing."),
    CodeMeaning("barely-longer", "The candidate is hardly longer than what is printed: nobody would have cut it.", "Nothing."),
    CodeMeaning("the-cut-itself", "The candidate is the cut address, which others copied and an archive kept.", "Nothing."),
    CodeMeaning("case-differs", "The candidate differs from what is printed in upper and lower case.", "Nothing."),
)
"""One entry for each code."""
