"""A small web and a small archive on loopback, with their quirks: for `citekeeper demo` and for the tests.

This room has doors of its own (sockets, one thread each), all bound to 127.0.0.1; nothing here ever leaves the machine.
A new scene is one `Site` in scenes.py; a new broken answer is a list of steps (bytes, `Pause`, `Hold`, `Reset`, `Close`).
"""

from citekeeper.demo.server import LoopbackWeb
from citekeeper.demo.tls import Certificates
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

__all__ = [
    "Certificates",
    "Close",
    "Hold",
    "LoopbackWeb",
    "Pause",
    "Request",
    "RequestLog",
    "Reset",
    "Site",
    "Step",
    "answer",
]
