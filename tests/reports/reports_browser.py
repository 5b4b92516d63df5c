"""A real browser for the tests: Chromium through its driver and the W3C WebDriver protocol (https://www.w3.org/TR/webdriver2/)."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
DRIVER = shutil.which("chromedriver")
_ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"),
)


class Page:
    """One window."""

    def __init__(self, connection: HTTPConnection, session: str) -> None:
        self._connection = connection
        self._session = session

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        return send(self._connection, method, f"/session/{self._session}{path}", body)

    def open(self, path: Path) -> None:
        """Load a file."""
        self._send("POST", "/url", {"url": path.as_uri()})

    def run(self, script: str, *arguments: object) -> Any:
        """What `script`, the body of a function, returns."""
        return self._send("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def run_and_wait(self, script: str) -> Any:
        """What `script` hands to the last of its arguments."""
        return self._send("POST", "/execute/async", {"script": script, "args": []})

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._send("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def size(self, width: int, height: int) -> None:
        """Make the page that large, in CSS pixels, as on a small screen."""
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def media(self, *, scheme: str = "light", type: str = "") -> None:
        """Show the page as to a reader of a dark screen, or as printed."""
        self.devtools("Emulation.setEmulatedMedia", media=type, features=[{"name": "prefers-color-scheme", "value": scheme}])

    def devtools(self, command: str, **parameters: object) -> Any:
        """Send a command of Chromium's own protocol."""
        return self._send("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def told(self) -> list[dict[str, Any]]:
        """What the browser did since the last call, each with a `method` such as Network.requestWillBeSent, and `params`."""
        events = self._send("POST", "/se/log", {"type": "performance"})
        return [json.loads(event["message"])["message"] for event in events]

    def picture(self) -> bytes:
        """The window as PNG."""
        return b64decode(self._send("GET", "/screenshot"))


def send(connection: HTTPConnection, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """The value that the driver answers; AssertionError for what it refuses."""
    connection.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": "application/json"})
    answer = json.loads(connection.getresponse().read())["value"]
    assert not (isinstance(answer, dict) and "error" in answer), answer
    return answer


@contextmanager
def browser(folder: Path, arguments: Sequence[str] = _ARGUMENTS) -> Iterator[Page]:
    """A browser with a profile of its own in `folder`."""
    assert DRIVER is not None
    assert CHROMIUM is not None
    with subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as driver:
        try:
            assert driver.stdout is not None
            port = next(int(found[1]) for line in driver.stdout if (found := re.search(r"successfully on port (\d+)", line)))
            connection = HTTPConnection("127.0.0.1", port, timeout=120)
            options = {"binary": CHROMIUM, "args": [*arguments, f"--user-data-dir={folder}"]}
            wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"performance": "ALL"}}
            session = send(connection, "POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]
            page = Page(connection, session)
            page.devtools("Log.enable")
            yield page
            send(connection, "DELETE", f"/session/{session}")
            connection.close()
        finally:
            driver.terminate()
