"""Every option once: its key, type, default, flag and help; flags, variables and files are derived from here.

A key `network.timeout` is `[network] timeout` in citekeeper.toml, `CITEKEEPER_NETWORK_TIMEOUT` in the
environment and, where it has one, a flag on the command line.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

HOMEPAGE = "https://github.com/citekeeper/citekeeper"


Seconds = float
"""A duration; written as a number of seconds or with a unit: 500ms, 30s, 5m, 2h, 7d."""

Address = str
"""A web address, with http:// or https://; or nothing."""

Since = timedelta | date
"""A day in the past; written as an age (36h, 7d, 2w) or as a date (2026-01-31)."""

Bytes = int
"""A size; written as a number of bytes or with a unit: 64k, 8M, 1G (powers of 1024)."""


def option(
    default: Any,
    help: str,
    *,
    flag: str | None = None,
    short: str | None = None,
    choices: tuple[str, ...] = (),
    least: float | None = None,
    most: float | None = None,
) -> Any:
    """A settings field: its default, what it does (with units), the flag that sets it, and what it may be."""
    return field(default=default, metadata={"help": help, "flag": flag, "short": short, "choices": choices, "least": least, "most": most})


@dataclass(frozen=True, slots=True)
class IgnoreRule:
    """One table of `[[ignore_rules]]`: a verdict that does not count."""

    url: str
    """A pattern: * and ? as in a shell."""
    reason: str
    state: str = ""
    """Only when the page is in this state; empty means in any."""
    until: date | None = None
    """The last day on which the rule holds."""


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """`[network]`: how the web is visited; names as in lychee where it has one."""

    engine: str = option(
        "curl", "Which engine fetches: curl (libcurl) or requests (pure Python)", flag="--engine", choices=("curl", "requests")
    )
    timeout: Seconds = option(30.0, "Seconds that one request may take in all, from DNS to the last byte", flag="--timeout", least=0.001)
    connect_timeout: Seconds = option(10.0, "Seconds that connecting may take, TLS included", least=0.001)
    max_retries: int = option(2, "Later passes in which transient failures are tried again", flag="--max-retries", least=0)
    retry_wait: Seconds = option(2.0, "Seconds between retry passes, doubled each time", least=0)
    max_concurrency: int = option(64, "Requests in flight at once", flag="--max-concurrency", least=1)
    host_concurrency: int = option(1, "Requests in flight at once to one host", flag="--host-concurrency", least=1)
    host_request_interval: Seconds = option(
        1.0, "Seconds between the starts of two requests to one host", flag="--host-request-interval", least=0
    )
    max_retry_after: Seconds = option(60.0, "The longest Retry-After that is obeyed, in seconds; a longer one ends the visit", least=0)
    revalidate_for: Seconds = option(
        30 * 86400.0,
        "Seconds for which a stored page may stand for one that its server says did not change; 0 fetches every page whole",
        flag="--revalidate-for",
        least=0,
    )
    max_redirects: int = option(10, "Redirects followed in one visit", least=0)
    max_head_bytes: Bytes = option(128 * 1024, "Bytes of response head accepted", least=1)
    max_body_bytes: Bytes = option(8 * 1024 * 1024, "Bytes of response body kept, as sent; the rest is cut and marked", least=1)
    max_decoded_bytes: Bytes = option(16 * 1024 * 1024, "Bytes of response body after decoding; the rest is not read", least=1)
    link_budget: Seconds = option(
        180.0, "Seconds that the visit to one link may take, waiting and redirects included; 0 means no limit", least=0
    )
    host_budget: Seconds = option(
        1800.0, "Seconds that may be spent on answers of one host that take longer than 2 s; 0 means no limit", least=0
    )
    run_budget: Seconds = option(
        0.0,
        "Seconds that all visits together may take; what is left then is reported as given up; 0 means no limit",
        flag="--run-budget",
        least=0,
    )
    robots: bool = option(False, "Honour robots.txt for visits too; probes always honour it", flag="--robots")
    user_agent: str = option(
        "", "The User-Agent sent; empty means citekeeper's own, with a contact address", flag="--user-agent", short="-u"
    )
    headers: tuple[str, ...] = option(
        (), "A header to send with visits, as 'Name: value'; repeatable; never stored", flag="--header", short="-H"
    )
    host_headers: tuple[str, ...] = option(
        (),
        "A header for the visits to one host only, as 'HOST Name: value' or '*.DOMAIN Name: value'; repeatable; never stored",
        flag="--host-header",
    )
    proxy: str = option("", "Proxy for all requests; empty means HTTP_PROXY, HTTPS_PROXY and NO_PROXY, none means no proxy", flag="--proxy")
    ca_file: str = option(
        "", "Certificate authorities to trust, PEM; empty means SSL_CERT_FILE, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE or the system's"
    )
    allow_private: bool = option(False, "Visit private, loopback and other non-global addresses too")
    allow_addresses: tuple[str, ...] = option((), "Networks (CIDR) that may be visited though they are not global")
    dns: tuple[str, ...] = option((), "DNS servers to ask, ADDRESS or ADDRESS:PORT; empty means the system's resolver")
    connect_to: tuple[str, ...] = option(
        (), "HOST:PORT:HOST2:PORT2, connect there instead (as curl's --connect-to); empty parts match or keep all"
    )
    canaries: tuple[str, ...] = option(
        ("web.archive.org", "example.com", "www.iana.org"), "Names whose failure to resolve, all of them, means that there is no network"
    )


