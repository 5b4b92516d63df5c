"""How the time of reading grows with the text: what doubles with it is in order, what squares is not."""

from __future__ import annotations

import time
from collections.abc import Callable


def grows_no_faster_than_its_text(read: Callable[[str], object], text: str) -> bool:
    """Whether `read` takes for all of `text` at the most three times what its quarter, four times over, would take.

    What squares takes four times as much. A tenth of a second is allowed for what is too short to be measured, and two more looks
    for a machine that was busy with something else.
    """
    return any(_seconds(read, text) <= 3 * 4 * _seconds(read, text[: len(text) // 4]) + 0.1 for _ in range(3))


def _seconds(read: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    read(text)
    return time.process_time() - start
