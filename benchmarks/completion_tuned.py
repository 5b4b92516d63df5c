"""Families of addresses as publishing systems write them; weights and rules may be tried on these."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import quote

from completion_cases import Case
from completion_desk import Address, Desk, Draft, Family, Story, draft, siblings, spelled, tails
from completion_words import RUSSIAN


def weblog(desk: Desk) -> Case | None:
    story, root = desk.story(), f"https://{desk.host}"
    made = draft(desk, "weblog", story, lambda each: f"{root}/{each.day:%Y/%m/%d}/{each.slug}/", 14)
    if made is None:
        return None
    ends = (
        "feed/",
        "amp/",
        "?share=twitter",
        "?replytocom=3312",
        "?utm_source=rss",
        "embed/",
        "comment-page-1/",
        "photo.jpg",
        "?amp",
        "%22",
    )
    made.variants(tails(made.truth, *ends)).variants(tails(made.truth.rstrip("/"), "-2/", "/)", ","), 0.15, 1).cuts()
    same_day = [desk.story(story.words[: desk.rng.randint(1, 3)], story.day) for _ in range(desk.rng.choice([0, 0, 1]))]
    return made.rivals([(f"{root}/{each.day:%Y/%m/%d}/{each.slug}/", each) for each in same_day]).done()


def numbered(desk: Desk) -> Case | None:
    """An opaque number that grows with time."""
    story = desk.story()
    region = desk.rng.choice(["world-europe", "world-asia", "uk-politics", "business"])

    def address(each: Story) -> str:
        return f"https://{desk.host}/news/{region}-{40_000_000 + (each.day - date(2012, 1, 1)).days * 4000 + each.number % 4000}"

    truth = address(story)
    shown = truth[: len(truth) - desk.rng.randint(4, 6)]
    made = Draft(desk, "numbered", story, truth, shown)
    others = [desk.story(day=desk.near(story.day, 40)) for _ in range(desk.rng.choice([0, 1, 3, 8]))]
    made.variants(tails(truth, "?ns_source=twitter", ".amp", "?intlink_from_url=x", "?ocid=socialflow_twitter"))
    made.note = desk.rng.choice(["", f"{desk.outlet}, {story.day:%d %B %Y}"])
    return made.cuts(0.15).rivals([(address(each), each) for each in others]).done()


def russian(desk: Desk) -> Case | None:
    desk.vocabulary = RUSSIAN
    story = desk.story(least=3, most=7)
    folder = desk.rng.choice(["", "news/", "wiki/"])

    def address(each: Story) -> str:
        return f"https://{desk.host}/{folder}{quote(each.slug)}" + ("" if folder == "wiki/" else "/")

    made = draft(desk, "russian", story, address, len(folder) + 20)
    if made is None:
        return None
    made.variants(tails(made.truth, "?utm_source=yxnews", "?fbclid=IwAR1")).cuts(0.2)
    return made.rivals(siblings(desk, story, address, made.prefix)).done()


def component(desk: Desk) -> Case | None:
    """The cut falls into the query."""
    story = desk.story()
    shapes: list[Address] = [
        lambda each: (
            f"http://{desk.host}/index.php?option=com_content&view=article&id={each.number % 9000}:{each.slug}&catid=4:world&Itemid=55"
        ),
        lambda each: f"http://{desk.host}/news.php?id={each.number % 9000}&title={each.slug}",
        lambda each: f"https://{desk.host}/more.htm?id={10_000_000 + each.number % 10**6}@egNews",
    ]
    address = desk.rng.choice(shapes)
    truth = address(story)
    start = truth.index("?") + 6
    shown = truth[: desk.rng.randint(start, len(truth) - 5)]
    made = Draft(desk, "component", story, truth, shown)
    made.variants(tails(truth, "&fbclid=IwAR0", "&print=1", "&tmpl=component&print=1")).cuts(0.1)
    others = [desk.story() for _ in range(desk.rng.choice([5, 40, 150]))]
    return made.rivals([(address(each), each) for each in others]).done()


def dated_path(desk: Desk) -> Case | None:
    """The cut falls within or right behind the date."""
    story, root = desk.story(), f"https://{desk.host}/{desk.section}"

    def address(each: Story) -> str:
        return f"{root}/{each.day:%Y/%m/%d}/{each.slug}.html"

    truth = address(story)
    start = len(root) + 1
    shown = truth[: start + desk.rng.randint(6, 13)]
    made = Draft(desk, "dated-path", story, truth, shown)
    month = [desk.story(day=story.day.replace(day=desk.rng.randint(1, 28))) for _ in range(desk.rng.choice([3, 20, 60]))]
    made.variants(tails(truth, "?utm_medium=x")).cuts(0.2)
    return made.rivals([(address(each), each) for each in month]).done()


def live(desk: Desk) -> Case | None:
    """A live blog that begins anew every day under the same words."""
    story = desk.story(most=6)

    def address(each: Story) -> str:
        return f"https://{desk.host}/{desk.section}/{each.slug}-live-updates-{spelled(each.day)}"

    made = draft(desk, "live", story, address, 22)
    if made is None:
        return None
    days = [Story(story.words, story.day + timedelta(days=away), story.number) for away in desk.rng.sample([-3, -2, -1, 1, 2, 3, 9], 3)]
    made.variants(tails(made.truth, "?CMP=share_btn", "/amp")).cuts(0.2)
    return made.rivals([(address(each), each) for each in days] if desk.rng.random() < 0.4 else []).done()


def reports(desk: Desk) -> Case | None:
    """A report of each year, as a page and as a PDF."""
    story = desk.story(most=7)
    form = desk.rng.choice([".pdf", "", ".html"])

    def address(each: Story) -> str:
        return f"https://{desk.host}/publications/{each.slug}-{each.day.year}{form}"

    made = draft(desk, "reports", story, address, 24)
    if made is None:
        return None
    years = [
        Story(story.words, story.day.replace(year=story.day.year + away, day=1), story.number)
        for away in desk.rng.sample([-2, -1, 1, 2], 2)
    ]
    made.cuts(0.2).rivals([(address(each), each) for each in years])
    return made.rivals(siblings(desk, story, address, made.prefix, 0.2)).done()


def middle(desk: Desk) -> Case | None:
    """Forum systems keep the end."""
    story = desk.story()
    kept, tail, dots = desk.rng.choice([(39, 10, " ... "), (40, 10, "..."), (36, 14, "...")])

    def address(each: Story) -> str:
        return f"http://{desk.host}/{desk.section}/{each.slug}-{each.number}.html"

    truth = address(story)
    if len(truth) < kept + tail + 5 or kept < truth.index("/", 8) + 5:
        return None
    made = Draft(desk, "middle", story, truth, truth[:kept], dots, truth[-tail:])
    made.variants(tails(truth, "?utm_source=x", "?print=1"), 0.3).cuts(0.1)
    return made.rivals(siblings(desk, story, address, made.prefix)).done()


def threads(desk: Desk) -> Case | None:
    """Forum threads: words, then a number."""
    story = desk.story()

    def address(each: Story) -> str:
        return f"https://{desk.host}/threads/{each.slug}.{each.number}/"

    made = draft(desk, "threads", story, address, 18)
    if made is None:
        return None
    made.variants(tails(made.truth, "page-2", "page-3", "latest", "post-55123", "unread", "#post-9"), 0.6).cuts(0.2)
    return made.rivals(siblings(desk, story, address, made.prefix, 0.2)).done()


def copied(desk: Desk) -> Case | None:
    """Others copied the cut address, and a server that never says "not found" answered."""
    story = desk.story()

    def address(each: Story) -> str:
        return f"https://{desk.host}/{desk.section}/{each.slug}"

    made = draft(desk, "copied", story, address, len(desk.section) + 18)
    if made is None:
        return None
    made.cuts(1.0).cuts(0.6)
    junk = tails(made.truth, "%22", ")", ".", ",", "%E2%80%9D", "%3C/a%3E", "&quot;", "'", "%20", "]", "%22%3E", ";")
    return made.variants(junk, 0.5, 2).rivals(siblings(desk, story, address, made.prefix, 0.1)).done()


TUNED: Sequence[Family] = (weblog, numbered, russian, component, dated_path, live, reports, middle, threads, copied)
