"""Health: what became of a cited page. Visit -> Observation (evidence) -> Verdict.

Pure: no I/O but the room's own data files, read when first needed. `observe` looks at a visit and keeps evidence codes;
`judge` draws the verdict from that evidence alone, by the rows of `rules.py`, so that it can be drawn again later.

A new signal: a file in `signals/` with a `Signal`, a line in `signals/__init__.py`, a row in `rules.py`, a line in `docs/states.md`.
A new mark or wording: a table in `data/*.toml` with its source, date and two examples; the tests try each on them.
"""

from citekeeper.health.codes import CODES
from citekeeper.health.comparing import compare_with_copy
from citekeeper.health.crowds import crowded
from citekeeper.health.decoding import decode
from citekeeper.health.fragments import check_fragment
from citekeeper.health.judging import judge
from citekeeper.health.observing import observe, onward
from citekeeper.health.registries import needs_registry, registry_url, told_by_registry
from citekeeper.health.siblings import is_doubtful, sibling_of, told_by_sibling
from citekeeper.health.states import STATES, level_of
from citekeeper.health.stubs import may_be_stub
from citekeeper.health.timeline import next_look, timeline
from citekeeper.health.version import rules_version
from citekeeper.health.witnesses import witnesses

__all__ = [
    "CODES",
    "STATES",
    "check_fragment",
    "compare_with_copy",
    "crowded",
    "decode",
    "is_doubtful",
    "judge",
    "level_of",
    "may_be_stub",
    "needs_registry",
    "next_look",
    "observe",
    "onward",
    "registry_url",
    "rules_version",
    "sibling_of",
    "timeline",
    "told_by_registry",
    "told_by_sibling",
    "witnesses",
]
