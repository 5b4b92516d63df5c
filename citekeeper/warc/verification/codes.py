# ruff: noqa: E501 - a table reads best with one row a line
"""Every problem that verifying can find: its code, what it belongs to, how much it matters, what it means and what to do."""

from __future__ import annotations

from typing import NamedTuple

from citekeeper.model import CodeMeaning
from citekeeper.warc.verification.problems import Aspect, Severity

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE
_COPY = "Take an undamaged copy of the file; citekeeper verify --repair saves the whole records of this one into a new file."
_WRITER = "The program that wrote the file did not keep to the format; what is said of these records may be read wrongly by others."
_CARE = "Readers cope with it; nothing is lost."
_DISTRUST = "Do not rely on the records named: compare them with another copy, or capture the page again."


class Kind(NamedTuple):
    """One code."""

    code: str
    aspect: Aspect
    severity: Severity
    meaning: str
    advice: str


_structure, _digests, _index, _coverage = Aspect.STRUCTURE, Aspect.DIGESTS, Aspect.INDEX, Aspect.COVERAGE
_signature, _timestamp, _trust = Aspect.SIGNATURE, Aspect.TIMESTAMP, Aspect.TRUST

# fmt: off
_KINDS = (
    Kind("file-unreadable", _structure, E, "The file cannot be read.", "Check that it is there and its permissions."),
    Kind("file-empty", _structure, E, "The file holds no record.", _COPY),
    Kind("file-name", _structure, W, "The name of the file does not say what it holds, or that it is finished.", _CARE),
    Kind("file-size", _structure, N, "The file is much larger than the usual 10^9 bytes.", _CARE),
    Kind("member-damaged", _structure, E, "A compressed piece is cut off or its checksum is wrong.", _COPY),
    Kind("bytes-between", _structure, E, "There are bytes that belong to no record.", _COPY),
    Kind("member-shared", _structure, E, "Several records share one compressed piece, so that none can be read alone.", _WRITER),
    Kind("member-header", _structure, W, "The header of one compressed piece is unlike all others of the file.", _DISTRUST),
    Kind("member-header-changed", _structure, E, "The header of a compressed piece is not as citekeeper writes it.", _DISTRUST),
    Kind("frame-form", _structure, E, "A Zstandard frame lacks its size or checksum.", _WRITER),
    Kind("too-large", _structure, E, "It expands to so much that reading was given up.", "Treat the file as hostile."),
    Kind("version", _structure, E, "A record does not begin with WARC/1.0 or WARC/1.1.", _WRITER),
    Kind("header-line", _structure, E, "A header line of a record is malformed.", _WRITER),
    Kind("header-form", _structure, W, "A header line is folded or absurdly long.", _CARE),
    Kind("length", _structure, E, "Content-Length does not lead to the end of the record.", _COPY),
    Kind("field-missing", _structure, E, "A record lacks a field that it must have.", _WRITER),
    Kind("field-twice", _structure, E, "A field stands twice in one record.", _WRITER),
    Kind("field-misplaced", _structure, E, "A field stands on a type of record that must not have it.", _WRITER),
    Kind("type-unknown", _structure, N, "A record is of a type that the standard does not know.", _CARE),
    Kind("record-id", _structure, E, "A record's id is not a URI in angle brackets.", _WRITER),
    Kind("record-id-twice", _structure, E, "Two records have one id.", _WRITER),
    Kind("date", _structure, E, "A date is not in the form that the standard asks for.", _WRITER),
    Kind("date-coarse", _structure, N, "A date is coarser than a second; some replay tools fail on it.", _CARE),
    Kind("date-future", _structure, W, "A record is dated in the future.", "The clock of the machine was wrong, or the date was changed."),
    Kind("uri", _structure, E, "The address of a record is missing or malformed.", _WRITER),
    Kind("uri-form", _structure, W, "The address of a record holds characters that should be escaped.", _CARE),
    Kind("content-type", _structure, E, "The Content-Type of a record does not fit its type.", _WRITER),
    Kind("content-type-missing", _structure, W, "A record has no Content-Type.", _CARE),
    Kind("ip-address", _structure, E, "WARC-IP-Address is not an address.", _WRITER),
    Kind("ip-address-form", _structure, W, "An IPv6 address is not in its canonical form.", _CARE),
    Kind("truncated-reason", _structure, W, "WARC-Truncated gives a reason that the standard does not know.", _CARE),
    Kind("segment", _structure, E, "The fields of a segmented record contradict each other.", _WRITER),
    Kind("http-head", _structure, E, "The HTTP head of a record cannot be read.", _WRITER),
    Kind("http-form", _structure, W, "The HTTP head is readable, but not in its usual form.", _CARE),
    Kind("http-length", _structure, E, "The body is not as long as its HTTP head says, and no reason is given.", _DISTRUST),
    Kind("http-chunks", _structure, E, "The head says that the body is sent in chunks, and it is not.", _DISTRUST),
    Kind("http-coding", _structure, W, "The body is not encoded as Content-Encoding says.", _DISTRUST),
    Kind("bomb", _structure, W, "A body expands a thousandfold; programs that decode it may run out of memory.", "Handle it with care."),
    Kind("secret", _structure, W, "A credential is stored in a request or an address.", "Do not pass the file on before you changed it."),
    Kind("revisit", _structure, E, "A revisit record lacks what it must have.", _WRITER),
    Kind("revisit-form", _structure, W, "A revisit record lacks what it should have.", _CARE),
    Kind("warcinfo", _structure, W, "The file does not begin with a warcinfo record.", _CARE),
    Kind("zip-damaged", _structure, E, "The ZIP package is damaged.", _COPY),
    Kind("zip-header-changed", _structure, E, "The ZIP headers contradict each other, or are not as citekeeper writes them.", _DISTRUST),
    Kind("zip-name", _structure, E, "A file in the package has an unsafe or repeated name.", "Do not unpack it; treat it as hostile."),
    Kind("zip-link", _structure, E, "The package holds a link or an encrypted file.", "Do not unpack it; treat it as hostile."),
    Kind("zip-compressed", _structure, E, "A capture file in the package is compressed again, so that it cannot be read in part.", _WRITER),
    Kind("package", _structure, E, "The description of the package (datapackage.json) is missing or wrong.", _WRITER),
    Kind("package-form", _structure, W, "The description of the package is of another version than WACZ 1.1.1, or lacks a part.", _CARE),
    Kind("pages", _structure, E, "The list of pages is missing or wrong.", _WRITER),
    Kind("block-digest", _digests, E, "The content of a record does not have the digest written in it: it was changed.", _DISTRUST),
    Kind("payload-digest", _digests, E, "The page in a record does not have the digest written in it: it was changed.", _DISTRUST),
    Kind("payload-digest-chunked", _digests, W, "A payload digest covers the chunk framing too; many programs err there.", _CARE),
    Kind("digest-unreadable", _digests, E, "A digest is malformed.", _WRITER),
    Kind("digest-unknown", _digests, W, "A digest is of a kind that is not known here, and was not checked.", _CARE),
    Kind("digest-form", _digests, W, "A digest is right, but not written in its usual form.", _CARE),
    Kind("digest-missing", _digests, N, "A record has no digest: nothing shows whether it was changed.", _CARE),
    Kind("file-hash", _digests, E, "The file does not have the SHA-256 that is written beside it: it was changed.", _DISTRUST),
    Kind("file-hash-missing", _digests, W, "No SHA-256 of the file is written beside it.", "citekeeper verify --since keeps one from now on."),
    Kind("file-changed", _digests, E, "The file is not the one that was verified before.", _DISTRUST),
    Kind("file-lost", _digests, E, "A file whose SHA-256 is written here is gone.", "Restore it from a copy."),
    Kind("package-hash", _digests, E, "A file in the package does not have the hash or size that the package states.", _DISTRUST),
    Kind("package-files", _digests, E, "The package states a file that is not in it, or holds one that it does not state.", _DISTRUST),
    Kind("index-missing", _index, E, "There is no index.", "Without one, no viewer finds the captures; export them again."),
    Kind("index-line", _index, E, "A line of the index is malformed or out of order.", "Remove the index; it is made again from the records."),
    Kind("index-form", _index, W, "A line of the index lacks something that viewers want.", _CARE),
    Kind("index-wrong", _index, E, "A line of the index contradicts the record that it points to.", _DISTRUST),
    Kind("index-gap", _index, E, "A capture is not in the index.", "Remove the index; it is made again from the records."),
    Kind("reference-dangling", _coverage, W, "A record refers to one that is not here.", "Verify it together with the other files."),
    Kind("pair", _coverage, E, "Request and answer that belong together contradict each other.", _DISTRUST),
    Kind("revisit-target", _coverage, E, "A revisit contradicts the record that it refers to.", _DISTRUST),
    Kind("visit-incomplete", _coverage, E, "A record of a visit is missing.", _DISTRUST),
    Kind("page-uncaptured", _coverage, E, "A page of the list has no capture in the package.", _DISTRUST),
    Kind("page-time", _coverage, W, "A page of the list has captures, but none of that time.", _CARE),
    Kind("capture-lost", _coverage, E, "A capture that the ledger names is not where it should be.", "Restore the file from a copy."),
    Kind("relations-unread", _coverage, W, "There are too many records to compare each with those it refers to.", "Split the file."),
    Kind("left-open", _coverage, W, "A file was left by a run that was killed, or is being written.", "The next run in this folder finishes it."),
    Kind("signature-wrong", _signature, E, "The signature does not fit what is signed: one of the two was changed.", _DISTRUST),
    Kind("signature-form", _signature, E, "The signature cannot be read.", _DISTRUST),
    Kind("signature-unread", _signature, W, "The signature is of a kind that is not checked here.", "Check it with the program that made it."),
    Kind("timestamp-wrong", _timestamp, E, "The time stamp does not fit what it stamps, or is itself broken.", _DISTRUST),
    Kind("timestamp-form", _timestamp, E, "The time stamp cannot be read.", _DISTRUST),
    Kind("timestamp-unread", _timestamp, W, "Nothing on this machine can check the time stamp.", "Install openssl and verify again."),
    Kind("key-unknown", _trust, W, "The signature holds, but nothing here tells whose key it is.", "Name the key you trust with --key."),
    Kind("key-other", _trust, E, "The signature holds, but was made with another key than the one you trust.", _DISTRUST),
    Kind("authority-unknown", _trust, W, "The time stamp holds, but you named no authority to trust.", "Name its certificate with --ca."),
    Kind("authority-other", _trust, E, "The time stamp was not made by an authority that you trust.", _DISTRUST),
)
# fmt: on

KINDS = {kind.code: (kind.aspect, kind.severity) for kind in _KINDS}
CODES = tuple(CodeMeaning(kind.code, kind.meaning, kind.advice) for kind in _KINDS)
