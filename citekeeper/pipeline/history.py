"""What the ledger knows of a target from before: earlier observations, with what comparing them with the copy gave."""

from __future__ import annotations

from dataclasses import dataclass, replace

from citekeeper.ledger import Ledger
from citekeeper.model import Memento, Observation


@dataclass(frozen=True, slots=True)
class History:
    """Earlier observations, read when asked for."""

    ledger: Ledger

    def before(self, now: Observation, memento: Memento | None) -> tuple[Observation, ...]:
        """Every observation of the same target that was made before `now`, oldest first."""
        earlier = self.ledger.observations(now.target, now.at)
        return earlier if memento is None else tuple(self._compared(each, memento) for each in earlier)

    def _compared(self, observation: Observation, memento: Memento) -> Observation:
        told = self.ledger.comparison(observation.visit_id, memento.url)
        return replace(observation, evidence=(*observation.evidence, *told)) if told else observation
