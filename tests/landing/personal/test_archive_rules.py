"""Originals are kept as the registry says: as they are, encrypted, or not at all."""

from __future__ import annotations

import io

import pytest
from personal_survey import (
    KEY,
    OTHER_KEY,
    deliver,
    files_with,
    land_inbox,
    personal_registry,
    query,
    respondents,
)

from barometer.environment import ARCHIVE_KEY
from landing.findings.errors import LandingError
from landing.storage.archive import archive_file, fingerprint, read_original
from landing.storage.encryption import MAGIC, PIECE, decrypt, encrypt, encrypted_size
from landing.storage.keys import MissingKeyError, SecretKey

SECRET = SecretKey(ARCHIVE_KEY.name, KEY.encode())


def encrypted(content: bytes, key: SecretKey = SECRET) -> bytes:
    sink = io.BytesIO()
    encrypt(io.BytesIO(content), sink, key)
    return sink.getvalue()


def decrypted(content: bytes, key: SecretKey = SECRET) -> bytes:
    return b"".join(decrypt(io.BytesIO(content), key, "test"))


def test_a_plain_original_is_kept_byte_for_byte(settings) -> None:
    path = deliver(settings, "2024_export_main.csv", respondents((1,)))

    land_inbox(settings, personal_registry(archive="plain"))

    ((place,),) = query(settings, "select archive_path from raw.exports")
    assert (settings.archive / place).read_bytes() == path.read_bytes()
    assert b"".join(read_original(settings.archive, place)) == path.read_bytes()


def test_an_encrypted_original_can_be_read_back_with_the_key_only(settings, monkeypatch) -> None:
    monkeypatch.setenv(ARCHIVE_KEY.name, KEY)
    path = deliver(settings, "2024_export_main.csv", respondents((1, 2)))

    land_inbox(settings, personal_registry(archive="encrypted"))

    ((place,),) = query(settings, "select archive_path from raw.exports")
    assert files_with(settings.archive, "example.org", "person") == []
    assert b"".join(read_original(settings.archive, place, SECRET)) == path.read_bytes()
    with pytest.raises(LandingError, match="encrypted"):
        b"".join(read_original(settings.archive, place))
    wrong = SecretKey(ARCHIVE_KEY.name, OTHER_KEY.encode())
    with pytest.raises(LandingError, match="another key"):
        b"".join(read_original(settings.archive, place, wrong))


def test_without_the_key_nothing_is_landed(settings) -> None:
    deliver(settings, "2024_export_main.csv", respondents((1,)))

    with pytest.raises(MissingKeyError, match="originals are encrypted"):
        land_inbox(settings, personal_registry(archive="encrypted"))

    assert not settings.home.exists()


def test_an_original_that_is_not_kept_leaves_its_hash(settings) -> None:
    path = deliver(settings, "2024_export_main.csv", respondents((1,)))

    land_inbox(settings, personal_registry(archive="off"))

    rows = query(settings, "select archive_path, content_sha256 from raw.exports")
    assert rows == [(None, fingerprint(path).sha256)]
    assert not settings.archive.exists()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 5])
def test_every_length_comes_back(size) -> None:
    content = bytes(number % 251 for number in range(size))

    hidden = encrypted(content)

    assert decrypted(hidden) == content
    assert len(hidden) == encrypted_size(size)
    assert hidden != encrypted(content)


def test_content_that_is_there_is_not_encrypted_again(settings, tmp_path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"content")

    place = archive_file(path, settings.archive, fingerprint(path), SECRET)
    before = (settings.archive / place).read_bytes()
    archive_file(path, settings.archive, fingerprint(path), SECRET)

    assert (settings.archive / place).read_bytes() == before


def test_what_was_changed_cut_or_swapped_does_not_decrypt() -> None:
    hidden = encrypted(bytes(3 * PIECE))
    head, piece = len(MAGIC) + 16, PIECE + 16
    first, second = hidden[head : head + piece], hidden[head + piece : head + 2 * piece]
    spoilt = [
        hidden[:-1],
        hidden[: head + 2 * piece],
        hidden[:head],
        hidden[:head] + second + first + hidden[head + 2 * piece :],
        hidden[:100] + bytes([hidden[100] ^ 1]) + hidden[101:],
        hidden[: head - 1] + bytes([hidden[head - 1] ^ 1]) + hidden[head:],
        b"something else",
        b"",
    ]

    for content in spoilt:
        with pytest.raises(LandingError):
            decrypted(content)


def test_a_plain_original_that_rotted_is_noticed(settings) -> None:
    deliver(settings, "2024_export_main.csv", respondents((1,)))
    land_inbox(settings, personal_registry())
    ((place,),) = query(settings, "select archive_path from raw.exports")
    (settings.archive / place).write_bytes(b"rotten")

    with pytest.raises(LandingError, match="not what was archived"):
        b"".join(read_original(settings.archive, place))
    with pytest.raises(LandingError, match="cannot be read"):
        b"".join(read_original(settings.archive, "aa/nothing"))
