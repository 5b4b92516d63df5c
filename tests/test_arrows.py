"""The architecture, kept true: which room may import which, and the one doorway of each dependency."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parent.parent / "citekeeper"

GROUND = {"model", "errors", "settings", "http1", "surt"}
WALK = {
    "documents",
    "references",
    "archives",
    "resolution",
    "network",
    "health",
    "warc",
    "ledger",
    "executors",
    "reports",
    "repairs",
    "domains",
    "requisites",
    "rot",
}

ROOMS: dict[str, set[str]] = {
    "model": set(),
    "errors": set(),
    "settings": set(),
    "http1": set(),
    "surt": set(),
    "domains": set(),
    "documents": {"model", "errors"},
    "references": {"model", "errors", "domains"},
    "warc": {"model", "errors", "http1", "surt"},
    "ledger": {"model", "errors"},
    "rot": {"model", "surt", "domains"},
    "reports": {"model", "settings", "surt", "health"},
    "repairs": {"model", "errors", "surt"},
    "health": {"model", "errors", "domains"},
    "archives": {"model", "errors", "surt", "http1"},
    "resolution": {"model", "references", "surt", "domains"},
    "requisites": {"model"},
    "network": {"model", "errors", "settings", "http1"},
    "executors": {"model", "ledger"},
    "config": {"settings", "errors"},
    "pipeline": GROUND | WALK,
    "demo": GROUND | WALK | {"pipeline", "config"},
    "cli": GROUND | WALK | {"pipeline", "config", "demo"},
    "__init__": GROUND | WALK | {"pipeline"},
    "__main__": {"cli"},
}

DOORWAYS: dict[str, set[str]] = {
    "pycurl": {"network"},
    "requests": {"network"},
    "urllib3": {"network"},
    "socket": {"network", "demo"},
    "dns": {"network", "demo"},
    "protego": {"network"},
    "brotli": {"network"},
    "zstandard": {"network", "warc/verification"},
    "warcio": {"warc"},
    "isal": {"warc"},
    "sqlite3": {"ledger"},
    "msgspec": {"ledger", "reports"},
    "bs4": {"documents", "health"},
    "markdown_it": {"documents"},
    "pypdfium2": {"documents/pdf"},
    "resiliparse": {"health"},
    "rapidfuzz": {"health"},
    "lxml": {"health", "documents", "requisites"},
    "tinycss2": {"requisites"},
    "tldextract": {"domains"},
    "jinja2": {"reports/html"},
    "rich": {"reports/terminal", "cli"},
    "cryptography": {"demo", "network", "warc/custody"},
    "rfc3161_client": {"warc/custody"},
}


def room_of(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def place_of(path: Path) -> str:
    return path.relative_to(HOUSE).with_suffix("").as_posix()


def imports_of(path: Path) -> Iterator[str]:
    """Every module that a file imports, absolute, at any depth of its code."""
    package = ["citekeeper", *path.relative_to(HOUSE).with_suffix("").parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: -node.level] if node.level else []
            module = ".".join([*base, node.module] if node.module else base)
            yield from (f"{module}.{alias.name}" for alias in node.names) if module == "citekeeper" else (module,)


def violations(path: Path) -> Iterator[str]:
    here, place = room_of(path), place_of(path)
    for module in imports_of(path):
        parts = module.split(".")
        if parts[0] == "citekeeper" and len(parts) > 1:
            other = parts[1]
            if other == "__version__":
                continue
            if other != here and other not in ROOMS.get(here, set()):
                yield f"{place}.py: {here} may not import {other}"
            elif other != here and len(parts) > 2 and other != "model":
                yield f"{place}.py: imports {module}, the inside of {other}; its front is citekeeper.{other}"
        elif parts[0] in DOORWAYS and not any(place == door or place.startswith(door + "/") for door in DOORWAYS[parts[0]]):
            yield f"{place}.py: {parts[0]} may only be imported in {' and '.join(sorted(DOORWAYS[parts[0]]))}"


def test_every_import_follows_the_arrows_of_the_house() -> None:
    found = [line for path in sorted(HOUSE.rglob("*.py")) for line in violations(path)]
    assert not found, "\n" + "\n".join(found)


def test_every_room_has_a_row_in_the_table_of_arrows() -> None:
    rooms = {room_of(path) for path in HOUSE.rglob("*.py")}
    assert rooms <= set(ROOMS), f"rooms without a row: {sorted(rooms - set(ROOMS))}"


def test_the_arrows_have_no_cycle() -> None:
    def reaches(start: str, seen: frozenset[str] = frozenset()) -> set[str]:
        return {start}.union(*(reaches(other, seen | {start}) for other in ROOMS[start] if other not in seen), set())

    for room, others in ROOMS.items():
        for other in others:
            assert room not in reaches(other), f"{room} and {other} import each other"
