"""A headless Chromium, driven over WebDriver (w3.org/TR/webdriver2) by its own chromedriver; it can reach nothing but this machine."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.error import HTTPError
from urllib.request import Request, urlopen

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHROMEDRIVER = shutil.which("chromedriver")
WHY_NOT = "" if CHROMIUM and CHROMEDRIVER else "needs Chromium and chromedriver on the path"

_FLAGS = [
    *(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--no-proxy-server",
    ),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps"),
    # Whatever a page asks of the real web fails, so that a replay that leaks does not pass by luck.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
_PATIENCE = 60.0


class WebDriverError(Exception):
    """What chromedriver has to say."""


@dataclass(slots=True)
class Browser:
    """A context manager; one window."""

    folder: Path
    """For the browser's own files."""
    _driver: subprocess.Popen[bytes] | None = None
    _base: str = ""
    _session: str = ""

    def __enter__(self) -> Self:
        log = self.folder / "chromedriver.log"
        command = [str(CHROMEDRIVER), "--port=0"]
        with log.open("wb") as out:
            self._driver = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        try:
            self._base = f"http://127.0.0.1:{_port(log)}"
            options = {"binary": CHROMIUM, "args": [*_FLAGS, f"--user-data-dir={self.folder / 'profile'}"]}
            started = self._send("POST", "/session", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}})
            self._session = f"/session/{started['sessionId']}"
        except BaseException:
            self._driver.kill()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._driver is not None
        self._send("DELETE", self._session)
        self._driver.terminate()
        self._driver.wait(10)

    def open(self, url: str) -> None:
        """Go to an address."""
        self._send("POST", f"{self._session}/url", {"url": url})

    def ask(self, script: str) -> Any:
        """What the body of a function in JavaScript returns in the page; asked again until that is something, for a minute."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            found = self._send("POST", f"{self._session}/execute/sync", {"script": script, "args": []})
            if found or time.monotonic() > deadline:
                return found
            time.sleep(0.1)

    def _send(self, method: str, path: str, body: object = None) -> Any:
        data = json.dumps(body or {}).encode() if method == "POST" else None
        request = Request(self._base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urlopen(request, timeout=_PATIENCE) as answer:
                return json.load(answer)["value"]
        except HTTPError as error:
            raise WebDriverError(json.load(error)["value"]["message"]) from error


def _port(log: Path) -> int:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        told = re.search(rb"started successfully on port (\d+)", log.read_bytes())
        if told:
            return int(told[1])
        time.sleep(0.05)
    raise TimeoutError(f"chromedriver did not start: {log.read_text('utf-8', 'replace')}")
