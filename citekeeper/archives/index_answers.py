"""What the answer to an index query means: rows, a site that is not shown, or nothing known."""

from __future__ import annotations

from typing import assert_never

from citekeeper.archives import cdx
from citekeeper.archives.addresses import PrefixTest
from citekeeper.archives.json_lines import message_of
from citekeeper.model import Exchange, Excluded, IndexAnswer, Response, Rows, Unavailable


def read_index(exchange: Exchange, prefix: str, limit: int, *, empty_is_none: bool = False, with_errors: bool = False) -> IndexAnswer:
    """What an answer to a prefix query means.

    `empty_is_none`: the archive says "no match" with an empty answer. `with_errors`: captures of error pages count too.
    """
    response = exchange.response
    if response is None:
        assert exchange.failure is not None
        return Unavailable(exchange.failure.message)
    runtime_error = response.header("x-archive-wayback-runtime-error") or ""
    # The old server says it in the body, the new one only in the header.
    barred = cdx.refusal(runtime_error) or (cdx.refusal(_beginning(response)) if response.status != 200 else None)
    if barred is not None:
        return Excluded(barred.message)
    if response.status == 429:
        return Unavailable("the archive asked us to slow down (429)")
    if response.status == 404 and message_of(_beginning(response)).startswith("No Captures found"):
        return Rows(())
    if response.status != 200 or runtime_error:
        return Unavailable(f"the index answered {response.status} {runtime_error or response.reason}".strip())
    if response.cut is not None or response.problem is not None:
        return Unavailable(f"the index answer is incomplete ({response.cut or response.problem})")
    if not response.content.strip() and not empty_is_none:
        # JSON without a match is "[]"; nothing at all is a server in trouble, and must not be remembered as "no match".
        return Unavailable("the index answered with nothing at all")
    return _rows(cdx.parse_index(response.content), PrefixTest(prefix), limit, 600 if with_errors else 400)


def _rows(page: cdx.IndexPage, belongs: PrefixTest, limit: int, below: int) -> IndexAnswer:
    match page:
        case cdx.Page(rows, printed, resume_key):
            kept = tuple(row for row in rows if belongs(row) and (row.status is None or row.status < below))
            return Rows(kept, complete=printed < limit and resume_key is None)
        case cdx.Barred(message):
            return Excluded(message)
        case cdx.Garbled(message):
            return Unavailable(message)
        case _:
            assert_never(page)


def _beginning(response: Response) -> str:
    return response.content[:2000].decode("utf-8", "replace")
