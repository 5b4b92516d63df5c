"""From index rows to candidates: what cannot be meant is left out, variants of one page are one candidate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from citekeeper.model import IndexRow
from citekeeper.resolution.shown import CutAt, Shown, comparable_host, escaped, plain
from citekeeper.resolution.variants import Form, read_form, sift_query, variants

_REDIRECTS = range(300, 400)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One row of one archive's index that fits."""

    archive: str
    row: IndexRow
    form: Form
    same_case: bool
    """False when the address differs from what is printed in upper and lower case only."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page that may be meant, with every variant of its address that an index holds."""

    url: str
    """Its cleanest address, with the printed scheme and host."""
    form: Form
    sightings: tuple[Sighting, ...]

    @property
    def statuses(self) -> frozenset[int | None]:
        """The statuses it was captured with; None for captures whose status the index does not tell."""
        return frozenset(each.row.status for each in self.sightings)

    @property
    def is_cut(self) -> bool:
        """Whether every variant has the dots of a cut in it: another cut, not a page."""
        return all(each.form.is_cut for each in self.sightings)

    @property
    def same_case(self) -> bool:
        """Whether some variant has exactly the printed letters."""
        return any(each.same_case for each in self.sightings)


def find_pages(shown: Shown, rows: Iterable[tuple[str, IndexRow]]) -> tuple[Page, ...]:
    """The pages that a cut address may stand for, in the order of the index."""
    groups: dict[str, list[Sighting]] = {}
    for archive, row in rows:
        sighting = _sighting(shown, archive, row)
        if sighting is not None:
            groups.setdefault(sighting.form.page, []).append(sighting)
    return tuple(_page(shown, group) for group in groups.values())


def _sighting(shown: Shown, archive: str, row: IndexRow) -> Sighting | None:
    try:
        parts = urlsplit(row.original)
        host = comparable_host(parts.scheme, parts.netloc)
    except ValueError:
        return None
    form = read_form(row.original)
    if form is None or host != shown.host or not _has_suffix(shown, parts.path, parts.query):
        return None
    if shown.at is CutAt.QUERY:
        fits, same_case = _fits_query(shown, parts.path, parts.query)
    else:
        path = plain(parts.path)
        same_case = path.startswith(shown.plain_path)
        fits = same_case or path.lower().startswith(shown.plain_path.lower())
    return Sighting(archive, row, form, same_case) if fits else None


def _fits_query(shown: Shown, path: str, query: str) -> tuple[bool, bool]:
    """Whether path and every parameter agree; the last printed parameter may go on."""
    asked, shown_path = plain(path).rstrip("/"), shown.plain_path.rstrip("/")
    if asked.lower() != shown_path.lower():
        return False, False
    whole, cut = _printed_parameters(shown.query)
    has = {plain(each) for each in query.split("&")}
    fits = whole <= has and (not cut or any(each.startswith(cut) for each in has - whole))
    return fits, asked == shown_path


def _printed_parameters(query: str) -> tuple[frozenset[str], str]:
    """The printed parameters that are whole and say what is shown, and the beginning of the cut one."""
    *whole, cut = query.split("&")
    kept, _, dressed = sift_query("&".join(whole))
    return frozenset(plain(each) for each in kept + dressed), "" if _only_tracks(cut) else plain(cut)


def _only_tracks(cut: str) -> bool:
    """Whether a cut parameter is, or can only become, one that tracks: "utm_sou", "fbclid=IwAR0"."""
    name, equals, _ = plain(cut).lower().partition("=")
    if equals:
        return name in variants().tracking or name in variants().session
    return len(name) >= 4 and variants().tracking.begun_by(name)


def _has_suffix(shown: Shown, path: str, query: str) -> bool:
    if not shown.suffix:
        return True
    target = f"{path}?{query}" if query else path
    # A tail may begin within an escape; then only the escaped forms can be compared.
    spellings = ((plain(shown.suffix), plain(target), plain(path)), (escaped(shown.suffix), escaped(target), escaped(path)))
    return any(_ends_with(whole, tail, len(shown.plain_path)) for tail, *wholes in spellings for whole in wholes)


def _ends_with(whole: str, tail: str, printed: int) -> bool:
    """Whether `whole` ends with `tail`, behind the part that is printed before the cut, whatever the last slash."""
    bare, end = whole.removesuffix("/"), tail.removesuffix("/")
    return bare.endswith(end) and len(whole) - len(tail) >= printed


def _page(shown: Shown, group: Sequence[Sighting]) -> Page:
    best = min(group, key=_untidiness)
    return Page(f"{shown.origin_as_in(best.row.original)}{best.form.target}{shown.fragment}", best.form, tuple(group))


def _untidiness(sighting: Sighting) -> tuple[bool, int, bool, int, str, bool]:
    row, form = sighting.row, sighting.form
    return (
        not sighting.same_case,
        form.noise,
        row.status in _REDIRECTS,
        len(form.target),
        form.target,
        not row.original.startswith("https:"),
    )


def fills_the_cut(shown: Shown, page: Page) -> bool:
    """Whether the page is more than the cut address itself."""
    if shown.at is CutAt.QUERY:
        return plain(page.form.query) != plain(shown.query)
    path, printed = plain(page.form.path).rstrip("/").lower(), shown.plain_path.rstrip("/").lower()
    # What is shorter than the printed part lost more than its dress.
    return path.startswith(printed) and (path != printed or bool(page.form.query))
