"""Sites made of pages: a script for each path, and an honest 404 for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from citekeeper.demo.wire import Headers, Request, Site, Step, answer

_HTML = "text/html; charset=utf-8"


class Pages:
    """A `Site` with a script for each target (path and query); "*" stands for every other one."""

    def __init__(self, scripts: Mapping[str, Site]) -> None:
        self.scripts = dict(scripts)

    def __call__(self, request: Request) -> Iterable[Step]:
        """Answer by the script of the whole target, else of its path, else of "*", else 404."""
        scripts = self.scripts
        script = scripts.get(request.target) or scripts.get(request.path) or scripts.get("*") or missing
        return script(request)


def always(*steps: Step) -> Site:
    """A script that answers every request with the same steps."""
    return lambda _: steps


def page(body: bytes, *, headers: Headers = (), gzipped: bool = False, chunked: bool = False) -> Site:
    """A script that answers 200 with an HTML page."""
    return always(html(200, "OK", body, headers=headers, gzipped=gzipped, chunked=chunked))


def redirect(target: str, *, status: int = 301, reason: str = "Moved Permanently") -> Site:
    """A script that sends the client on to `target`."""
    return always(answer(status, reason, {"Server": "nginx", "Location": target, "Content-Type": "text/html"}))


def failing(status: int, reason: str, body: bytes = b"", *, headers: Headers = ()) -> Site:
    """A script that answers with an error page."""
    return always(html(status, reason, body, headers=headers))


def missing(request: Request) -> Iterable[Step]:
    """The ordinary 404 of these sites."""
    body = (
        "<!DOCTYPE html><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1>"
        "<p>The requested URL was not found on this server.</p></body></html>"
    )
    return [html(404, "Not Found", body.encode())]


def html(status: int, reason: str, body: bytes, *, headers: Headers = (), gzipped: bool = False, chunked: bool = False) -> bytes:
    """An HTML answer, head and body."""
    given = list(headers.items() if isinstance(headers, Mapping) else headers)
    # A Date that does not move: the demo's second run then meets the very same bytes, and a capture of them is a revisit.
    fields = [("Server", "nginx"), ("Date", "Sun, 01 Nov 2026 12:00:00 GMT"), ("Content-Type", _HTML), *given]
    return answer(status, reason, fields, body, gzipped=gzipped, chunked=chunked)
