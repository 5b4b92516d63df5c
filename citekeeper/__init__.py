"""Keep citations alive: audit the references of articles and keep them from rotting.

    >>> import citekeeper
    >>> found = citekeeper.extract(["article.txt"])          # doctest: +SKIP
    >>> found.documents[0].references[0].address.url         # doctest: +SKIP
    'https://ria.ru/20201110/karabakh-1583850895.html'

`audit` makes the whole walk and returns an `Audit`; `extract` finds references without any network. The nouns live in
`citekeeper.model`, the options in `citekeeper.settings`, failures that end a run in `citekeeper.errors`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from citekeeper.pipeline import Extraction, audit, extract

__version__ = "0.1.0"

__all__ = ["Extraction", "__version__", "audit", "extract"]


def __getattr__(name: str) -> Any:
    # Loaded when first used, so that `citekeeper --help` does not wait for the rooms.
    if name in __all__:
        from citekeeper import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module 'citekeeper' has no attribute {name!r}")
