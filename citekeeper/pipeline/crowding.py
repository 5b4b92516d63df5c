"""The step that sets the visits of one audit side by side: what several addresses of a site have in common."""

from __future__ import annotations

from collections.abc import Mapping

from citekeeper import health
from citekeeper.pipeline.probing import Compared
from citekeeper.pipeline.resolving import Resolved, target_of
from citekeeper.pipeline.visiting import Sight


def tell_crowds(resolved: Resolved, sights: Mapping[str, Sight], compared: Compared) -> Compared:
    """What is known so far, and with it which redirects lead where those of other cited pages lead."""
    shared = health.crowded(sight.observation for sight in sights.values())
    told = {
        cited: shared[target]
        for cited, resolution in resolved.resolutions.items()
        if resolution.url is not None and (target := target_of(resolution.url)) in shared
    }
    return {**compared, **{cited: (*compared.get(cited, ()), evidence) for cited, evidence in told.items()}}
