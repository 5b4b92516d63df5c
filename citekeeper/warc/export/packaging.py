"""A WACZ 1.1.1 package, written in one pass: captures, index, pages, what was added, and a description with every hash.

The same input and clock make the same bytes: nothing is compressed twice, no date but the clock's is written, entries have their order.
"""

from __future__ import annotations

import base64
import hashlib
import json
import stat
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, BinaryIO

from citekeeper.warc.custody import SigningKey, public_der

_EARLIEST, _LATEST = (1980, 1, 1, 0, 0, 0), (2107, 12, 31, 23, 59, 58)
"""What a ZIP date can say."""


class Entry:
    """One file on its way into the package."""

    def __init__(self, package: zipfile.ZipFile, path: str, at: datetime) -> None:
        info = zipfile.ZipInfo(path, min(max(at.astimezone(UTC).timetuple()[:6], _EARLIEST), _LATEST))
        info.create_system = 3
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        self._out = package.open(info, "w")
        self._digest = hashlib.sha256()
        self.path = path
        self.size = 0

    def write(self, data: bytes) -> None:
        """Take the next bytes."""
        self._out.write(data)
        self._digest.update(data)
        self.size += len(data)

    def close(self) -> dict[str, Any]:
        """The entry as the description lists it."""
        self._out.close()
        name = self.path.rpartition("/")[2]
        return {"name": name, "path": self.path, "hash": f"sha256:{self._digest.hexdigest()}", "bytes": self.size}


@dataclass(slots=True)
class Package:
    """The package being written."""

    out: BinaryIO
    at: datetime
    software: str
    resources: list[dict[str, Any]] = field(default_factory=list)
    _zip: zipfile.ZipFile | None = None

    @property
    def zip(self) -> zipfile.ZipFile:
        """The ZIP file, opened when it is first needed."""
        if self._zip is None:
            self._zip = zipfile.ZipFile(self.out, "w", zipfile.ZIP_STORED)
        return self._zip

    def begin(self, path: str) -> Entry:
        """A new file; end it with `end` before the next."""
        return Entry(self.zip, path, self.at)

    def end(self, entry: Entry) -> None:
        """Close it and list it."""
        self.resources.append(entry.close())

    def add(self, path: str, pieces: Iterable[bytes]) -> None:
        """A whole file."""
        entry = self.begin(path)
        for piece in pieces:
            entry.write(piece)
        self.end(entry)

    def finish(self, facts: dict[str, Any], key: SigningKey | None) -> None:
        """Describe everything, sign the description when there is a key, and close the package."""
        created = f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        description = {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "software": self.software,
            "created": created,
            **facts,
            "resources": self.resources,
        }
        raw = _json(description)
        digest = f"sha256:{hashlib.sha256(raw).hexdigest()}"
        entry = self.begin("datapackage.json")
        entry.write(raw)
        entry.close()
        signed = {"signedData": self._signed(digest, created, key)} if key else {}
        entry = self.begin("datapackage-digest.json")
        entry.write(_json({"path": "datapackage.json", "hash": digest, **signed}))
        entry.close()
        self.zip.close()

    def _signed(self, digest: str, created: str, key: SigningKey) -> dict[str, str]:
        # The anonymous form of WACZ Signing and Verification 0.1.0; what is signed is the text of the hash.
        return {
            "hash": digest,
            "created": created,
            "software": self.software,
            "version": "0.1.0",
            "signature": base64.b64encode(key.sign_flat(digest.encode())).decode("ascii"),
            "publicKey": base64.b64encode(public_der(key.public)).decode("ascii"),
        }


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "replace")
