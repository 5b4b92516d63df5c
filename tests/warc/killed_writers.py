"""Run as a program: forks writers that store and commit without end, and that SIGKILL ends at a random moment.

Arguments: the folder, the number of writers, the seed. Every second one dies at a random write, so that some die in the middle of a
record on any machine; the others whenever they are hit. Prints for each how many visits it had committed.
"""

from __future__ import annotations

import os
import random
import select
import signal
import sys
from pathlib import Path
from typing import Any

from warc_kit import exchange, response, visit, writer_in

VISITS_A_COMMIT = 3


def die_at_write(number: int) -> None:
    """Let the system take few bytes at a time, and kill this process at the `number`th time."""
    write, left = os.write, iter(range(number))

    def slow_write(descriptor: int, data: Any) -> int:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return write(descriptor, memoryview(data)[:4096])

    os.write = slow_write


def write_for_ever(folder: Path, tell: int) -> None:
    writer = writer_in(folder, target_size=800_000)
    noise = os.urandom(250_000)
    number = 0
    while True:
        size = random.Random(number).choice([100, 15_000, 180_000])
        writer.store(visit(exchange(f"http://a.example/{number}", response(noise[number : number + size])), number=number))
        number += 1
        if number % VISITS_A_COMMIT == 0:
            writer.commit()
            os.writev(tell, [b"."])


def kill_one(folder: Path, chance: random.Random, *, by_itself: bool) -> int:
    hear, tell = os.pipe()
    moment = chance.random()
    child = os.fork()
    if child == 0:
        try:
            if by_itself:
                die_at_write(1 + int(moment * 300))
            write_for_ever(folder, tell)
        finally:
            os._exit(1)
    os.close(tell)
    if not by_itself:
        select.select([], [], [], moment * 0.06)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    commits = 0
    while told := os.read(hear, 100):
        commits += len(told)
    os.close(hear)
    return commits * VISITS_A_COMMIT


if __name__ == "__main__":
    base, times, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    moments = random.Random(seed)
    for turn in range(times):
        print(kill_one(base / f"{turn:03d}", moments, by_itself=turn % 2 == 0), flush=True)