@dataclass(frozen=True, slots=True)
class WaybackSettings:
    """`[archives.wayback]`: where the Wayback Machine is and how often it may be asked."""

    url: str = option("https://web.archive.org", "Base address of the Wayback Machine")
    cdx_per_minute: float = option(
        24.0, "Index requests (CDX, TimeMap) a minute, shared by all processes on one archive folder", least=0.01
    )
    playback_per_minute: float = option(480.0, "Playback and TimeGate requests a minute, shared likewise", least=0.01)
    timeout: Seconds = option(60.0, "Seconds that one request to the archive may take")
    index_limit: int = option(200, "Index rows asked for at once when a cut address is completed", least=1)


@dataclass(frozen=True, slots=True)
class CommonCrawlSettings:
    """`[archives.commoncrawl]`: where Common Crawl is and how it is asked."""

    index: str = option("https://index.commoncrawl.org", "Base address of Common Crawl's indexes")
    data: str = option("https://data.commoncrawl.org", "Base address of Common Crawl's WARC files")
    crawls: int = option(
        3, "Crawls asked for one question at most: those nearest to the citation date, and the newest for a cut address", least=1
    )
    per_minute: float = option(50.0, "Requests a minute, shared by all processes on one archive folder", least=0.01)


@dataclass(frozen=True, slots=True)
class SaveSettings:
    """`[archives.save]`: how pages are handed to Save Page Now; its keys come from the environment only."""

    per_minute: float = option(7.0, "Pages submitted a minute, shared by all processes on one archive folder", least=0.01)
    per_day: int = option(30_000, "Pages submitted in 24 hours", least=1)
    not_within: Seconds = option(30 * 86400.0, "No new capture of a page of which the archive has one younger than this", least=0)
    poll_every: Seconds = option(5.0, "Seconds between two questions how the jobs are going", least=0)
    poll_for: Seconds = option(180.0, "Seconds for which one run waits for jobs; the next run goes on", least=0)
    confirm_after: Seconds = option(600.0, "Seconds after which the copy is looked for, doubled each time it is not there", least=0)


