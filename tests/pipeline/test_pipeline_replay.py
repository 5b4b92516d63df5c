"""What is exported is seen again: pywb and replayweb.page show a captured page in a browser, with its text, styles, fonts and pictures.

Neither is a dependency, and neither is bundled: both are test tools, under the GPL and the AGPL. `pipx install pywb` brings the first
(or CITEKEEPER_WAYBACK names its command); CITEKEEPER_REPLAYWEB names a folder with the files of the npm package `replaywebpage`.
"""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from browser import WHY_NOT, Browser
from pywb_server import WAYBACK, environment, serving
from pywb_server import WHY_NOT as NO_PYWB
from test_pipeline_requisites import capture, png, sites

from citekeeper import warc
from citekeeper.demo import World
from citekeeper.network import SystemClock

URL = "http://a.example/story"
REPLAYWEB = os.environ.get("CITEKEEPER_REPLAYWEB")
pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)

# Both viewers put the page into frames of their own, replayweb.page within shadow trees; all of one origin, so that a script may look.
SEEN = """
const documents = [];
function look(root) {
  for (const each of root.querySelectorAll('*')) {
    if (each.shadowRoot) look(each.shadowRoot);
    if (each.tagName === 'IFRAME' && each.contentDocument) { documents.push(each.contentDocument); look(each.contentDocument); }
  }
}
documents.push(document);
look(document);
const page = documents.find(each => each.querySelector('img[src*="small.png"]') && each.readyState === 'complete');
if (!page) return null;
const pictures = [...page.images].map(each => [(each.getAttribute('src') || '').split('/').pop(), each.naturalWidth]);
const framed = documents.find(each => each.querySelector('img[src*="framed.png"]') && each.readyState === 'complete');
const inner = framed && framed.querySelector('img').naturalWidth;
if (!inner) return null;
const heading = page.querySelector('h1'), style = page.defaultView.getComputedStyle(heading);
return {title: page.title, text: heading.innerText, color: style.color, background: style.backgroundImage,
        ran: page.documentElement.dataset.ran, pictures: Object.fromEntries(pictures), framed: inner};
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page in two runs, so that the second is made of revisits, and both as WARC and as WACZ."""
    folder = tmp_path_factory.mktemp("exports")
    with World(scenes=(), sites=sites()) as world:
        capture(world, folder / "archive")
        later = capture(world, folder / "archive")
    seen = later.findings[0].observation
    assert seen is not None
    for name in ("page.warc.gz", "page.wacz"):
        wanted = warc.Wanted(frozenset({seen.visit_id}))
        warc.export(
            warc.Order(folder / "archive", folder / name, wanted, SystemClock().now(), "citekeeper/0 (test)", "Test", lambda visit: {})
        )
    (folder / "stamp").write_text(f"{seen.at:%Y%m%d%H%M%S}", encoding="ascii")
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


def assert_shown(browser: Browser, folder: Path) -> None:
    seen: dict[str, Any] = browser.ask(SEEN)
    assert seen is not None, f"the page is not to be seen: {browser.ask('return document.documentElement.outerHTML')[:3000]}"
    assert seen["title"] == "The ferry"
    assert seen["text"] == "The ferry"
    assert seen["color"] == "rgb(0, 136, 0)"
    assert "back.png" in seen["background"]
    assert seen["ran"] == "yes"
    assert seen["pictures"]["small.png"] == 8
    assert seen["pictures"]["logo.png"] == 15
    assert seen["pictures"]["gone.png"] == 0
    assert seen["framed"] == 13


# ── replayweb.page ────────────────────────────────────────────────────────────────────────────


class Ranges(http.server.SimpleHTTPRequestHandler):
    """Serves files, and parts of them: replayweb.page reads packages piece by piece."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        told = self.headers.get("Range", "")
        if not told.startswith("bytes=") or not path.is_file():
            return super().do_GET()
        first, _, last = told.removeprefix("bytes=").partition("-")
        size = path.stat().st_size
        begin, end = (int(first), min(int(last or size - 1), size - 1)) if first else (size - int(last), size - 1)
        with path.open("rb") as handle:
            handle.seek(begin)
            data = handle.read(end - begin + 1)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {begin}-{end}/{size}")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        return None

    def log_message(self, format: str, *args: Any) -> None:
        return None


@contextmanager
def served(folder: Path) -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Ranges, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.skipif(not REPLAYWEB, reason="needs CITEKEEPER_REPLAYWEB, a folder with index.html, ui.js and sw.js of npm's replaywebpage")
@pytest.mark.parametrize("name", ["page.wacz", "page.warc.gz"])
def test_replayweb_page_shows_a_captured_page_with_all_it_needs(browser: Browser, folder: Path, tmp_path: Path, name: str) -> None:
    for each in ("index.html", "ui.js", "sw.js"):
        shutil.copy(Path(str(REPLAYWEB)) / each, tmp_path)
    shutil.copy(folder / name, tmp_path)
    stamp = (folder / "stamp").read_text("ascii")
    with served(tmp_path) as port:
        # A service worker wants https, or this name.
        browser.open(f"http://localhost:{port}/?source=http://localhost:{port}/{name}#view=resources&url={URL}&ts={stamp}")
        assert_shown(browser, folder)


# ── pywb ──────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def pywb(folder: Path, export: Path) -> Iterator[int]:
    wayback = Path(str(WAYBACK))
    for arguments in (
        ["init", "test"],
        ["add", "test", "--unpack-wacz", str(export)] if export.suffix == ".wacz" else ["add", "test", str(export)],
    ):
        subprocess.run([str(wayback.with_name("wb-manager")), *arguments], cwd=folder, env=environment(), check=True, capture_output=True)
    with serving(folder, f"/test/cdx?url={URL}") as port:
        yield port


@pytest.mark.skipif(bool(NO_PYWB), reason=NO_PYWB)
@pytest.mark.parametrize("name", ["page.wacz", "page.warc.gz"])
def test_pywb_shows_a_captured_page_with_all_it_needs(browser: Browser, folder: Path, tmp_path: Path, name: str) -> None:
    with pywb(tmp_path, folder / name) as port:
        stamp = (folder / "stamp").read_text("ascii")
        browser.open(f"http://127.0.0.1:{port}/test/{stamp}/{URL}")
        assert_shown(browser, folder)
        with urlopen(f"http://127.0.0.1:{port}/test/{stamp}id_/http://a.example/large.png", timeout=30) as answer:
            assert answer.read() == png(9, (9, 2, 3))
