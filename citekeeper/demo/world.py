"""The whole world on loopback: web, names, certificates and archive, and the settings with which citekeeper lives in it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlsplit

from citekeeper.demo.captures import Archived
from citekeeper.demo.dns import DnsAnswer, DnsFault, LoopbackDns
from citekeeper.demo.saving import Saving
from citekeeper.demo.scene import Scene
from citekeeper.demo.scenes import scenes as demo_scenes
from citekeeper.demo.server import LoopbackWeb
from citekeeper.demo.site import Pages
from citekeeper.demo.tls import Certificates
from citekeeper.demo.wayback import Wayback, archive_of
from citekeeper.demo.wire import Request, Site
from citekeeper.model import TlsFault

ARCHIVE_HOST = "web.archive.example"
LOOPBACK = ("127.0.0.1",)

Value = TypeVar("Value")


class World:
    """Starts everything when entered, stops and removes everything when left.

    `scenes` is the demo's small web (give () for an empty world); `sites`, `captures`, `dns` and `tls` are added to it,
    or replace what it has for the same host. Every host with a site resolves to 127.0.0.1 unless `dns` says otherwise;
    every other name does not exist. `now` is only what certificates are dated from.
    """

    def __init__(
        self,
        *,
        sites: Mapping[str, Site] | None = None,
        captures: Iterable[Archived] = (),
        dns: Mapping[str, DnsAnswer] | None = None,
        tls: Mapping[str, TlsFault] | None = None,
        scenes: Iterable[Scene] | None = None,
        now: datetime | None = None,
    ) -> None:
        told = demo_scenes() if scenes is None else tuple(scenes)
        self.archive: Wayback = archive_of(chain(*(each.captures for each in told), captures))
        hosts: dict[str, Site] = {**_sites_of(told), ARCHIVE_HOST: self.archive, "archive.example": self.archive, **(sites or {})}
        zone = {**dict.fromkeys(hosts, LOOPBACK), **_merged(each.zone for each in told), **(dns or {})}
        self._faults = {**_merged(each.tls for each in told), **(tls or {})}
        self.archive.saving = Saving(self.archive.captures, self._visit)
        self._now = now or datetime.now(UTC)
        self._sites = hosts
        self._stack = ExitStack()
        self.dns = LoopbackDns(zone)
        self.web: LoopbackWeb
        self.certificates: Certificates

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.certificates = Certificates(self._now, self._faults)
            stack.callback(self.certificates.close)
            stack.enter_context(self.dns)
            self.web = stack.enter_context(LoopbackWeb(self._sites, certificates=self.certificates))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.__exit__(kind, error, trace)

    def _visit(self, url: str) -> bytes | None:
        """What Save Page Now gets when it visits a page of this world; None when its name does not resolve."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if host not in self.dns.zone or isinstance(self.dns.zone[host], DnsFault):
            return None
        target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        request = Request(host, "GET", target, (), b"", 0.0, parts.scheme == "https", host, 0, 0, 1, b"")
        return b"".join(step for step in self.web.site(host)(request) if isinstance(step, bytes))

    @property
    def ca_file(self) -> Path:
        """The authority to trust, PEM; in a temporary folder that goes with this world."""
        return self.certificates.ca_file

    def settings_overrides(self) -> dict[str, object]:
        """The settings, by dotted key, with which citekeeper sees this world instead of the real one."""
        return {
            "network.dns": (self.dns.address,),
            "network.connect_to": (f":80::{self.web.http_port}", f":443::{self.web.https_port}"),
            "network.ca_file": str(self.ca_file),
            "network.allow_addresses": ("127.0.0.1/32",),
            "network.canaries": (ARCHIVE_HOST,),
            "network.proxy": "none",
            "network.host_request_interval": 0.02,
            "network.timeout": 3.0,
            "network.connect_timeout": 2.0,
            "network.max_retries": 1,
            "network.retry_wait": 0.05,
            "archives.use": ("wayback",),
            "archives.wayback.url": f"http://{ARCHIVE_HOST}",
            "archives.wayback.cdx_per_minute": 60_000.0,
            "archives.wayback.playback_per_minute": 60_000.0,
            "archives.wayback.timeout": 3.0,
        }

    def config_toml(self) -> str:
        """The same as a citekeeper.toml, for a process of its own."""
        tables: dict[str, list[str]] = defaultdict(list)
        for key, value in self.settings_overrides().items():
            table, _, name = key.rpartition(".")
            # JSON's strings, numbers and arrays of strings are TOML too.
            tables[table].append(f"{name} = {json.dumps(value)}\n")
        return "\n".join(f"[{table}]\n" + "".join(lines) for table, lines in tables.items())


def _merged(parts: Iterable[Mapping[str, Value]]) -> dict[str, Value]:
    return {key: value for part in parts for key, value in part.items()}


def _sites_of(told: Iterable[Scene]) -> dict[str, Site]:
    """One site per host, from the scripts of all scenes."""
    scripts: dict[str, dict[str, Site]] = defaultdict(dict)
    for scene in told:
        for place, script in scene.scripts.items():
            host, _, target = place.partition("/")
            scripts[host]["*" if target == "*" else f"/{target}"] = script
    return {host: Pages(of_host) for host, of_host in scripts.items()}
