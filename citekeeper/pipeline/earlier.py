"""What the ledger knows of a target from before: earlier observations, with what comparing them with the copy gave."""

from __future__ import annotations

from dataclasses import dataclass, replace

from citekeeper import health
from citekeeper.ledger import Ledger
from citekeeper.model import Memento, Observation, Rows

_EVER = 100 * 365 * 86400.0
"""Seconds; the past does not age."""


@dataclass(frozen=True, slots=True)
class History:
    """Earlier observations, read when asked for."""

    ledger: Ledger
    archives: tuple[str, ...] = ()
    """Whose indexes count as witnesses, as far as they were asked."""

    def before(self, now: Observation, memento: Memento | None) -> tuple[Observation, ...]:
        """Every observation of the same target that was made before `now`, oldest first."""
        earlier = self.ledger.observations(now.target, now.at)
        return earlier if memento is None else tuple(self._compared(each, memento) for each in earlier)

    def witnessed(self, now: Observation) -> tuple[Observation, ...]:
        """What archives have seen of the same target before `now`."""
        found: list[Observation] = []
        for name in self.archives:
            answer = self.ledger.answer(name, f"history {now.target}", _EVER, _EVER)
            if isinstance(answer, Rows):
                found += (each for each in health.witnesses(now.target, answer.rows, name) if each.at < now.at)
        return tuple(found)

    def _compared(self, observation: Observation, memento: Memento) -> Observation:
        told = self.ledger.comparison(observation.visit_id, memento.url)
        return replace(observation, evidence=(*observation.evidence, *told)) if told else observation
