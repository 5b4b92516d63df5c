"""Records against the records they refer to, over all files of a set: pairs, revisits, visits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from citekeeper.warc.verification.facts import RecordFacts
from citekeeper.warc.verification.fields import read_moment
from citekeeper.warc.verification.problems import Aspect, Problems

_MOST_RECORDS = 2_000_000
"""Records whose relations are kept in memory, at about 1 kB each."""
_ONE_EVENT = frozenset({"request", "response", "revisit", "metadata", "resource"})
_NO_BODY = (204, 304)


class Relations:
    """All records of a set, by what others call them."""

    def __init__(self, problems: Problems, *, is_partial: bool = False) -> None:
        """`is_partial`: what is referred to may lie in files that are not looked at."""
        self._problems = problems
        self._is_partial = is_partial
        self._records: list[RecordFacts] = []
        self._by_id: dict[str, RecordFacts] = {}
        self.count = 0

    def add(self, facts: RecordFacts) -> None:
        """Take a record in; a repeated id is told at once."""
        self.count += 1
        if self.count > _MOST_RECORDS:
            if self.count == _MOST_RECORDS + 1:
                self._problems.add("relations-unread", facts.where, f"more than {_MOST_RECORDS} records")
            return
        self._records.append(facts)
        known = self._by_id.setdefault(facts.id, facts)
        if known is not facts and facts.id:
            self._problems.add("record-id-twice", facts.where, f"its id is that of {known.where}")

    def judge(self) -> None:
        """Compare every record with those it refers to."""
        if self.count:
            self._problems.present(Aspect.COVERAGE)
        mates = self._pairs()
        by_address = {(each.uri, each.moment): each for each in self._records if each.type in ("response", "resource") and each.moment}
        for each in self._records:
            self._judge_links(each)
            if each.missing_body:
                self._judge_missing_body(each, mates.get(id(each), []))
            if each.type == "revisit":
                self._judge_revisit(each, by_address)
            for missing in [record for record in each.visit if record not in self._by_id]:
                self._problems.add("visit-incomplete", each.where, f"the record {missing} of this visit is missing")
            for missing in [record for record in each.requisites if record not in self._by_id]:
                self._dangling(each, "what the page needs,", missing)

    def _pairs(self) -> dict[int, list[RecordFacts]]:
        mates: dict[int, list[RecordFacts]] = {}
        for each in self._records:
            for name in each.concurrent:
                other = self._by_id.get(name)
                if other is None:
                    self._dangling(each, "WARC-Concurrent-To", name)
                    continue
                mates.setdefault(id(each), []).append(other)
                mates.setdefault(id(other), []).append(each)
                self._judge_pair(each, other)
        return mates

    def _judge_pair(self, one: RecordFacts, other: RecordFacts) -> None:
        if one.date != other.date and {one.type, other.type} <= _ONE_EVENT:
            self._problems.add("pair", one.where, f"WARC-Date {one.date}, but {other.date} on its {other.type}")
        if one.type == "request" and one.uri != other.uri and other.type in ("response", "revisit"):
            self._problems.add("pair", one.where, f"another address than its {other.type}")

    def _judge_links(self, facts: RecordFacts) -> None:
        if facts.warcinfo:
            named = self._by_id.get(facts.warcinfo)
            if named is None:
                self._dangling(facts, "WARC-Warcinfo-ID", facts.warcinfo)
            elif named.type != "warcinfo":
                self._problems.add("pair", facts.where, f"WARC-Warcinfo-ID names a {named.type} record")
        if facts.refers_to and facts.type != "revisit" and facts.refers_to not in self._by_id:
            self._dangling(facts, "WARC-Refers-To", facts.refers_to)

    def _judge_missing_body(self, facts: RecordFacts, mates: Iterable[RecordFacts]) -> None:
        if facts.status not in _NO_BODY and not any(mate.method == "HEAD" for mate in mates):
            self._problems.add("http-length", facts.where, f"Content-Length {facts.missing_body}, but no body and no WARC-Truncated")

    def _judge_revisit(self, facts: RecordFacts, by_address: dict[tuple[str, datetime], RecordFacts]) -> None:
        moment = read_moment(facts.refers_date)
        told = moment[1] if moment else None
        target = self._by_id.get(facts.refers_to) or (by_address.get((facts.refers_uri, told)) if told else None)
        if target is None:
            if facts.refers_to or facts.refers_uri:
                self._dangling(facts, "the revisit", facts.refers_to or facts.refers_uri)
            return
        if told and target.moment and told != target.moment:
            self._problems.add("revisit-target", facts.where, f"refers to {facts.refers_date}, but that record is of {target.date}")
        if facts.refers_uri and facts.refers_uri != target.uri:
            self._problems.add("revisit-target", facts.where, f"refers to {facts.refers_uri}, but that record is of {target.uri}")
        one, other = facts.payload, target.payload
        if facts.is_same_payload and one and other and one.algorithm == other.algorithm and one != other:
            self._problems.add("revisit-target", facts.where, "the payload digest is not that of the record it refers to")

    def find(self, record_id: str) -> RecordFacts | None:
        """The record of an id, which is given without its brackets."""
        return self._by_id.get(f"<{record_id}>")

    def _dangling(self, facts: RecordFacts, what: str, name: str) -> None:
        if not self._is_partial:
            self._problems.add("reference-dangling", facts.where, f"{what} {name[:120]} is not in this set")
