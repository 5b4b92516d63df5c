"""A self-contained page: a template with its style and script written into it, under a policy that allows nothing else."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Template


def sheet(template: str, values: dict[str, Any], *, styles: Sequence[str], script: str | None = None) -> str:
    """Fill `template`, a file of this folder, with `values` and the files `styles` and `script`."""
    style = "".join(map(_part, styles))
    code = _part(script) if script is not None else ""
    allowed = f"'{_digest(code)}'" if code else "'none'"
    policy = f"default-src 'none'; style-src '{_digest(style)}'; script-src {allowed}; base-uri 'none'; form-action 'none'"
    return _template(template).render(style=style, script=code, policy=policy, **values)


@cache
def _part(name: str) -> str:
    return (files("citekeeper.reports.html") / name).read_text(encoding="utf-8")


def _digest(content: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(content.encode()).digest()).decode()


@cache
def _template(name: str) -> Template:
    # Loaded when first used: `citekeeper --help` does not wait for it.
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    return environment.from_string(_part(name))
