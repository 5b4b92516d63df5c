"""libcurl's multi interface on asyncio: sockets and timers drive it, finished transfers wake their tasks.

The sockets are watched by a selector of our own, and the event loop watches that one alone: a handle of the loop made, queued and
run for each event of each socket would cost as much as libcurl's own work.
"""

from __future__ import annotations

import asyncio
import selectors
from typing import Any

import pycurl

_TO_SELECTOR = {
    pycurl.POLL_IN: selectors.EVENT_READ,
    pycurl.POLL_OUT: selectors.EVENT_WRITE,
    pycurl.POLL_INOUT: selectors.EVENT_READ | selectors.EVENT_WRITE,
}
_TO_CURL = {
    selectors.EVENT_READ: pycurl.CSELECT_IN,
    selectors.EVENT_WRITE: pycurl.CSELECT_OUT,
    selectors.EVENT_READ | selectors.EVENT_WRITE: pycurl.CSELECT_IN | pycurl.CSELECT_OUT,
}


class CurlLoop:
    """One multi handle; created inside the running loop that drives it."""

    def __init__(self, max_connections: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        # With fewer than the hosts in flight, connections are closed and opened again for nothing.
        self._multi.setopt(pycurl.M_MAXCONNECTS, max_connections)
        self._due: float | None = None
        """When libcurl wants to be called, on the loop's clock."""
        self._timer: asyncio.TimerHandle | asyncio.Handle | None = None
        self._timer_at = 0.0
        self._sockets = selectors.DefaultSelector()
        self._loop.add_reader(self._sockets.fileno(), self._attend)
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
        for easy in list(self._waiting):
            self._multi.remove_handle(easy)
        self._multi.close()
        if self._timer is not None:
            self._timer.cancel()
        self._loop.remove_reader(self._sockets.fileno())
        self._sockets.close()

    def _watch(self, wanted: int, fd: int, _multi: Any, _data: Any) -> None:
        if wanted == pycurl.POLL_REMOVE:
            self._sockets.unregister(fd)
        elif fd in self._sockets.get_map():
            self._sockets.modify(fd, _TO_SELECTOR[wanted])
        else:
            self._sockets.register(fd, _TO_SELECTOR[wanted])

    def _set_timer(self, milliseconds: int) -> None:
        """Called by libcurl some three times a request, mostly to put off or take back what it asked for before."""
        if milliseconds < 0:
            self._due = None
            return
        self._due = self._loop.time() + milliseconds / 1000
        if self._timer is not None and self._timer_at <= self._due:
            # Rings early, and looks then whether it is time.
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = self._due
        self._timer = self._loop.call_at(self._due, self._ring) if milliseconds else self._loop.call_soon(self._ring)

    def _ring(self) -> None:
        self._timer = None
        if self._due is None:
            return
        if self._due > self._loop.time():
            self._timer_at = self._due
            self._timer = self._loop.call_at(self._due, self._ring)
            return
        self._due = None
        self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        self._collect()

    def _attend(self) -> None:
        for key, events in self._sockets.select(0):
            self._multi.socket_action(key.fd, _TO_CURL[events])
        self._collect()

    def _collect(self) -> None:
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
