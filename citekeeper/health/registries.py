"""DOIs, Handles and arXiv ids: a registry knows whether the work exists, whatever its publisher answers to a program.

Publishers wall themselves off more than most (https://www.crossref.org/blog/ on 403 for DOIs), so a refusal of theirs says
nothing; the Handle System answers with 200 for an identifier that it knows and with 404 for one that it does not.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from citekeeper.health.weighing import weigh
from citekeeper.model import CodeMeaning, Confidence, Evidence, Observation, State

# https://www.doi.org/the-identifier/resources/factsheets/doi-resolution-documentation (REST API), https://hdl.handle.net/hnr_documentation.html,
# https://info.arxiv.org/help/robots.html (export.arxiv.org is the host for programs).
_PLACES: Final = {
    "doi": "https://doi.org/api/handles/{}?type=URL",
    "hdl": "https://hdl.handle.net/api/handles/{}?type=URL",
    "arxiv": "https://export.arxiv.org/abs/{}",
}
_WELL: Final = {State.OK, State.MOVED, State.PAYWALL, State.DRIFTED}

CODES: Final = (
    CodeMeaning(
        "registry-knows", "The registry of the identifier (DOI, Handle, arXiv) knows it: the work exists.", "Cite it by its identifier."
    ),
    CodeMeaning(
        "registry-unknown",
        "The registry of the identifier (DOI, Handle, arXiv) does not know it.",
        "Check the identifier for a slip of the pen.",
    ),
)


def registry_url(identifier: str | None) -> str | None:
    """Where the registry is asked for an identifier like "doi:10.1000/182"; None for others."""
    kind, _, name = (identifier or "").partition(":")
    place = _PLACES.get(kind.lower())
    return place.format(quote(name, safe="/:().;-_")) if place is not None and name else None


def needs_registry(observation: Observation) -> bool:
    """Whether the publisher's answer leaves open whether the work is there."""
    judgement = weigh(observation)
    return judgement.state not in _WELL or judgement.confidence is Confidence.LOW


def told_by_registry(answer: Observation) -> Evidence | None:
    """What the registry's answer says; nothing when it refused or failed."""
    if answer.status == 200:
        return Evidence("registry-knows", answer.target)
    return Evidence("registry-unknown", answer.target) if answer.status == 404 else None
