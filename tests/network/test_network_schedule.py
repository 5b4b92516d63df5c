from __future__ import annotations

import asyncio
import heapq
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.model import Exchange, Failure, FailureKind, Purpose, Response, Stop, Visit
from citekeeper.network import visit_all
from citekeeper.network.frontier import Frontier, jobs_of
from citekeeper.network.politeness import Politeness
from citekeeper.settings import NetworkSettings

START = datetime(2026, 1, 1, tzinfo=UTC)


class Sandglass:
    """A clock on which time passes when everyone waits."""

    def __init__(self) -> None:
        self.time = 0.0
        self.waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self.numbers = count()

    def now(self) -> datetime:
        return START + timedelta(seconds=self.time)

    def monotonic(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self.waiting, (self.time + seconds, next(self.numbers), woken))
        await woken

    async def run(self, task: asyncio.Task[None]) -> None:
        """Turn the glass over until `task` is done."""
        while not task.done():
            for _ in range(50):
                await asyncio.sleep(0)
            if self.waiting and not task.done():
                at, _, woken = heapq.heappop(self.waiting)
                self.time = max(self.time, at)
                if not woken.done():
                    woken.set_result(None)
        task.result()


Outcome = Response | Failure


def answer(status: int = 200, *headers: tuple[str, str]) -> Response:
    return Response(status, "", headers, b"", b"", b"")


class Visitor:
    """Visits take a second each; outcomes by address and attempt."""

    def __init__(self, clock: Sandglass, outcome: Callable[[str, int], Outcome]) -> None:
        self.clock = clock
        self.outcome = outcome
        self.made: list[tuple[float, str]] = []
        self.active: Counter[str] = Counter()
        self.most = 0

    async def __call__(self, url: str) -> Visit:
        host = url.split("/")[2]
        attempt = sum(made == url for _, made in self.made)
        self.made.append((self.clock.time, url))
        self.active[host] += 1
        assert self.active[host] <= 1, "host_concurrency is 1"
        self.most = max(self.most, self.active.total())
        await self.clock.sleep(1.0)
        self.active[host] -= 1
        return Visit("id", url, (Exchange(url, self.clock.now(), 1.0, b"", self.outcome(url, attempt)),), Stop.ANSWER)


def run(urls: list[str], outcome: Callable[[str, int], Outcome], **changes: object) -> tuple[list[Visit], Visitor, Sandglass]:
    clock = Sandglass()
    visitor = Visitor(clock, outcome)
    found: list[Visit] = []
    settings = NetworkSettings(**{"retry_wait": 2.0, "max_retries": 2, **changes})  # type: ignore[arg-type]  # names are checked by the dataclass

    async def collect() -> None:
        found.extend([seen async for seen in visit_all(urls, visitor, settings=settings, clock=clock)])

    async def main() -> None:
        await clock.run(asyncio.create_task(collect()))

    asyncio.run(main())
    return found, visitor, clock


def fine(_url: str, _attempt: int) -> Outcome:
    return answer()


def test_hosts_are_visited_at_once_and_one_host_one_after_the_other() -> None:
    urls = [f"http://h{n % 5}.example/{n}" for n in range(20)]
    found, visitor, clock = run(urls, fine)
    assert sorted(seen.target for seen in found) == sorted(urls)
    assert clock.time == 4.0
    assert visitor.most == 5


def test_a_host_with_many_addresses_does_not_hold_up_the_others() -> None:
    urls = [f"http://big.example/{n}" for n in range(30)] + ["http://small.example/"]
    _, visitor, _ = run(urls, fine, max_concurrency=2)
    assert (0.0, "http://small.example/") in visitor.made


def test_no_more_are_in_flight_than_allowed() -> None:
    _, visitor, clock = run([f"http://h{n}.example/" for n in range(12)], fine, max_concurrency=3)
    assert visitor.most == 3
    assert clock.time == 4.0


def test_what_fails_for_the_moment_is_tried_again_later() -> None:
    def recovering(url: str, attempt: int) -> Outcome:
        return answer(503) if attempt < 2 and "bad" in url else answer()

    found, visitor, _ = run(["http://bad.example/", "http://good.example/"], recovering)
    assert [(seen.target, seen.attempts) for seen in found] == [("http://good.example/", 1), ("http://bad.example/", 3)]
    assert [at for at, url in visitor.made if "bad" in url] == [0.0, 3.0, 8.0]
    assert found[1].last.response == answer()


def test_what_keeps_failing_is_given_with_its_last_outcome() -> None:
    found, _, _ = run(["http://a.example/"], lambda *_: Failure(FailureKind.RESET, "gone"), max_retries=1)
    assert [(seen.attempts, seen.last.failure is not None) for seen in found] == [(2, True)]


