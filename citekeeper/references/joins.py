"""Line ends inside an address: which ones a typesetter put there, and what stood at the seam."""

from __future__ import annotations

import re
from dataclasses import dataclass

from citekeeper.domains import has_public_suffix
from citekeeper.references.dots import EXTENSIONS

_GAP = r"[ \t\u00a0]"
_LINE_END = re.compile(rf"{_GAP}{{0,4}}\r?\n(?:{_GAP}|(?:(?<=[\n> ])>))*+")
_FOLD = re.compile(rf"\\\r?\n{_GAP}{{0,24}}")
_SOFT = re.compile(r"=\r?\n")
_TOKEN = re.compile(r"[^\s<>\"`\u201c\u201d\u2018\u2019]{1,200}")
_NEW_ADDRESS = re.compile(
    r"h..ps?(?:\[s\])?(?:[:\uff1a\[({/\\]|\Z)|[\[(]h?t{0,2}ps?[\])]|h(?:\W{1,2}t{2}|[\[(])|ftps?(?::|\Z)|www\d?[.\[(]", re.IGNORECASE
)
_FILE_PATH = re.compile(r"/(?:usr|etc|var|home|tmp|opt|bin|lib|dev|proc|srv|mnt|root|Users|Library)(?:/|\Z)")
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{1,15}://|(?:mailto|xmpp|tel|sip|news|urn|data|doi):", re.IGNORECASE)
_NAMED_ADDRESS = re.compile(r"[\w.-]{1,40}=[\"']?h..ps?:", re.IGNORECASE)
_ASSIGNMENT = re.compile(r"[ \t]*[-+*/|&:]?=")
_CLOSING = ".,;:!?)]}'*|"
_WORDLIKE = re.compile(r"[A-Z]?[a-z]+(?:[,;:.!?)]|\Z)")


@dataclass(frozen=True, slots=True)
class Join:
    """A line end that belongs to the typesetting, not to the address."""

    end: int
    code: str
    drops_hyphen: bool = False
    """Whether the hyphen before the seam may have been the typesetter's, too."""
    is_doubtful: bool = False
    """Whether what stands behind the seam may be the sentence's next word as well."""


def at_line_end(text: str, at: int, value: str, *, is_host: bool, in_brackets: bool) -> Join | None:
    """The seam at `at`, when the address `value` (without its scheme) goes on behind it."""
    fold = _FOLD.match(text, at)
    if fold:
        return Join(fold.end(), "fold")
    line_end = _LINE_END.match(text, at)
    if line_end is None:
        return None
    token = _TOKEN.match(text, line_end.end())
    if token is None or _NEW_ADDRESS.match(token[0]):
        return None
    code = "quote-wrap" if ">" in line_end[0] else "line-wrap"
    bare = token[0].rstrip(_CLOSING)
    if _OTHER_SCHEME.match(bare) or (_NAMED_ADDRESS.match(bare) and value[-1:] not in "?&="):
        return None
    rest = text[token.end() : token.end() + 40]
    if _begins_field(token[0][len(bare) :], rest) or _FILE_PATH.match(bare):
        return None
    if bare[:1].isalnum() and _ends_in_second_equals(value):
        return Join(line_end.end(), "quoted-printable")
    if in_brackets or _goes_on(value, bare, token[0], rest, is_host=is_host):
        is_word = not in_brackets and not is_host and bare.isalpha() and bare.islower()
        return Join(line_end.end(), code, value.endswith("-"), is_doubtful=is_word)
    return None


def _begins_field(closing: str, rest: str) -> bool:
    """Whether the next line is a field or an assignment of its own: "Author: …", "NAME = …"."""
    return closing.startswith(":") or _ASSIGNMENT.match(rest) is not None


def begins_another(piece: str) -> bool:
    """Whether a line or a word that begins with `piece` is an address, or the path of a file, of its own."""
    return bool(_NEW_ADDRESS.match(piece) or _FILE_PATH.match(piece)) or _starts_new_host(piece)


