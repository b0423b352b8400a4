"""Files as they might have been: one of the twin's own, with something done to its bytes, its table, its parts or name.

The same seed gives the same files. None of it knows what ingest does; a mutated file may well be a sound one.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.faults.hostile import zipped

_HAS_PART = re.compile(r"_\d{6}_")


@dataclass(frozen=True)
class Delivery:
    """A file to be delivered: into which folders, under which name, with which bytes."""

    department: str
    folder: str
    name: str
    content: bytes


def mutated(sources: list[Path], seed: int, number: int) -> Delivery:
    """The ``number``-th mutated file of a seed; its name is no other's."""
    chance = Random(f"{seed}:{number}")
    source = chance.choice(sources)
    name, content = source.name, source.read_bytes()
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        change = chance.choice(_CHANGES.get(source.suffix, []) * 2 + _BYTES)
        content = change(content, chance)
    stem, _, extension = name.rpartition(".")
    unique = f"{stem}{'-' if _HAS_PART.search(stem) else '_'}{number}.{extension}"
    if chance.random() < 0.08:
        unique = chance.choice(_NAMES)(unique, chance)
    return Delivery(source.parent.parent.name, source.parent.name, unique, content)


def _flip(content: bytes, chance: Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 3, 20, 200))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _lose(content: bytes, chance: Random) -> bytes:
    start = chance.randrange(len(content) + 1)
    return content[:start] + content[start + chance.choice((1, 7, 100, 4000)) :]


def _repeat(content: bytes, chance: Random) -> bytes:
    start = chance.randrange(len(content) + 1)
    return content[: start + chance.choice((1, 40, 3000))] + content[start:]


def _insert(content: bytes, chance: Random) -> bytes:
    start = chance.randrange(len(content) + 1)
    return content[:start] + chance.choice(_INSERTED) + content[start:]


_INSERTED = (
    b"\0", b"\0" * 600, b'"', b'","', b"\r", b"\n\n", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1a", b"<!DOCTYPE x>", b"\xd5",
    "锟斤拷".encode(), "锟斤拷".encode("gb18030"), b"=cmd|' /C calc'!A0", b"'; drop table x; --", b"\xe2\x80\xae",
    b"\t", b"9" * 400, b"{{ 7 * 7 }}", b"PK\3\4", b"\xd0\xcf\x11\xe0",
)  # fmt: skip


def _lines(change: Callable[[list[bytes], Random], list[bytes]]) -> Callable[[bytes, Random], bytes]:
    def apply(content: bytes, chance: Random) -> bytes:
        return b"\n".join(change(content.split(b"\n"), chance))

    return apply


def _double(lines: list[bytes], chance: Random) -> list[bytes]:
    return [line for line in lines for _ in range(1 + (chance.random() < 0.2))]


def _shuffle_lines(lines: list[bytes], chance: Random) -> list[bytes]:
    return chance.sample(lines, len(lines))


def _columns(lines: list[bytes], chance: Random) -> list[bytes]:
    fields = [line.split(b",") for line in lines]
    order = list(range(max(map(len, fields))))
    chance.shuffle(order)
    kept = order[: max(1, len(order) - chance.choice((0, 0, 0, 1, 2)))]
    return [b",".join(row[place] for place in kept if place < len(row)) for row in fields]


def _ragged(lines: list[bytes], chance: Random) -> list[bytes]:
    return [line + b",x" * chance.choice((0, 0, 0, 0, 1, 3)) for line in lines]


def _other_encoding(lines: list[bytes], chance: Random) -> list[bytes]:
    share, encoding = (
        chance.choice((0.05, 0.5, 1.0)),
        chance.choice(("utf-8", "gb18030", "utf-16", "big5", "utf-16-be")),
    )
    return [
        _as_text(line).encode(encoding, "replace") if chance.random() < share else line for line in lines
    ]  # fmt: skip


def _as_text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("gb18030", "replace")


def _other_separator(lines: list[bytes], chance: Random) -> list[bytes]:
    separator = chance.choice((b";", b"\t", b"|", b"\x01", "，".encode()))
    return [line.replace(b",", separator) for line in lines]


def _parts(change: Callable[[dict[str, bytes], Random], dict[str, bytes]]) -> Callable[[bytes, Random], bytes]:
    def apply(content: bytes, chance: Random) -> bytes:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                members = {name: archive.read(name) for name in archive.namelist()}
        except Exception:  # an earlier change has broken it already
            return _flip(content, chance)
        return zipped(change(members, chance)) if members else content

    return apply


def _damage_part(members: dict[str, bytes], chance: Random) -> dict[str, bytes]:
    name = chance.choice(list(members))
    return members | {name: chance.choice(_BYTES)(members[name], chance)}


def _drop_part(members: dict[str, bytes], chance: Random) -> dict[str, bytes]:
    name = chance.choice(list(members))
    return {each: content for each, content in members.items() if each != name}


def _swap_parts(members: dict[str, bytes], chance: Random) -> dict[str, bytes]:
    one, other = chance.choice(list(members)), chance.choice(list(members))
    return members | {one: members[other], other: members[one]}


def _rename_part(members: dict[str, bytes], chance: Random) -> dict[str, bytes]:
    name = chance.choice(list(members))
    new = chance.choice((name.upper(), f"x/{name}", f"{name}.csv", "一.csv", "xl/worksheets/sheet9.xml"))
    return {new if each == name else each: content for each, content in members.items()}


def _tags(members: dict[str, bytes], chance: Random) -> dict[str, bytes]:
    name = chance.choice(list(members))
    pieces = members[name].split(b"<")
    for _ in range(min(len(pieces), 5)):
        place = chance.randrange(len(pieces))
        pieces[place] = chance.choice((b"", pieces[place] * 2, pieces[place][::-1], b'c r="XFD1048576">', b"/row>"))
    return members | {name: b"<".join(pieces)}


_BYTES: list[Callable[[bytes, Random], bytes]] = [_flip, _cut, _lose, _repeat, _insert]
_CHANGES: dict[str, list[Callable[[bytes, Random], bytes]]] = {
    ".csv": [
        _lines(change)
        for change in (_double, _shuffle_lines, _columns, _ragged, _other_encoding, _other_separator)
    ],
    ".xlsx": [_parts(change) for change in (_damage_part, _damage_part, _drop_part, _swap_parts, _rename_part, _tags)],
    ".zip": [_parts(change) for change in (_damage_part, _damage_part, _drop_part, _rename_part)],
}  # fmt: skip
_NAMES: list[Callable[[str, Random], str]] = [
    lambda name, chance: name.rpartition(".")[0] + chance.choice((".xls", ".txt", ".csv", ".zip", ".XLSX", "", ".et")),
    lambda name, chance: name.replace("_2021", chance.choice(("_2199", "_2021-", "_", "_0000"))),
    lambda name, chance: name.replace(".", chance.choice(("\u202e.", "\n.", " .", "..", "：.")), 1),
    lambda name, chance: chance.choice(("副本 ", "x", "..\\")) + name,
]