@pytest.mark.parametrize("outcome", [answer(404), answer(403), Failure(FailureKind.NXDOMAIN, ""), Failure(FailureKind.TLS, "")])
def test_what_stands_is_not_tried_again(outcome: Outcome) -> None:
    found, visitor, _ = run(["http://a.example/"], lambda *_: outcome)
    assert len(visitor.made) == len(found) == 1


def test_a_bounded_retry_after_is_obeyed() -> None:
    def asking(_url: str, attempt: int) -> Outcome:
        return answer(429, ("Retry-After", "30")) if attempt == 0 else answer()

    found, visitor, _ = run(["http://a.example/", "http://b.example/"], asking)
    assert sorted(at for at, _ in visitor.made)[2:] == [31.0, 31.0]
    assert [seen.attempts for seen in found] == [2, 2]


@pytest.mark.parametrize("text", ["86400", "9" * 60, "Fri, 01 Jan 2100 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_an_unbounded_retry_after_ends_the_visit_and_the_answer_stands(text: str) -> None:
    found, visitor, _ = run(["http://a.example/"], lambda *_: answer(429, ("Retry-After", text)))
    assert len(visitor.made) == 1
    assert found[0].last.response is not None
    assert found[0].last.response.status == 429


def test_a_negative_retry_after_is_no_leave_to_hurry() -> None:
    _, visitor, _ = run(["http://a.example/"], lambda *_: answer(429, ("Retry-After", "-1")))
    assert [at for at, _ in visitor.made] == [0.0, 3.0, 8.0]


def test_nothing_to_visit_is_no_trouble() -> None:
    assert run([], fine)[0] == []


def test_addresses_that_cannot_be_read_are_visited_like_others() -> None:
    clock = Sandglass()

    async def refused(url: str) -> Visit:
        return Visit("", url, (Exchange(url, START, 0.0, b"", Failure(FailureKind.INVALID_URL, "")),), Stop.FAILURE)

    async def main() -> list[str]:
        settings = NetworkSettings()
        return [seen.target async for seen in visit_all(["nonsense", "http://["], refused, settings=settings, clock=clock)]

    assert sorted(asyncio.run(main())) == ["http://[", "nonsense"]


def test_whoever_stops_listening_stops_the_visits() -> None:
    clock = Sandglass()
    cancelled: list[str] = []

    async def visitor(url: str) -> Visit:
        try:
            await asyncio.sleep(0 if "0" in url else 3600)
        except asyncio.CancelledError:
            cancelled.append(url)
            raise
        return Visit("", url, (Exchange(url, START, 0.0, b"", answer()),), Stop.ANSWER)

    async def main() -> None:
        urls = [f"http://h{n}.example/" for n in range(3)]
        visits: AsyncIterator[Visit] = visit_all(urls, visitor, settings=NetworkSettings(), clock=clock)
        async for seen in visits:
            assert "0" in seen.target
            break
        await visits.aclose()  # type: ignore[attr-defined]  # an asynchronous generator in the dress of an iterator

    asyncio.run(main())
    assert sorted(cancelled) == ["http://h1.example/", "http://h2.example/"]


def test_a_long_list_is_not_read_ahead_of_its_time() -> None:
    read = 0

    def urls() -> Iterator[str]:
        nonlocal read
        for number in range(100_000):
            read += 1
            yield f"http://h{number % 10}.example/{number}"

    frontier = Frontier(jobs_of(urls()), per_host=1, read_ahead=50)
    assert frontier.take() is not None
    assert read <= 51


@given(st.lists(st.integers(0, 4), max_size=40), st.integers(1, 3), st.integers(1, 10), st.randoms())
def test_the_frontier_gives_each_job_once_and_no_host_too_many(hosts: list[int], per_host: int, read_ahead: int, random: object) -> None:
    urls = [f"http://h{host}.example/{n}" for n, host in enumerate(hosts)]
    frontier = Frontier(jobs_of(urls), per_host, read_ahead)
    given_out: list[str] = []
    running: list[object] = []
    while running or not frontier.is_empty:
        job = frontier.take()
        if job is not None:
            given_out.append(job.url)
            running.append(job)
            busy = Counter(each.host for each in running)  # type: ignore[attr-defined]  # only jobs are put in
            assert max(busy.values()) <= per_host
            continue
        assert running, "nothing runs and nothing can be taken: the frontier is stuck"
        frontier.give_back(running.pop(random.randrange(len(running))))  # type: ignore[attr-defined, arg-type]
    assert sorted(given_out) == sorted(urls)


def starts(purpose: Purpose, hosts: list[str], **changes: object) -> list[float]:
    """When each request's turn came, in order."""
    clock = Sandglass()
    found: list[float] = []

    async def ask(politeness: Politeness, host: str) -> None:
        async with politeness.turn(host, purpose):
            found.append(clock.time)
            await clock.sleep(0.25)

    async def main() -> None:
        politeness = Politeness(NetworkSettings(**changes), clock)  # type: ignore[arg-type]  # names are checked by the dataclass

        async def everyone() -> None:
            await asyncio.gather(*(ask(politeness, host) for host in hosts))

        await clock.run(asyncio.create_task(everyone()))

    asyncio.run(main())
    return found


def test_two_requests_to_one_host_start_an_interval_apart() -> None:
    assert starts(Purpose.VISIT, ["a", "a", "a", "b"]) == [0.0, 0.0, 1.0, 2.0]


def test_without_an_interval_one_host_still_has_its_places() -> None:
    assert starts(Purpose.VISIT, ["a"] * 4, host_request_interval=0.0, host_concurrency=2) == [0.0, 0.0, 0.25, 0.25]


def test_archives_have_their_own_limits_and_only_few_places_here() -> None:
    assert starts(Purpose.ARCHIVE, ["a"] * 5) == [0.0, 0.0, 0.0, 0.0, 0.25]


def test_all_together_are_no_more_than_allowed() -> None:
    assert starts(Purpose.VISIT, list("abcd"), max_concurrency=2) == [0.0, 0.0, 0.25, 0.25]


def test_waiting_for_one_host_takes_no_place_from_another() -> None:
    assert starts(Purpose.VISIT, ["a", "a", "a", "b", "c"], max_concurrency=2, host_concurrency=3) == [0.0, 0.0, 0.25, 1.0, 2.0]


def test_a_host_that_asks_for_a_pause_gets_it_and_others_go_on() -> None:
    clock = Sandglass()
    politeness = Politeness(NetworkSettings(), clock)
    found: list[tuple[str, float]] = []

    async def ask(host: str) -> None:
        async with politeness.turn(host, Purpose.VISIT):
            found.append((host, clock.time))

    async def main() -> None:
        politeness.heed("a", 30.0)

        async def everyone() -> None:
            await asyncio.gather(ask("a"), ask("b"), ask("a"))

        await clock.run(asyncio.create_task(everyone()))

    asyncio.run(main())
    assert found == [("b", 0.0), ("a", 30.0), ("a", 31.0)]


def test_a_host_that_asks_too_much_is_left_alone() -> None:
    politeness = Politeness(NetworkSettings(max_retry_after=60.0), Sandglass())
    politeness.heed("long", 61.0)
    for _ in range(3):
        politeness.heed("often", 1.0)
    assert (politeness.is_closed("long"), politeness.is_closed("often"), politeness.is_closed("other")) == (True, False, False)
    politeness.heed("often", 1.0)
    assert politeness.is_closed("often")


def test_a_host_that_says_too_much_is_asked_half_as_often_and_others_as_before() -> None:
    clock = Sandglass()
    politeness = Politeness(NetworkSettings(), clock)
    found: list[tuple[str, float]] = []

    async def ask(host: str) -> None:
        async with politeness.turn(host, Purpose.VISIT):
            found.append((host, clock.time))
            if host == "a":
                politeness.slow_down(host)

    async def main() -> None:
        async def everyone() -> None:
            await asyncio.gather(*(ask(host) for host in "aaabbb"))

        await clock.run(asyncio.create_task(everyone()))

    asyncio.run(main())
    assert [at for host, at in found if host == "a"] == [0.0, 2.0, 6.0]
    assert [at for host, at in found if host == "b"] == [0.0, 1.0, 2.0]


def test_it_is_never_asked_more_slowly_than_every_eight_seconds_and_in_the_end_left_alone() -> None:
    politeness = Politeness(NetworkSettings(), Sandglass())
    for _ in range(8):
        politeness.slow_down("a")
    assert politeness._place("a", is_archive=False).interval == 8.0
    assert not politeness.is_closed("a")
    politeness.slow_down("a")
    assert politeness.is_closed("a")


def test_a_host_that_answers_in_between_is_not_left_alone() -> None:
    politeness = Politeness(NetworkSettings(), Sandglass())
    for _ in range(20):
        politeness.slow_down("a")
        politeness.calm_down("a")
    assert not politeness.is_closed("a")


def test_who_switched_pauses_off_gets_none_from_a_bare_429() -> None:
    politeness = Politeness(NetworkSettings(host_request_interval=0.0), Sandglass())
    politeness.slow_down("a")
    assert politeness._place("a", is_archive=False).interval == 0.0


def test_many_hosts_do_not_make_us_forget_those_that_complained() -> None:
    clock = Sandglass()
    politeness = Politeness(NetworkSettings(), clock)
    politeness.slow_down("slow")
    politeness.heed("closed", 1e60)
    clock.time = 1000.0
    for number in range(5000):
        politeness.turn(f"h{number}", Purpose.VISIT)
    assert politeness.is_closed("closed")
    assert politeness._place("slow", is_archive=False).interval == 2.0
    assert len(politeness._places) < 5000