def soft_break(text: str, at: int) -> Join | None:
    """A soft line break of quoted-printable mail inside a host ("gist.githu=" and "b.com" below)."""
    match = _SOFT.match(text, at)
    return Join(match.end(), "quoted-printable") if match and text[match.end() : match.end() + 1].isalnum() else None


def _ends_in_second_equals(value: str) -> bool:
    """Whether one parameter holds a second "=" at its end: the soft line break of quoted-printable mail (RFC 2045, 6.7)."""
    if not value.endswith("=") or value.endswith("=="):
        return False
    return value.rfind("=", 0, -1) > max(value.rfind("&"), value.rfind("?")) > 0


def _goes_on(value: str, bare: str, token: str, rest: str, *, is_host: bool) -> bool:
    if not bare:
        return False
    if is_host:
        return _host_goes_on(value, bare)
    last, first = value[-1:], bare[0]
    if is_digest(bare) and _ends_line(rest) and last not in "=-_":
        # Lists of indicators set the sum of a file below its address; in a repository's addresses it is the name of a version.
        return _NAMED_BY_DIGEST.search(value) is not None
    if last == "/":
        return _is_path_piece(bare, token, rest)
    if last in "=&%":
        return first.isalnum() or first in "/%&=."
    if _ENDS_ESCAPED.search(value) and first.isalnum() and (_ENCODED.search(bare) or _ends_as_file(bare)):
        return True
    if _HALF_ESCAPE.search(value) and re.match(r"[0-9A-Fa-f](?=[\w%.-])", bare):
        return True
    if last in "_+~":
        return first.isalnum() and (_is_path_piece(bare, token, rest) or _ends_line(rest) or token != bare)
    if last in "?#":
        return "=" in bare or (last == "#" and first.isalnum() and first.islower())
    if last == "-":
        # A fragment may well end in a hyphen: headings become "#about-us-", and the next line is another matter.
        is_slug = (first.islower() or first.isdigit()) and "#" not in value
        return first.isalnum() and (is_slug or _is_path_piece(bare, token, rest))
    if last == ".":
        return _is_behind_dot(value, bare, token, rest)
    return _is_seam_in_word(value, bare)


_DIGEST = re.compile(r"[0-9A-Fa-f]{32}(?:[0-9A-Fa-f]{8}|[0-9A-Fa-f]{32}|[0-9A-Fa-f]{96})?\Z")
_NAMED_BY_DIGEST = re.compile(r"/(?:commits?|tree|blob|raw|files?|hash|rev|objects?)/\Z")


def is_digest(piece: str) -> bool:
    """Whether `piece` looks like the MD5, SHA-1, SHA-256 or SHA-512 sum of a file."""
    return _DIGEST.match(piece) is not None


_ENDS_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}\Z")
_HALF_ESCAPE = re.compile(r"%[0-9A-Fa-f]\Z")
_INNER_CAPITAL = re.compile(r"(?<=[a-z])[A-Z]")
_NUMBERS = re.compile(r"(?=\d*\.?\d{4,})\d+(?:\.\d+)+")
_HOST_PIECE = re.compile(r"[.]?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?=[/:?#]|\Z)", re.IGNORECASE)


def _host_goes_on(value: str, bare: str) -> bool:
    piece = _HOST_PIECE.match(bare)
    if piece is None:
        return False
    whole = piece.end() < len(bare)
    before = value.rstrip(".").rsplit("@", 1)[-1]
    labels = piece[0].lstrip(".")
    if value.endswith(".") or bare.startswith("."):
        is_lower = labels[:1].islower() or labels[:1].isdigit()
        return is_lower and has_public_suffix(f"{before}.{labels}") and (whole or not has_public_suffix(before))
    if value.endswith("-"):
        return has_public_suffix(before + labels)
    return whole and not has_public_suffix(before) and "." in labels and has_public_suffix(labels)


