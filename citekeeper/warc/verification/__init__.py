"""Verifying captures and packages: structure, digests, index, coverage, signature, time stamp and trust, each judged apart, offline."""

from citekeeper.warc.verification.codes import CODES
from citekeeper.warc.verification.judging import verify
from citekeeper.warc.verification.problems import Answer, Aspect, Judged, Problem, Severity, Verification
from citekeeper.warc.verification.salvage import Salvaged, salvage
from citekeeper.warc.verification.trust import Trust, read_trust

__all__ = [
    "CODES",
    "Answer",
    "Aspect",
    "Judged",
    "Problem",
    "Salvaged",
    "Severity",
    "Trust",
    "Verification",
    "read_trust",
    "salvage",
    "verify",
]
