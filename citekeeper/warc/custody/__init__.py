"""Chain of custody: keys, signatures, time stamps, and the detached files beside an export that carry them."""

from citekeeper.warc.custody.keys import (
    PublicKey,
    SigningKey,
    fingerprint,
    is_certificate,
    key_folder,
    own_key,
    own_key_fingerprint,
    public_der,
    public_pem,
    read_certificate_key,
    read_key,
    read_public_key,
    verifies,
)
from citekeeper.warc.custody.stamps import (
    REQUEST_TYPE,
    JudgedStamp,
    Question,
    Stamp,
    ask_for,
    chain_of,
    is_answer,
    read_stamps,
    stamps_of,
    verify_stamp,
    verify_token,
)

KEY_SUFFIX, SIGNATURE_SUFFIX, SET_SUFFIX = ".pub", ".sig", ".evidence.sha256"
"""Behind the name of the sums: the public key and the signature. Behind the name of the export: the sums of all of these."""

__all__ = [
    "KEY_SUFFIX",
    "REQUEST_TYPE",
    "SET_SUFFIX",
    "SIGNATURE_SUFFIX",
    "JudgedStamp",
    "PublicKey",
    "Question",
    "SigningKey",
    "Stamp",
    "ask_for",
    "chain_of",
    "fingerprint",
    "is_answer",
    "is_certificate",
    "key_folder",
    "own_key",
    "own_key_fingerprint",
    "public_der",
    "public_pem",
    "read_certificate_key",
    "read_key",
    "read_public_key",
    "read_stamps",
    "stamps_of",
    "verifies",
    "verify_stamp",
    "verify_token",
]
