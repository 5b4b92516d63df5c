"""Run as a program: forks writers that store and commit without end, and kills each with SIGKILL at a random moment.

Arguments: the folder, the number of writers, the seed. Prints for each how many visits it had committed.
"""

from __future__ import annotations

import os
import random
import select
import signal
import sys
from pathlib import Path

from warc_kit import exchange, response, visit, writer_in


def write_for_ever(folder: Path, tell: int) -> None:
    writer = writer_in(folder, target_size=300_000)
    number = 0
    while True:
        body = os.urandom(random.Random(number).randrange(100, 60_000))
        writer.store(visit(exchange(f"http://a.example/{number}", response(body)), number=number))
        number += 1
        if number % 2 == 0:
            writer.commit()
            os.write(tell, b".")


def kill_one(folder: Path, chance: random.Random) -> int:
    hear, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            write_for_ever(folder, tell)
        finally:
            os._exit(1)
    os.close(tell)
    commits = 0
    wanted = chance.randrange(12)
    while commits < wanted:
        commits += len(os.read(hear, 1))
    # Somewhere in the middle of the next store or commit.
    select.select([], [], [], chance.random() * 0.004)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while told := os.read(hear, 100):
        commits += len(told)
    os.close(hear)
    return commits * 2


if __name__ == "__main__":
    base, times, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    moments = random.Random(seed)
    for turn in range(times):
        print(kill_one(base / f"{turn:03d}", moments), flush=True)