def _is_path_piece(bare: str, token: str, rest: str) -> bool:
    """Whether a line that begins with `bare` can carry on a path that ended in a slash or a hyphen."""
    if _starts_new_host(bare):
        return False
    if not (bare[0].isalnum() or bare[0] in "_%~?&=#@"):
        return False
    if re.search(r"[/_=%&~]|\.[A-Za-z]", bare) or (re.search(r"\d", bare) and re.search(r"[A-Za-z]", bare)):
        return True
    closes = _ends_line(rest) or token != bare
    if bare.isdigit():
        return len(bare) >= 4 and closes
    if len(_INNER_CAPITAL.findall(bare)) > 1 and bare.isalpha():
        return closes
    if _NUMBERS.fullmatch(bare):
        # "10.1000/" and "3292500.3330701": longer numbers than a heading or a date has.
        return closes
    if re.fullmatch(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+", bare):
        return closes
    # One plain word that ends the sentence: prose seldom puts an address before its last word.
    return bare.isalpha() and bare.islower() and len(bare) > 2 and token[len(bare) :] in (".", ";", ").", ");")


def _starts_new_host(bare: str) -> bool:
    host, slash, _path = bare.partition("/")
    return bool(slash) and "." in host and has_public_suffix(host) and host.rsplit(".", 1)[-1].lower() not in EXTENSIONS


def _ends_line(rest: str) -> bool:
    return not rest or rest.lstrip(" \t\u00a0")[:1] in ("\n", "\r", "")


def _is_behind_dot(value: str, bare: str, token: str, rest: str) -> bool:
    extension = re.match(r"[A-Za-z0-9]{2,5}(?=[/?#]|\Z)", bare)
    if extension and extension[0].islower() and extension[0] in EXTENSIONS:
        return True
    # A number that breaks behind a dot ("1987." and "025" alone on its line) goes on; a note's number has a dot or words behind it.
    if not (value[-2:-1].isdigit() and bare.isdigit() and _ends_line(rest)):
        return False
    return len(bare) >= 3 if token == bare else len(bare) >= 5


def _is_seam_in_word(value: str, bare: str) -> bool:
    first, second = bare[0], bare[1:2]
    if first == ".":
        return second.isalnum() and re.split(r"[?#/]", bare[1:])[0].lower() in EXTENSIONS
    if first == "/":
        # "/url:https://…" is the option of a command line, not the rest of a path.
        return second.isalnum() and re.search(r"[a-z]", bare) is not None and "://" not in bare
    if first in "?&":
        return second.isalnum() and "=" in bare
    if first == "=":
        # The name of a parameter stands before the seam.
        return second.isalnum() and _OPEN_PARAMETER.search(value) is not None
    if first == "#":
        # A fragment in the form of a parameter ("#page=12"); "#word" may well be a tag of its own.
        return "#" not in value and _NAMED_FRAGMENT.match(bare) is not None
    if value.endswith(":"):
        return "=" in value and _NUMBER_AND_LETTERS.match(bare) is not None
    if first == "%":
        return re.match(r"%[0-9A-Fa-f]{2}", bare) is not None
    if first == "_":
        return second.isalnum() and not bare.endswith("_")
    if first == "-":
        return second.isalnum() and second.islower() and (len(bare) > 4 or "/" in bare)
    return _is_rest_of_query(value, bare) or _is_file_name(value, bare)


_OPEN_PARAMETER = re.compile(r"[?&][A-Za-z_][\w.-]{0,40}\Z")
_NAMED_FRAGMENT = re.compile(r"#[A-Za-z]\w*=\w")
_NUMBER_AND_LETTERS = re.compile(r"\d{3,}[A-Z]\w*\Z")
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")


def _is_rest_of_query(value: str, bare: str) -> bool:
    if "?" not in value:
        return False
    if _ENCODED.search(value) and _ENCODED.search(bare):
        return True
    return re.match(r"[A-Za-z0-9%._~+-]{1,80}[&;]?[\w.-]{0,40}=", bare) is not None and "&" in bare


def _ends_as_file(bare: str) -> bool:
    name, dot, extension = bare.rpartition(".")
    return bool(name and dot) and extension.lower() in EXTENSIONS


def _is_file_name(value: str, bare: str) -> bool:
    last = value.rsplit("/", 1)[-1]
    name, dot, extension = bare.rpartition(".")
    return bool(dot) and extension.lower() in EXTENSIONS and "-" in last + name and "." not in last and bare[0].islower() and "/" in value
