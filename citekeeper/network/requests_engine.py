"""The portable engine: requests and urllib3 in threads, for machines without libcurl.

As they come, they are not fit for this: see requests_job.py for what is put under them. Here: one adapter with one shared TLS
configuration and one shared pool (17 and 2 times as fast as without), no cookie jar, no redirects, no environment.
"""

from __future__ import annotations

import asyncio
import http.client
import ssl
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from citekeeper.model import Failure, FailureKind
from citekeeper.network.engine import Answer, Order, Wire
from citekeeper.network.guard import Guard
from citekeeper.network.proxies import Proxy
from citekeeper.network.requests_job import (
    Job,
    PlainConnection,
    SecureConnection,
    carried_by_this_thread,
    job_of_this_thread,
    proxy_authorization,
)
from citekeeper.network.wire_reading import Ended

_POOLS_EACH = 4
"""Hosts whose connections are kept, for each request in flight; more would run into the usual limit of 1,024 open files."""


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = SecureConnection


class _Adapter(HTTPAdapter):
    """requests' transport with our connections in it."""

    def __init__(self, context: ssl.SSLContext, max_concurrency: int) -> None:
        self._context = context
        self._pools = _POOLS_EACH * max_concurrency
        self._through: dict[Proxy, urllib3.ProxyManager] = {}
        super().__init__(pool_connections=self._pools, pool_maxsize=max_concurrency, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        """Make the pool of pools."""
        self.poolmanager = urllib3.PoolManager(num_pools=connections, maxsize=maxsize, block=block, ssl_context=self._context)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing: the shared configuration verifies, and requests would load the authorities anew for each connection."""

    def get_connection_with_tls_context(self, request: Any, verify: Any, proxies: Any = None, cert: Any = None) -> HTTPConnectionPool:
        """The connections to the host of this thread's order, straight or through its proxy."""
        order = job_of_this_thread().order
        manager: urllib3.PoolManager = self.poolmanager if order.proxy is None else self._manager_through(order.proxy)
        target = order.target
        return manager.connection_from_host(target.host, target.port, target.scheme)

    def _manager_through(self, proxy: Proxy) -> urllib3.ProxyManager:
        manager = self._through.get(proxy)
        if manager is None:
            manager = urllib3.ProxyManager(proxy.url, num_pools=self._pools, ssl_context=self._context)
            manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
            self._through[proxy] = manager
        return manager

    def close(self) -> None:
        """Close every connection."""
        super().close()
        for manager in self._through.values():
            manager.clear()


class RequestsEngine:
    """Requests in threads, as many as may be in flight."""

    def __init__(self, context: ssl.SSLContext, guard: Guard, max_concurrency: int) -> None:
        self._guard = guard
        self._adapter = _Adapter(context, max_concurrency)
        self._threads = ThreadPoolExecutor(max_concurrency, thread_name_prefix="citekeeper-fetch")

    async def send(self, order: Order) -> Wire:
        """Make one request."""
        if order.proxy is not None and order.proxy.scheme != "http":
            return Wire(b"", Failure(FailureKind.PROXY, f"{order.proxy.scheme} proxies need the engine curl"))
        job = Job(order, self._guard)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._perform, job)
        except asyncio.CancelledError:
            job.abort()
            raise

    def _perform(self, job: Job) -> Wire:
        wire = self._attempt(job)
        while _went_away(wire) and not job.is_fresh and job.order.method in ("GET", "HEAD"):
            # A kept connection was closed while the request was on its way; that says nothing about the page.
            job = job.again()
            wire = self._attempt(job)
        return wire

    def _attempt(self, job: Job) -> Wire:
        outcome: Answer | Failure
        try:
            with carried_by_this_thread(job):
                outcome = self._ask(job)
        except Ended as ended:
            outcome = ended.failure
        except (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            outcome = Failure(FailureKind.PROTOCOL, f"{type(error).__name__}: {error}"[:300])
        connection = job.connection
        if connection is None:
            return Wire(bytes(job.sent), outcome)
        return Wire(bytes(job.sent), outcome, connection.ip, connection.tls)

    def _ask(self, job: Job) -> Answer:
        response = self._adapter.send(_prepared(job.order), stream=True, timeout=job.order.timeout)
        assert job.answer is not None
        if job.is_reusable:
            response.raw.release_conn()
        else:
            response.raw.close()
        return job.answer

    async def close(self) -> None:
        """Close every connection and let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._threads.shutdown)
        self._adapter.close()


def _went_away(wire: Wire) -> bool:
    return isinstance(wire.outcome, Failure) and wire.outcome.kind is FailureKind.RESET


def _prepared(order: Order) -> requests.PreparedRequest:
    """The request as requests' adapters take it, without its rewriting of address and fields."""
    prepared = requests.PreparedRequest()
    prepared.method, prepared.url, prepared.hooks = order.method, order.target.url, {}
    absolute = order.target.scheme == "http"
    prepared.headers = CaseInsensitiveDict([*(proxy_authorization(order) if absolute else []), *order.headers])
    prepared.body = order.body or None
    return prepared