@dataclass(frozen=True, slots=True)
class ArchivesSettings:
    """`[archives]`: other people's memory."""

    use: tuple[str, ...] = option(("wayback",), "Archives to ask, in order; empty asks none", flag="--archives")
    others: tuple[str, ...] = option(
        (), "More archives that use may name, each NAME=KIND:ADDRESS with a kind of timegate, timemap, pywb or arquivo"
    )
    per_minute: float = option(30.0, "Requests a minute to each archive that has no table of its own, shared likewise", least=0.01)
    witnesses: bool = option(
        False, "Ask archive indexes what they saw of pages that now answer 404 or 410, so that a first run can confirm", flag="--witnesses"
    )
    max_age: Seconds = option(30 * 86400.0, "Seconds for which an archive's answer is kept", least=0)
    missing_max_age: Seconds = option(3 * 86400.0, "Seconds for which 'not archived' is kept", least=0)
    wayback: WaybackSettings = field(default_factory=WaybackSettings)
    commoncrawl: CommonCrawlSettings = field(default_factory=CommonCrawlSettings)
    save: SaveSettings = field(default_factory=SaveSettings)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a run."""

    archive: str = option("archive", "Folder of captures, index and ledger", flag="--archive")
    as_of: date | None = option(None, "Citation date (YYYY-MM-DD) when a document does not tell its own", flag="--as-of")
    article_url: Address = option(
        "", "Address at which the article was published; its page is looked at first for whole links", flag="--article-url"
    )
    offline: bool = option(False, "Ask nothing of any network; judge from what is stored", flag="--offline")
    capture: bool = option(True, "Store every exchange in WARC", flag="--capture")
    capture_text: bool = option(False, "Store the text of each page beside it, for searching", flag="--capture-text")
    requisites: bool = option(
        False,
        "Store what each page needs to be shown: style sheets, pictures, fonts, scripts, frames; robots.txt honoured",
        flag="--requisites",
    )
    max_requisites: int = option(250, "Requisites asked for on behalf of one page", least=0)
    max_requisite_bytes: Bytes = option(64 * 1024 * 1024, "Bytes of bodies, as sent, after which no more is asked for one page", least=0)
    max_requisite_depth: int = option(4, "Steps from a page to what it needs, through frames, style sheets and their imports", least=1)
    max_requisite_time: Seconds = option(300.0, "Seconds after which no more is asked for one page", least=0)
    save: bool = option(False, "Have every page archived that lives and has no good copy (needs keys, see docs/archives.md)", flag="--save")
    fail_on: str = option("error", "Level (note, warning, error) or comma-separated states that make the exit code 1", flag="--fail-on")
    exit_zero: bool = option(False, "Exit with 0 even when there are findings", flag="--exit-zero")
    max_unknown: float = option(
        0.5, "Share of references, 0 to 1, that may stay unknown before a run counts as inconclusive", least=0, most=1
    )
    ignore: tuple[str, ...] = option((), "Leave out addresses that match this pattern (* and ? as in a shell); repeatable", flag="--ignore")
    ignore_rules: tuple[IgnoreRule, ...] = option(
        (), "Verdicts that do not count: tables of url (a pattern), reason and, if wanted, state and until (a date)"
    )
    max_age: Seconds = option(86400.0, "Seconds for which a page that was seen is not visited again", flag="--max-age", least=0)
    due: bool = option(
        False, "Visit only pages that are due for another look (good ones after 7 to 30 days, failing ones after 1, 3, 7)", flag="--due"
    )
    probe: bool = option(
        True, "Where a page leaves a doubt, ask for one made-up page beside it, to see whether the server tells them apart", flag="--probe"
    )
    max_document_bytes: Bytes = option(64 * 1024 * 1024, "Bytes of a document read; a larger one is refused", least=1)
    since: Since | None = option(
        None, "Only articles published since then, 7d, 2w or 2026-01-31; one that tells no date is read all the same", flag="--since"
    )
    max_articles: int = option(20, "Articles read of a feed or sitemap, the newest first", flag="--max-articles", least=1)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    archives: ArchivesSettings = field(default_factory=ArchivesSettings)


@dataclass(frozen=True, slots=True)
class Option:
    """One option as the command line, the environment and the documentation see it."""

    key: str
    """Dotted: "network.timeout"."""
    type: str
    """The annotation: "float", "bool", "tuple[str, ...]", …"""
    default: Any
    help: str
    flag: str | None
    short: str | None
    choices: tuple[str, ...]
    """The values allowed; empty when any is."""
    least: float | None
    """The smallest number allowed."""
    most: float | None
    """The largest number allowed."""

    @property
    def variable(self) -> str:
        """The environment variable."""
        return "CITEKEEPER_" + self.key.replace(".", "_").upper()


def options(cls: type = Settings, prefix: str = "") -> list[Option]:
    """Every option, in order."""
    found: list[Option] = []
    for each in dataclasses.fields(cls):
        if "help" in each.metadata:
            found.append(Option(prefix + each.name, str(each.type), each.default, **each.metadata))
        else:
            assert callable(each.default_factory)
            found += options(type(each.default_factory()), f"{prefix}{each.name}.")
    return found
