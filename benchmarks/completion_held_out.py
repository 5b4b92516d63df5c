"""Families that no rule is made for: nobody looks at single cases of these, so that their figures tell of sites yet unseen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import quote

from completion_cases import Case
from completion_desk import Address, Desk, Draft, Family, Story, draft, siblings, spelled, tails
from completion_words import FRENCH, GREEK, HEBREW, SPANISH, TURKISH


def nodes(desk: Desk) -> Case | None:
    story = desk.story()

    def address(each: Story) -> str:
        return f"https://{desk.host}/en/{desk.section}/{each.slug}"

    made = draft(desk, "nodes", story, address, len(desk.section) + 19)
    if made is None:
        return None
    ends = ("?page=1", "/print", "?language=fr", "/pdf", "?qt-tabs=1", "/feed", "?destination=node/1", "?ref=home", "?CMP=twt_gu", "/email")
    made.variants(tails(made.truth, *ends)).variants(tails(made.truth, "-0", "-1"), 0.1, 1).cuts()
    return made.rivals(siblings(desk, story, address, made.prefix)).done()


def number_first(desk: Desk) -> Case | None:
    """The number tells the page; editors change the words behind it."""
    story = desk.story()

    def address(each: Story) -> str:
        return f"https://{desk.host}/{desk.section}/{each.number}-{each.slug}"

    made = draft(desk, "number-first", story, address, len(desk.section) + 14)
    if made is None:
        return None
    edited = Story((*story.words[:2], *desk.rng.sample(desk.vocabulary, 3)), story.day, story.number)
    if desk.rng.random() < 0.4 and address(edited).startswith(made.prefix):
        made.same = (address(edited),)
        if made.truth_days:
            made.entries.append(desk.entry(address(edited), story.day))
    ends = ("/amp", "?utm_source=x", "/comments", "/gallery/1", "?page=2", ".jpg", "/print")
    made.variants(tails(made.truth, *ends)).cuts()
    return made.rivals([(address(each), each) for each in [desk.story() for _ in range(60)]]).done()


def scripts(desk: Desk) -> Case | None:
    """Other alphabets, escaped or as they are."""
    desk.vocabulary = desk.rng.choice([GREEK, HEBREW])
    story = desk.story(least=3, most=6)

    def address(each: Story) -> str:
        return f"https://{desk.host}/{each.day:%Y/%m}/{quote(each.slug)}/"

    truth = address(story)
    made = draft(desk, "scripts", story, address, 24)
    if made is None:
        return None
    made.variants(tails(truth, "amp/", "?fbclid=IwAR9", "feed/", "comment-page-1/")).cuts(0.15)
    return made.rivals(siblings(desk, story, address, made.prefix)).done()


def handlers(desk: Desk) -> Case | None:
    story = desk.story()
    shapes: list[Address] = [
        lambda each: f"http://{desk.host}/ViewArticle.aspx?ArticleID={each.number}&lang=en&headline={'+'.join(each.words)}",
        lambda each: f"http://{desk.host}/story.asp?cat=world&storyid={each.number}",
        lambda each: f"https://{desk.host}/doc/?uuid={each.number:08x}-{each.number * 7 % 65536:04x}-4d2a&name={'_'.join(each.words)}",
        lambda each: f"https://{desk.host}/watch?v={_code(each.number)}",
    ]
    address = desk.rng.choice(shapes)
    truth = address(story)
    start = truth.index("?") + 9
    if start > len(truth) - 5:
        return None
    made = Draft(desk, "handlers", story, truth, truth[: desk.rng.randint(start, len(truth) - 5)])
    made.variants(tails(truth, "&utm_campaign=y", "&feature=share", "&printable=1", "&PHPSESSID=0123456789abcdef0123456789abcdef")).cuts(
        0.1
    )
    return made.rivals([(address(each), each) for each in [desk.story() for _ in range(desk.rng.choice([3, 30, 120]))]]).done()


def _code(number: int) -> str:
    letters = "abcdefghijkLMNOPQRSTUVWXYZ0123456789_-"
    return "".join(letters[(number * (n + 3) + n) % len(letters)] for n in range(11))


def agency(desk: Desk) -> Case | None:
    """A day without slashes, transliterated words and a number."""
    story = desk.story(least=2, most=4)

    def address(each: Story) -> str:
        return f"https://{desk.host}/{each.day:%Y%m%d}/{each.slug}-{1_500_000_000 + each.number}.html"

    truth = address(story)
    start = truth.index("/", 8) + 1
    shown = truth[: desk.rng.randint(start + 5, len(truth) - 5)]
    made = Draft(desk, "agency", story, truth, shown)
    made.variants(tails(truth, "?utm_source=x", "?in=t", "?rcmd_alg=slotter")).cuts(0.2)
    day = [desk.story(day=story.day, least=2, most=4) for _ in range(desk.rng.choice([0, 2, 10, 40]))]
    month = [desk.story(day=desk.near(story.day, 9), least=2, most=4) for _ in range(desk.rng.choice([0, 10, 60]))]
    return made.rivals([(address(each), each) for each in day + month]).done()


def series(desk: Desk) -> Case | None:
    """The same words every week, with the day spelled out."""
    story = desk.story(most=6)

    def address(each: Story) -> str:
        return f"https://{desk.host}/backgrounder/{each.slug}-{spelled(each.day)}-{each.day.year}"

    made = draft(desk, "series", story, address, 26)
    if made is None:
        return None
    away = desk.rng.sample([-400, -90, -14, -7, -1, 1, 7, 30, 365], desk.rng.choice([0, 0, 2, 5]))
    made.variants(tails(made.truth, "/print", "?mod=e2tw")).cuts(0.2)
    return made.rivals([(address(each), each) for each in (Story(story.words, story.day + timedelta(days=n), 0) for n in away)]).done()


def documents(desk: Desk) -> Case | None:
    story = desk.story(most=7)

    def address(each: Story) -> str:
        return f"https://{desk.host}/sites/default/files/{each.day:%Y-%m}/{'_'.join(each.words)}_EN.pdf"

    made = draft(desk, "documents", story, address, 44)
    if made is None:
        return None
    bare = made.truth.removesuffix("_EN.pdf")
    languages = tails(bare, "_FR.pdf", "_ES.pdf", "_RU.pdf") if made.prefix in bare else []
    made.variants(tails(made.truth, "?download=1", "%20", "#page=3", "?VersionId=12")).variants(tails(made.truth[:-4], "_0.pdf"), 0.1)
    if languages and desk.rng.random() < 0.35:
        made.entries += [desk.entry(each, story.day) for each in desk.rng.sample(languages, 2)]
        made.answerable = False  # Nothing printed tells the language.
    return made.cuts(0.15).rivals(siblings(desk, story, address, made.prefix, 0.2)).done()


def short_tail(desk: Desk) -> Case | None:
    """A cut in the middle with hardly a tail."""
    story = desk.story()
    kept, tail, dots = desk.rng.choice([(30, 5, "..."), (32, 19, " ... "), (44, 7, "…"), (50, 12, "...")])

    def address(each: Story) -> str:
        return f"https://{desk.host}/{each.day:%Y}/{each.slug}_{each.number}.shtml"

    truth = address(story)
    if len(truth) < kept + tail + 5 or kept < truth.index("/", 8) + 6:
        return None
    made = Draft(desk, "short-tail", story, truth, truth[:kept], dots, truth[-tail:])
    made.variants(tails(truth, "?utm_source=x", "?from=rss"), 0.3).cuts(0.1)
    return made.rivals(siblings(desk, story, address, made.prefix)).done()


def encyclopedia(desk: Desk) -> Case | None:
    """Capitals, underscores, and the actions of a wiki."""
    story = desk.story(least=4, most=6)

    def address(each: Story) -> str:
        return f"https://{desk.host}/wiki/{each.words[0].title()}_{'_'.join(each.words[1:])}"

    made = draft(desk, "encyclopedia", story, address, 20)
    if made is None:
        return None
    ends = (
        "?action=edit",
        "?oldid=998877",
        "?action=history",
        "?veaction=edit",
        "?useskin=vector",
        "%20",
        "?mobileaction=toggle_view_mobile",
    )
    made.variants(tails(made.truth, *ends)).variants([made.truth.lower()], 0.2, 1).cuts(0.2)
    return made.rivals(siblings(desk, story, address, made.prefix, 0.25)).done()


def languages(desk: Desk) -> Case | None:
    """Other languages behind the cut, and words of another language in the address."""
    desk.vocabulary = desk.rng.choice([SPANISH, FRENCH, TURKISH])
    story = desk.story()

    def address(each: Story) -> str:
        return f"https://{desk.host}/haber/{each.slug}/{each.number}"

    made = draft(desk, "languages", story, address, 24)
    if made is None:
        return None
    bare = made.truth
    made.variants(tails(bare, "?lang=en", "/en", "/ru/", ".en", "?hl=de"), 0.4, 2).variants(
        tails(bare, "/amp", "?s=tw", "/yorum", "/foto/3"), 0.3
    )
    return made.cuts(0.2).rivals(siblings(desk, story, address, made.prefix, 0.25)).done()


HELD_OUT: Sequence[Family] = (
    nodes,
    number_first,
    scripts,
    handlers,
    agency,
    series,
    documents,
    short_tail,
    encyclopedia,
    languages,
)
