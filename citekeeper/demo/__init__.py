"""A small web and a small archive on loopback, with their quirks: for `citekeeper demo` and for the tests.

This room has doors of its own (sockets, one thread each), all bound to 127.0.0.1; nothing here ever leaves the machine.
`World` starts all of it. A new scene is one function in scenes.py and one note in data/article.txt; a new broken answer is
a list of steps (bytes, `Pause`, `Hold`, `Reset`, `Close`); a new trouble of the archive is one function in faults.py.
"""

from citekeeper.demo import faults
from citekeeper.demo.captures import Archived, Captures
from citekeeper.demo.cdx import IndexQuirks
from citekeeper.demo.dns import DnsAnswer, DnsFault, LoopbackDns, Turns
from citekeeper.demo.faults import Fault, FaultPlan, Quota
from citekeeper.demo.pages import sample_article
from citekeeper.demo.playback import PlaybackQuirks
from citekeeper.demo.saving import Saving, SavingQuirks
from citekeeper.demo.scene import Scene
from citekeeper.demo.scenes import scenes
from citekeeper.demo.server import LoopbackWeb
from citekeeper.demo.site import Pages, always, failing, html, missing, page, redirect
from citekeeper.demo.tls import Certificates
from citekeeper.demo.wayback import Exclusions, Quotas, Wayback, archive_of
from citekeeper.demo.wire import (
    Close,
    Hold,
    Pause,
    Request,
    RequestLog,
    Reset,
    Site,
    Step,
    answer,
)
from citekeeper.demo.world import World

__all__ = [
    "Archived",
    "Captures",
    "Certificates",
    "Close",
    "DnsAnswer",
    "DnsFault",
    "Exclusions",
    "Fault",
    "FaultPlan",
    "Hold",
    "IndexQuirks",
    "LoopbackDns",
    "LoopbackWeb",
    "Pages",
    "Pause",
    "PlaybackQuirks",
    "Quota",
    "Quotas",
    "Request",
    "RequestLog",
    "Reset",
    "Saving",
    "SavingQuirks",
    "Scene",
    "Site",
    "Step",
    "Turns",
    "Wayback",
    "World",
    "always",
    "answer",
    "archive_of",
    "failing",
    "faults",
    "html",
    "missing",
    "page",
    "redirect",
    "sample_article",
    "scenes",
]
