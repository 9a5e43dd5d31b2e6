"""Files encrypted piece by piece: AES-256-GCM, a fresh key per file, order and end protected.

A file is a header (a magic text and a random salt) and pieces of 1 MiB, each with its tag. The
key of the file is derived from the key of the archive and the salt (HKDF-SHA256). The nonce of a
piece is its number and whether it is the last one, so pieces that are swapped, left out or cut
off do not decrypt.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from landing.findings.errors import LandingError
from landing.storage.keys import SecretKey

MAGIC = b"barometer archive 1\n"
PIECE = 1024 * 1024
_SALT = 16
_TAG = 16


class Readable(Protocol):
    """Where bytes come from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to so many bytes; none at the end."""


def encrypt(source: Readable, sink: BinaryIO, key: SecretKey) -> None:
    """Write the content of a stream to another, encrypted."""
    header = MAGIC + os.urandom(_SALT)
    cipher = _cipher(key, header)
    sink.write(header)
    number, piece = 0, source.read(PIECE)
    while True:
        following = source.read(PIECE)
        sink.write(cipher.encrypt(_nonce(number, is_last=not following), piece, header))
        if not following:
            return
        number, piece = number + 1, following


def decrypt(source: BinaryIO, key: SecretKey, where: str) -> Iterator[bytes]:
    """Yield the content of an encrypted stream, piece by piece, each as it was written.

    Raises:
        LandingError: it is no encrypted file, was changed or cut, or the key is another one.
    """
    header = source.read(len(MAGIC) + _SALT)
    if len(header) != len(MAGIC) + _SALT or not header.startswith(MAGIC):
        raise _unreadable("The file is not an encrypted original.", where)
    cipher = _cipher(key, header)
    number, piece = 0, source.read(PIECE + _TAG)
    while True:
        following = source.read(PIECE + _TAG)
        try:
            yield cipher.decrypt(_nonce(number, is_last=not following), piece, header)
        except InvalidTag as error:
            raise _unreadable(
                "The file cannot be decrypted: it was changed, or another key was used.", where
            ) from error
        if not following:
            return
        number, piece = number + 1, following


def encrypted_size(size: int) -> int:
    """Return how large a file becomes."""
    pieces = max(1, -(-size // PIECE))
    return len(MAGIC) + _SALT + size + pieces * _TAG


def _cipher(key: SecretKey, header: bytes) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=header, info=b"barometer archive")
    return AESGCM(derived.derive(key.secret))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _unreadable(what: str, where: str) -> LandingError:
    return LandingError(
        what,
        where=where,
        expected="a file that this archive encrypted, and the key of that day",
        remedy="Check the key; if the key is right, restore the file from a backup.",
    )
