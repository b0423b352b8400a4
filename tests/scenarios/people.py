"""Who lives in the scenarios' district: names, citizen numbers and villages, the same in every run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

DISTRICT = ("320699000000", "试验区", "试验县；试验市")
TOWNS = {"东镇": "320699100000", "西镇": "320699101000", "南镇": "320699102000"}
VILLAGES = {
    "东一村": ("320699100201", "东镇"),
    "东二村": ("320699100202", "东镇"),
    "西一村": ("320699101201", "西镇"),
    "南一村": ("320699102201", "南镇"),
}
_AREA = "320625"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Person:
    """One person as the register knows them; what a department writes may differ row by row."""

    name: str
    born: date
    sex: str
    village: str
    id_no: str
    registered: bool = True

    @property
    def town(self) -> str:
        """The town the village belongs to."""
        return VILLAGES[self.village][1]

    @property
    def fifteen(self) -> str:
        """The number in its old form of fifteen digits."""
        return self.id_no[:6] + self.id_no[8:17]

    @property
    def masked(self) -> str:
        """The number as a clerk hides it."""
        return self.id_no[:6] + "********" + self.id_no[-4:]


class Register:
    """Everybody who is mentioned anywhere; names are unique, so a name in a scenario means one person."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self._numbers: set[str] = set()

    def add(self, name: str, given: Any) -> Person:
        """Enter a person from what the YAML says: a birth date, or a mapping with ``born`` and more."""
        facts = dict(given) if isinstance(given, dict) else {"born": given}
        if name in self.people:
            raise ValueError(f"{name} is declared twice")
        born = facts.pop("born")
        person = Person(
            name=name,
            born=born,
            sex=facts.pop("sex", "男"),
            village=facts.pop("village", "东一村"),
            registered=facts.pop("registered", True),
            id_no="",
        )
        if facts:
            raise ValueError(f"{name}: unknown {sorted(facts)}")
        person = Person(**{**person.__dict__, "id_no": self._number(person)})
        self.people[name] = person
        return person

    def _number(self, person: Person) -> str:
        digest = hashlib.sha256(f"{person.name}{person.born}".encode()).digest()
        sequence = int.from_bytes(digest[:4], "big") % 990
        while True:
            odd = person.sex == "男"
            if sequence % 2 != odd:
                sequence += 1
            number = with_check_digit(f"{_AREA}{person.born:%Y%m%d}{sequence % 1000:03d}")
            if number not in self._numbers:
                self._numbers.add(number)
                return number
            sequence += 2


def with_check_digit(first17: str) -> str:
    """Complete a citizen number by its check character."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return first17 + "10X98765432"[total % 11]
