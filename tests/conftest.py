"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# Timings never decide a test: a busy machine is not a defect.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
