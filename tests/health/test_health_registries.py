"""Identifiers whose registry knows better than the publisher's server."""

from __future__ import annotations

import pytest
from health_visits import article, as_written, seen, served

from citekeeper.health import judge, needs_registry, registry_url, told_by_registry
from citekeeper.model import Evidence, State


@pytest.mark.parametrize(
    ("identifier", "url"),
    [
        ("doi:10.1000/182", "https://doi.org/api/handles/10.1000/182?type=URL"),
        ("doi:10.1000/a<b>#c", "https://doi.org/api/handles/10.1000/a%3Cb%3E%23c?type=URL"),
        ("hdl:2027/x.1", "https://hdl.handle.net/api/handles/2027/x.1?type=URL"),
        ("arXiv:2101.00001v2", "https://export.arxiv.org/abs/2101.00001v2"),
        ("pmid:123", None),
        ("doi:", None),
        (None, None),
    ],
)
def test_where_a_registry_is_asked(identifier: str | None, url: str | None) -> None:
    assert registry_url(identifier) == url


@pytest.mark.parametrize(
    ("status", "code", "state"),
    [
        (403, "registry-knows", State.BLOCKED),
        (404, "registry-knows", State.UNKNOWN),
        (404, "registry-unknown", State.GONE),
        (403, "registry-unknown", State.UNKNOWN),
        (503, "registry-knows", State.TRANSIENT),
    ],
)
def test_the_registry_outranks_the_publisher(status: int, code: str, state: State) -> None:
    assert judge(as_written(), seen(served("", status)), comparison=(Evidence(code),)).state is state


def test_the_registry_is_asked_only_where_the_publisher_leaves_it_open() -> None:
    assert needs_registry(seen(served("", 403)))
    assert not needs_registry(seen(served(article())))


def test_only_a_plain_answer_of_the_registry_counts() -> None:
    found = {status: told_by_registry(seen(served("{}", status))) for status in (200, 404, 429, 500)}
    assert [evidence.code if evidence else None for evidence in found.values()] == ["registry-knows", "registry-unknown", None, None]
