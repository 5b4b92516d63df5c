"""libcurl's multi interface on asyncio: readiness and timers of the loop drive it, finished transfers wake their tasks."""

from __future__ import annotations

import asyncio
from typing import Any

import pycurl


class CurlLoop:
    """One multi handle; created inside the running loop that drives it."""

    def __init__(self, max_connections: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        # With fewer than the hosts in flight, connections are closed and opened again for nothing.
        self._multi.setopt(pycurl.M_MAXCONNECTS, max_connections)
        self._timer: asyncio.TimerHandle | None = None
        self._watched: dict[int, int] = {}
        self._waiting: dict[Any, asyncio.Future[tuple[int, str]]] = {}

    async def run(self, easy: Any) -> tuple[int, str]:
        """Perform one prepared transfer; its error code (0: none) and message."""
        done: asyncio.Future[tuple[int, str]] = self._loop.create_future()
        self._waiting[easy] = done
        self._multi.add_handle(easy)
        try:
            return await done
        finally:
            if self._waiting.pop(easy, None) is not None:
                self._multi.remove_handle(easy)

    def close(self) -> None:
        """Drop all transfers and connections."""
        if self._timer is not None:
            self._timer.cancel()
        for easy in list(self._waiting):
            self._multi.remove_handle(easy)
        self._multi.close()
        for fd in list(self._watched):
            self._watch(pycurl.POLL_REMOVE, fd, None, None)

    def _watch(self, wanted: int, fd: int, _multi: Any, _data: Any) -> None:
        before = self._watched.get(fd, 0)
        after = 0 if wanted == pycurl.POLL_REMOVE else wanted
        if after & pycurl.POLL_IN and not before & pycurl.POLL_IN:
            self._loop.add_reader(fd, self._act, fd, pycurl.CSELECT_IN)
        elif before & pycurl.POLL_IN and not after & pycurl.POLL_IN:
            self._loop.remove_reader(fd)
        if after & pycurl.POLL_OUT and not before & pycurl.POLL_OUT:
            self._loop.add_writer(fd, self._act, fd, pycurl.CSELECT_OUT)
        elif before & pycurl.POLL_OUT and not after & pycurl.POLL_OUT:
            self._loop.remove_writer(fd)
        if after:
            self._watched[fd] = after
        else:
            self._watched.pop(fd, None)

    def _set_timer(self, milliseconds: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if milliseconds >= 0:
            self._timer = self._loop.call_later(milliseconds / 1000, self._act, pycurl.SOCKET_TIMEOUT, 0)

    def _act(self, fd: int, event: int) -> None:
        self._multi.socket_action(fd, event)
        more = True
        while more:
            queued, succeeded, failed = self._multi.info_read()
            for easy in succeeded:
                self._finish(easy, 0, "")
            for easy, code, message in failed:
                self._finish(easy, code, message)
            more = queued > 0

    def _finish(self, easy: Any, code: int, message: str) -> None:
        done = self._waiting.pop(easy, None)
        if done is not None:
            self._multi.remove_handle(easy)
            if not done.done():
                done.set_result((code, message))
