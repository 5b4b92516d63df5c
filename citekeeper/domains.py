"""Which part of a host name was registered, and whether a name can exist at all: the one doorway to the public suffix list.

Offline: the list is the one bundled with tldextract, never fetched and never cached. Importing tldextract costs 130 ms (it imports
requests, measured on 5.4.0), so it loads only for suffixes that the two short lists below do not settle.
Only the ICANN section counts: `someone.github.io` is registered as `github.io`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tldextract

# Suffixes that have exactly one rule in the ICANN section of the list: the registrable name is the last two labels.
# tests/test_domains.py compares both lists with the bundled one.
_FLAT = """
com org net edu gov mil info biz mobi name app dev media news live online site xyz club top eu asia museum onion agency blog cloud
digital center world today press page wiki social space store tech website academy foundation institute international report support
systems technology solutions network link cz de ch dk li lu nl ru si sk su tk tv cc ga cf gq is md nu
"""

# Suffixes below which the list knows more than one level: enough to say that a name can exist.
_LAYERED = """
int ac ae af ag ai al am ao ar as at au aw az ba bb be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cd ci ck cl cm cn co cr cu cv cw cx
cy dm do dz ec ee eg es et fi fj fm fr gd ge gg gh gi gl gn gp gr gt gu gy hk hn hr ht hu id ie il im in io iq ir it je jo jp ke kg ki
km kn kp kr kw ky kz la lb lc lk lr ls lt lv ly ma mc me mg mk ml mn mo mr ms mt mu mv mw mx my mz na nc nf ng ni no nr nz om pa pe pf
ph pk pl pn pr ps pt pw py qa re ro rs rw sa sb sc sd se sg sh sl sn so ss st sv sx sy sz th tj tl tm tn to tr tt tw tz ua ug uk us uy
uz vc ve vg vi vn vu ws ye za zm zw
"""

FLAT_SUFFIXES = frozenset(_FLAT.split())
LAYERED_SUFFIXES = frozenset(_LAYERED.split())

# RFC 2606: names for documentation and tests, on no list of registries and yet written as hosts.
RESERVED_SUFFIXES = frozenset({"example", "test"})

_ADDRESS = re.compile(r"[\d.]+\Z|\[?[0-9a-f]*:[0-9a-f:.]+\]?\Z", re.IGNORECASE)


def registrable(host: str) -> str | None:
    """The name that someone registered, "bbc.co.uk" for "news.bbc.co.uk"; None for an address, a bare suffix or a single label.

    Lower-cased. An unknown suffix counts as one label, as the list's algorithm says (https://publicsuffix.org/list/, rule "*").
    """
    name = _normal(host)
    labels = name.split(".")
    if len(labels) < 2 or "" in labels or _ADDRESS.match(name):
        return None
    if labels[-1] in FLAT_SUFFIXES or labels[-1] in RESERVED_SUFFIXES:
        return ".".join(labels[-2:])
    parts = _extractor().extract_str(name)
    if not parts.suffix:
        return ".".join(labels[-2:])
    return f"{parts.domain}.{parts.suffix}" if parts.domain else None


def has_public_suffix(host: str) -> bool:
    """Whether `host` ends in a suffix under which names are registered, and has at least one label before it.

    The names reserved for examples and tests count; addresses do not.
    """
    name = _normal(host)
    labels = name.split(".")
    if len(labels) < 2 or "" in labels or _ADDRESS.match(name):
        return False
    last = labels[-1]
    if last in FLAT_SUFFIXES or last in LAYERED_SUFFIXES or last in RESERVED_SUFFIXES:
        return True
    return bool(_extractor().extract_str(name).suffix)


def _normal(host: str) -> str:
    # 255 is the longest name that DNS can carry (RFC 1035, 2.3.4); nothing longer is worth a look.
    return host[:256].strip().lower().rstrip(".")


@cache
def _extractor() -> tldextract.TLDExtract:
    import tldextract

    return tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), fallback_to_snapshot=True)
