"""Numbers of lists and notes as office programs print them: 1, a, A, i, I, and the marks * † ‡ §."""

from __future__ import annotations

from collections.abc import Callable

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_SYMBOLS = "*†‡§"


def roman(number: int) -> str:
    """1 is i, 4 is iv; numbers beyond 3,999 stay as they are."""
    if not 0 < number < 4000:
        return str(number)
    printed = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        printed += letters * count
    return printed


def letters(number: int) -> str:
    """1 is a, 26 is z, 27 is aa, 28 bb: as Word and Writer count."""
    if number < 1:
        return str(number)
    return chr(ord("a") + (number - 1) % 26) * min(10, (number - 1) // 26 + 1)


def symbols(number: int) -> str:
    """1 is *, 5 is **: the marks of the Chicago Manual of Style."""
    return _SYMBOLS[(number - 1) % 4] * min(10, (number - 1) // 4 + 1) if number > 0 else str(number)


# ISO/IEC 29500-1, 17.18.59 (ST_NumberFormat), and OpenDocument 1.3, 19.500 (style:num-format).
_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "lowerLetter": letters,
    "upperLetter": lambda number: letters(number).upper(),
    "chicago": symbols,
    "1": str,
    "i": roman,
    "I": lambda number: roman(number).upper(),
    "a": letters,
    "A": lambda number: letters(number).upper(),
}


def numeral(number: int, written_as: str) -> str:
    """`number` in the format of that name; as a plain number in formats that we do not know."""
    return _FORMATS.get(written_as, str)(number)
