"""The signals, in the order of decision; a new one is a file beside these and a line here."""

from citekeeper.health.signals.absences import ABSENCES
from citekeeper.health.signals.base import Signal, counted
from citekeeper.health.signals.blocks import BLOCKS
from citekeeper.health.signals.canonicals import CANONICALS
from citekeeper.health.signals.contents import CONTENTS
from citekeeper.health.signals.errors import ERRORS
from citekeeper.health.signals.failures import FAILURES
from citekeeper.health.signals.logins import LOGINS
from citekeeper.health.signals.parking import PARKING
from citekeeper.health.signals.paywalls import PAYWALLS
from citekeeper.health.signals.redirects import REDIRECTS
from citekeeper.health.signals.statuses import STATUSES
from citekeeper.health.signals.unchanged import UNCHANGED
from citekeeper.health.signals.walls import WALLS

SIGNALS: tuple[Signal, ...] = (
    FAILURES,
    WALLS,
    BLOCKS,
    PARKING,
    LOGINS,
    STATUSES,
    REDIRECTS,
    CANONICALS,
    ABSENCES,
    ERRORS,
    CONTENTS,
    PAYWALLS,
    UNCHANGED,
)

__all__ = ["SIGNALS", "Signal", "counted"]
