"""A WARC file while it is being written: created exclusively, locked, appended to in whole records, synced, renamed at the end.

Nobody can mistake it for a finished one: until `finish` it is called NAME.open. What an error left half-written is cut off again
at once, so that the file ends with a whole record at every moment but a crash.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from citekeeper.errors import DiskFull, StorageError

OPEN = ".open"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_PERMISSION = {errno.EACCES, errno.EPERM, errno.EROFS}
_NO_FOLDER = {errno.ENOTDIR, errno.EEXIST}
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}


class NameTaken(Exception):
    """Another process came first: the name is in use."""


def storage_error(error: OSError, where: Path) -> StorageError:
    """What an operating system error means for the archive folder, and what to do."""
    place, other = str(where), "name another folder with --archive"
    if error.errno in _NO_ROOM:
        return DiskFull("no room left to write", where=place, hint="make room and run the same command again; what was stored is intact")
    if error.errno in _NO_PERMISSION:
        return StorageError("no permission to use it", where=place, hint=f"change its permissions, or {other}")
    if error.errno in _NO_FOLDER:
        return StorageError("not a folder", where=place, hint=other)
    if error.errno in _NO_LOCKS:
        return StorageError("its file system cannot lock files", where=place, hint="name a folder on a local disk with --archive")
    return StorageError(f"cannot be used: {error.strerror or error}", where=place)


def lock(descriptor: int) -> bool:
    """Take the writer's lock of an open file; False when another process holds it."""
    import fcntl  # Only here, because Windows has none: there, reading still works.

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_still(descriptor: int, path: Path) -> bool:
    """Whether `path` is the file that `descriptor` holds: while one waits for a lock, it may be renamed or removed."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def sync_folder(folder: Path) -> None:
    """Make creations and renames in `folder` last through a power failure."""
    descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is either there whole or not at all."""
    part = path.with_name(path.name + ".part")
    write_pieces(part, (data,))
    part.replace(path)


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file durably, piece by piece; on an OSError nothing of it stays."""
    try:
        with path.open("wb") as out:
            for piece in pieces:
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


class OpenFile:
    """One `.open` file, owned by this process."""

    def __init__(self, folder: Path, name: str) -> None:
        """Create `folder`/`name`.open; raises NameTaken when it exists or is fought over, OSError when it cannot be."""
        self.name = name
        self.folder = folder
        self.path = folder / (name + OPEN)
        self.size = 0
        self._digest = hashlib.sha256()
        if (folder / name).exists():
            raise NameTaken(name)
        try:
            self._descriptor = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
        except FileExistsError as error:
            raise NameTaken(name) from error
        self._claim()

    def _claim(self) -> None:
        # Between creation and lock a recovery may have found the empty file, locked and removed it.
        try:
            mine = lock(self._descriptor) and is_still(self._descriptor, self.path)
        except OSError:
            os.close(self._descriptor)
            self.path.unlink(missing_ok=True)
            raise
        if not mine:
            os.close(self._descriptor)
            raise NameTaken(self.name)
        sync_folder(self.folder)

    def append(self, data: bytes) -> int:
        """Write `data` at the end and return where it begins; when that fails or is interrupted, nothing of it stays."""
        start = self.size
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(self._descriptor, view) :]
        except BaseException:
            os.ftruncate(self._descriptor, start)
            raise
        self.size = start + len(data)
        self._digest.update(data)
        return start

    @property
    def sha256(self) -> str:
        """Of everything appended, in hex."""
        return self._digest.hexdigest()

    def sync(self) -> None:
        """Wait until everything appended is on the disk."""
        os.fsync(self._descriptor)

    def finish(self) -> Path:
        """Give the file its final name, durably, and let go of it."""
        self.sync()
        final = self.folder / self.name
        self.path.rename(final)
        sync_folder(self.folder)
        self.let_go()
        return final

    def discard(self) -> None:
        """Remove the file, which holds nothing."""
        self.path.unlink(missing_ok=True)
        self.let_go()

    def let_go(self) -> None:
        """Close as it is; an unfinished file is left to the next recovery."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)
