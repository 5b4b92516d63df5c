"""A time-stamping authority of our own: certificates and answers made by openssl, served on loopback when wanted."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_SETUP = """\
[tsa]
default_tsa = it
[it]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
{certs}
default_policy = 1.3.6.1.4.1.13762.3
digests = sha256, sha384, sha512
signer_digest = sha256
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True, slots=True)
class Authority:
    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / "ca.pem"

    def answer(self, request: bytes) -> bytes:
        (self.folder / "q.tsq").write_bytes(request)
        run("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "q.tsq", "-out", "a.tsr", folder=self.folder)
        return (self.folder / "a.tsr").read_bytes()

    @contextmanager
    def served(self) -> Iterator[str]:
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                return

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_port}/"
            finally:
                server.shutdown()
                thread.join()


def make_authority(folder: Path, *, with_chain: bool = False) -> Authority:
    """`with_chain`: its answers hold the root's certificate as well, unsorted, as some real ones do."""
    folder.mkdir(parents=True)
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    run("req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.pem", "-days", "3650", "-subj", "/CN=Example Root", folder=folder)
    run("req", *curve, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Example Authority", folder=folder)
    (folder / "extensions").write_text("extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n")
    signing = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "3650", "-extfile", "extensions")
    run("x509", "-req", "-in", "tsa.csr", *signing, "-out", "tsa.pem", folder=folder)
    (folder / "serial").write_text("01\n")
    certs = f"certs = {folder}/ca.pem" if with_chain else ""
    (folder / "tsa.cnf").write_text(_SETUP.format(folder=folder, certs=certs))
    return Authority(folder)


def run(*arguments: str, folder: Path) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)
