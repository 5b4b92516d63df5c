"""Nouns that are made swiftly are the frozen dataclasses that they look like."""

from __future__ import annotations

import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, fields, is_dataclass, replace

import pytest

from citekeeper.model import Address, Citation, Location, Reference
from citekeeper.model.swift import swift

LOCATION = Location(1, 2, 1, 9, 1, length=7, page=3)
REFERENCE = Reference("a", LOCATION, Address("http://a.example", repairs=("hxxp",)), context="words", citation=Citation(title="T"))


@dataclass(frozen=True, slots=True)
class Plain:
    one: int
    other: str | None = None


@swift
@dataclass(frozen=True, slots=True)
class Swift:
    one: int
    other: str | None = None


@pytest.mark.parametrize("noun", [LOCATION, REFERENCE, REFERENCE.address, REFERENCE.citation])
def test_a_noun_is_of_its_class_and_lets_nothing_be_changed(noun: object) -> None:
    assert is_dataclass(noun)
    name = fields(noun)[0].name
    with pytest.raises(FrozenInstanceError):
        setattr(noun, name, 1)
    with pytest.raises(FrozenInstanceError):
        delattr(noun, name)
    assert type(noun) in (Location, Reference, Address, Citation)
    assert not hasattr(noun, "__dict__")


def test_nouns_compare_hash_copy_and_travel_as_dataclasses_do() -> None:
    again = pickle.loads(pickle.dumps(REFERENCE))
    assert again == REFERENCE
    assert hash(again) == hash(REFERENCE)
    assert replace(REFERENCE, marker="4").marker == "4"
    assert replace(REFERENCE, marker="4") != REFERENCE
    assert repr(LOCATION).startswith("Location(line=1, column=2,")


def test_fields_defaults_and_mistakes_are_those_of_the_dataclass() -> None:
    assert inspect.signature(Swift) == inspect.signature(Plain)
    assert (Swift(1).other, Swift(one=1, other="b").other) == (None, "b")
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'one'"):
        Swift()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'third'"):
        Swift(1, third=2)  # type: ignore[call-arg]
