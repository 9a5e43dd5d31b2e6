"""Ways to break SPSS files: by the records of their dictionary, and not only by the byte."""

from __future__ import annotations

import random
import struct
import zlib

from bench.fuzzing.mutations import broken_bytes

_WORDS = (0, 1, -1, 2, 3, 4, 6, 7, 8, 20, 99, 252, 254, 255, 256, 999, 2**31 - 1, -(2**31), 65536)
_FLOATS = (0.0, -1.0, 1e308, float("nan"), float("inf"), -1.7976931348623157e308, 2**53, 1e-320)
_TEXTS = (
    b"",
    b"\t",
    b"=",
    b"\x00",
    b"\xff\xfe",
    b"A=B\tA=C\t",
    b"UTF-8",
    b"UTF-16",
    b"X-NONE",
    b"$",
)
_ENCODINGS = (b"UTF-8", b"UTF-16", b"UTF-7", b"EBCDIC-US", b"windows-1252", b"windows-1255", b"?")
_HEADER = 176
_PORTABLE_HEADER = 464
_PORTABLE = b"0123456789ABCDEFGHIJKLMNOPQRST/*.-+ Z"


def broken_system_file(chance: random.Random, content: bytes) -> bytes:
    """Change header fields, whole records, or words and texts in them; of a .sav or .zsav."""
    if len(content) < _HEADER + 8 or chance.random() < 0.15:
        return broken_bytes(chance, content)
    records = _records(content)
    for _ in range(chance.choice([1, 1, 2, 4])):
        _change_record(chance, records)
    changed = b"".join(records)
    return broken_bytes(chance, changed) if chance.random() < 0.05 else changed


def _records(content: bytes) -> list[bytes]:
    """Return the header, each record of the dictionary, and the data."""
    found = [content[:_HEADER]]
    place = _HEADER
    while place + 8 <= len(content):
        end = _end_of_record(content, place)
        if end is None or end > len(content):
            break
        found.append(content[place:end])
        if _word(content, place) == 999:
            place = end
            break
        place = end
    return [*found, content[place:]]


def _end_of_record(content: bytes, place: int) -> int | None:
    try:
        kind = _word(content, place)
        if kind == 2:
            end = place + 32
            if _word(content, place + 8):
                length = _word(content, end)
                end += 4 + (length + 3) // 4 * 4
            return end + 8 * abs(_word(content, place + 12))
        if kind == 3:
            end = place + 8
            for _ in range(_word(content, place + 4)):
                end += 8 + (content[end + 8] + 8) // 8 * 8
            return end
        if kind == 4:
            return place + 8 + 4 * _word(content, place + 4)
        if kind == 6:
            return place + 8 + 80 * _word(content, place + 4)
        if kind == 7:
            return place + 16 + _word(content, place + 8) * _word(content, place + 12)
        return place + 8 if kind == 999 else None
    except (struct.error, IndexError):
        return None


def _word(content: bytes, place: int) -> int:
    return int(struct.unpack_from("<i", content, place)[0])


def _change_record(chance: random.Random, records: list[bytes]) -> None:
    at = chance.randrange(len(records))
    record = bytearray(records[at])
    words = len(record) // 4
    place = chance.randrange(min(words, 60)) * 4 if words else 0
    last = len(records) - 1
    match chance.randrange(10):
        case 0 | 1 | 2 if words:
            word = chance.choice([*_WORDS, _word(record, place) + chance.choice([-1, 1])])
            struct.pack_into("<i", record, place, max(-(2**31), min(2**31 - 1, word)))
        case 3 if len(record) >= place + 8:
            struct.pack_into("<d", record, place, chance.choice(_FLOATS))
        case 4 if 0 < at < last:
            del records[at]
            return
        case 5 if at < last:
            records.insert(chance.randrange(1, len(records)), bytes(record))
            return
        case 6 if at == last and record[:8] and chance.random() < 0.7:
            record = bytearray(_broken_blocks(chance, bytes(record)))
        case 7 if record[:4] == b"\x07\x00\x00\x00" and len(record) > 16:
            _change_extension(chance, record)
        case 8 if 0 < at < last:
            other = chance.randrange(1, last)
            records[at], records[other] = records[other], records[at]
            return
        case _:
            start = chance.randrange(len(record) + 1)
            record[start : start + chance.choice([1, 4, 8])] = chance.randbytes(
                chance.choice([1, 4, 8])
            )
    records[at] = bytes(record)


def _change_extension(chance: random.Random, record: bytearray) -> None:
    """Change the text of long names, sets, labels, or the encoding, and keep its length right."""
    payload = bytearray(record[16:])
    start = chance.randrange(len(payload) + 1)
    if chance.random() < 0.3 and _word(record, 4) == 20:
        payload = bytearray(chance.choice(_ENCODINGS))
    elif chance.random() < 0.5:
        payload[start : start + chance.choice([0, 1, 5, 40])] = chance.choice(_TEXTS)
    else:
        payload = bytearray(broken_bytes(chance, bytes(payload)))
    record[16:] = payload
    struct.pack_into("<ii", record, 8, 1, len(payload))


def _broken_blocks(chance: random.Random, data: bytes) -> bytes:
    """Change compressed data of a .zsav inside its blocks; other data by the byte."""
    if len(data) < 26 or data[24:25] != b"\x78":
        return broken_bytes(chance, data)
    start = 24
    unpacker = zlib.decompressobj()
    try:
        plain = unpacker.decompress(data[start:])
    except zlib.error:
        return broken_bytes(chance, data)
    packed = zlib.compress(broken_bytes(chance, plain))
    if chance.random() < 0.3:
        packed = zlib.compress(b"\xfd" * chance.choice([10_000, 20_000_000]))
    return data[:start] + packed + unpacker.unused_data


def broken_portable_file(chance: random.Random, content: bytes) -> bytes:
    """Change a .por in the characters that its numbers and records are written in."""
    if chance.random() < 0.3:
        return broken_bytes(chance, content)
    head, body = content[:_PORTABLE_HEADER], content[_PORTABLE_HEADER:]
    plain = bytearray(body.replace(b"\r", b"").replace(b"\n", b""))
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        if not plain:
            break
        start = chance.randrange(len(plain))
        length = chance.choice([1, 2, 5, 20])
        match chance.randrange(5):
            case 0:
                plain[start] = chance.choice(_PORTABLE)
            case 1:
                del plain[start : start + length]
            case 2:
                plain[start:start] = bytes(chance.choices(_PORTABLE, k=length))
            case 3:
                plain[start:start] = plain[start : start + 10 * length]
            case _:
                to = chance.randrange(len(plain))
                moved = plain[start : start + length]
                plain[to:to] = moved
    lines = [bytes(plain[at : at + 80]) for at in range(0, len(plain), 80)]
    return head + b"\r\n".join(lines) + b"\r\n"
