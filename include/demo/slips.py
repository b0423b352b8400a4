"""What goes wrong row by row: broken numbers, odd names, doubled rows; never on planted people's rows."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from include.demo.departments.public_money import holders
from include.demo.identity_numbers import broken, fifteen
from include.demo.moments import EMPTY, WINDOW, age_in_month
from include.demo.programmes.assistance import LIVES_HERE
from include.demo.vocabulary import TRADITIONAL
from include.demo.world import World

_ROSTERS = (
    "elder_allowance",
    "disability_subsidy",
    "extreme_poverty",
    "child_welfare",
    "assistance_household",
    "assistance_member",
)
_RATES = {"payment": 0.02, "population": 0.05, "cremation": 2.0, "death_certificate": 1.0}
"""Broken numbers, in percent of the rows whose person may be hit; 0.8 elsewhere."""


@dataclass
class Slips:
    """Decides, from the district's state alone, whose rows go wrong where and when.

    A roster's row breaks only where the month before and after are whole and nothing about it changes: such a
    row is no exit, and nothing follows from it. Elsewhere only people about whom no rule asks are hit.
    """

    world: World
    unique_at_home: np.ndarray = field(init=False)
    unique_name: np.ndarray = field(init=False)
    masks: dict[str, np.ndarray] = field(init=False)
    ordinary: np.ndarray = field(init=False)
    lost: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        people = self.world.people
        self.unique_at_home = _alone(people.name_code.astype("int64") * 1_000 + people.village)
        self.unique_name = _alone(people.name_code)
        self.ordinary = ~self.world.reserved
        self.lost = np.array([row["person"] for row in self.world.extra.get("lost_certificate", [])], dtype="int64")
        self.masks = self._masks()

    def _masks(self) -> dict[str, np.ndarray]:
        world, people = self.world, self.world.people
        steady = {
            "elder_allowance": self._of(
                world.elders.person[
                    world.elders.always() & (world.elders.amount.min(axis=1) == world.elders.amount.max(axis=1))
                ]
            ),
            "disability_subsidy": self._of(world.nursing.person[world.nursing.always()])
            & ~self._of(world.living.person),
            "extreme_poverty": self._of(world.extreme.person[world.extreme.always()]),
            "child_welfare": self._of(world.children.person[world.children.always()]),
        }
        help_ = world.assistance
        always = help_.always()
        living = (help_.role == LIVES_HERE) & always[help_.member_household]
        heads = help_.member[help_.head[always, 0]]
        steady["assistance_household"] = self._of(heads)
        age = age_in_month(people.birth, WINDOW[0])
        certified = self._of(world.certificates.person)
        steady["assistance_member"] = (
            self._of(help_.member[living]) & ~self._of(heads) & ~certified & (age > 18) & (age < 59)
        )
        masks = {name: mask & self.unique_at_home for name, mask in steady.items()}
        mild = world.certificates.person[(world.certificates.grade == 3) & (world.certificates.category < 4)]
        masks["certificate"] = self._of(mild) & ~self._of(world.living.person) & ~world.poor
        nobody = ~holders(world) & (age < 78)
        masks["payment"] = people.died_on == EMPTY
        masks["population"] = (
            nobody & people.is_registered & (people.moved_on == EMPTY) & (people.died_on == EMPTY) & (age > 20)
        )
        masks["cremation"] = people.in_cremation & people.in_certificate & self.unique_name
        masks["death_certificate"] = people.in_cremation & people.in_certificate & self.unique_name
        masks["other"] = nobody
        return {name: mask & self.ordinary for name, mask in masks.items()}

    def _of(self, persons: np.ndarray) -> np.ndarray:
        marks = np.zeros(len(self.world.people), dtype=bool)
        marks[persons] = True
        return marks

    def broken_rows(self, dataset: str, index: int, person: np.ndarray) -> dict[int, int]:
        """Rows whose citizen number is broken, and in which way."""
        mask = self.masks.get(dataset, self.masks["other"])
        known = np.maximum(person, 0)
        draw = (
            known.astype("uint64") * np.uint64(2_654_435_761) + np.uint64(sum(dataset.encode()) * 7919)
        ) % np.uint64(100_003)
        share = _RATES.get(dataset, 0.8) * 1_000.3
        slot = (draw / share).astype("int64")  # each person errs in one month at most
        hit = mask[known] & (person >= 0) & (slot == index)
        if dataset == "payment":  # a row that cannot be read would make an uneven batch even again
            uneven = [row["town"] for row in self.world.extra.get("uneven", []) if row["file"] == index]
            hit &= ~np.isin(self.world.people.town[known], uneven)
        if dataset in _ROSTERS and index in (0, 6):
            hit[:] = False
        result = {int(row): int(row) % 4 for row in np.flatnonzero(hit)}
        if dataset == "certificate" and len(self.lost):
            result.update({int(row): 0 for row in np.flatnonzero(np.isin(person, self.lost))})
        return result

    def spoil(
        self,
        dataset: str,
        index: int,
        person: np.ndarray,
        texts: dict[str, list[str | None]],
        id_header: str,
        name_header: str,
        random: np.random.Generator,
    ) -> list[int]:
        """Change ids and names in place; returns the order of rows with some of them twice."""
        rows = len(person)
        ids, names = texts.get(id_header), texts.get(name_header)
        free = (person >= 0) & self.ordinary[np.maximum(person, 0)]
        breaks = self.broken_rows(dataset, index, person)
        draw = random.random(rows)
        if ids is not None:
            for row in np.flatnonzero(free & (draw < 0.012)).tolist():
                if ids[row]:
                    ids[row] = _odd_number(str(ids[row]), draw[row])
            for row, way in breaks.items():
                if ids[row]:
                    ids[row] = (
                        broken(str(texts[id_header][row]), way) if len(str(ids[row])) == 18 else "320625********0410"
                    )
        if names is not None:
            for row in np.flatnonzero(free & (draw > 0.988)).tolist():
                if names[row] and row not in breaks:
                    names[row] = _odd_name(str(names[row]), (draw[row] - 0.988) / 0.012)
        twice = np.flatnonzero(free & (draw > 0.5) & (draw < 0.501)).tolist()
        order = list(range(rows))
        for offset, row in enumerate(row for row in twice if row not in breaks):
            order.insert(row + 1 + offset, row)
        return order


def _alone(codes: np.ndarray) -> np.ndarray:
    _, place, times = np.unique(codes, return_inverse=True, return_counts=True)
    return times[place] == 1


def _odd_number(number: str, draw: float) -> str:
    """Forms that are read: an apostrophe, a small x, spaces, full-width digits, the old fifteen digits."""
    if len(number) != 18:
        return number
    if draw < 0.003 and number[6:8] == "19" and number[14:17] < "996":
        return fifteen(number)
    if draw < 0.006:
        return "'" + number
    if draw < 0.009:
        return number.lower() if number.endswith("X") else f"{number[:6]} {number[6:14]} {number[14:]}"
    if draw < 0.010:
        return number.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    return number + "　"


def _odd_name(name: str, draw: float) -> str:
    """Forms that are matched: spaces, a note, another dot, a traditional character, a character that was lost."""
    if "·" in name:
        return name.replace("·", "•")
    if draw < 0.35 and len(name) == 2:
        return f"{name[0]}　{name[1]}"
    if draw < 0.35:
        return f" {name}\u200b"
    if draw < 0.5:
        return f"{name}（户主）"
    if draw < 0.9:
        return "".join(TRADITIONAL.get(letter, letter) for letter in name)
    return name[:-1] + "?"
