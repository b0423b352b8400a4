"""The book of planted cases and near misses: what the deliveries contain that a rule must find, or must not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from include.demo.world import World


@dataclass(frozen=True)
class Case:
    """One finding: the months (places in the window) in which its condition holds, with their severity."""

    rule_id: str
    programme: str
    subject_type: str
    person: int
    household: int
    event_key: str
    severity: dict[int, str]
    limb: str
    kind: str = "planted"


@dataclass(frozen=True)
class NearMiss:
    """Somebody a careless rule would find."""

    rule_id: str
    programme: str
    person: int
    household: int
    why: str


@dataclass
class Casebook:
    """Collects cases, and hands out people and households that no other case touches."""

    world: World
    cases: list[Case] = field(default_factory=list)
    near_misses: list[NearMiss] = field(default_factory=list)

    def plant(
        self,
        rule_id: str,
        programme: str,
        person: int,
        event_key: str,
        months: Iterable[int],
        severity: str | Callable[[int], str],
        limb: str,
        *,
        household: int = -1,
        subject: str = "person",
        kind: str = "planted",
    ) -> None:
        """Write a case down; months outside the window do not count."""
        levels = {
            index: severity if isinstance(severity, str) else severity(index) for index in months if 0 <= index < 10
        }
        if levels:
            self.cases.append(
                Case(rule_id, programme, subject, int(person), int(household), event_key, levels, limb, kind)
            )

    def near(self, rule_id: str, programme: str, person: int, why: str, household: int = -1) -> None:
        """Write a near miss down."""
        self.near_misses.append(NearMiss(rule_id, programme, int(person), int(household), why))

    def take(self, pool: np.ndarray, count: int, topic: str) -> list[int]:
        """Draw people from a pool, each with the household they are helped with, and reserve them all."""
        world = self.world
        pool = np.asarray(pool)
        pool = pool[~world.reserved[pool]]
        pool = world.streams.of("take", topic).permutation(pool)
        taken: list[int] = []
        for person in pool.tolist():
            if len(taken) == count:
                break
            if not world.reserved[person]:
                self.reserve(person)
                taken.append(person)
        if len(taken) < count:
            raise ValueError(f"本规模下人数不足 / too few people at this scale for: {topic}")
        return taken

    def reserve(self, person: int) -> None:
        """Keep everybody around a person from other cases and from the clerks' slips."""
        world = self.world
        world.reserved[person] = True
        for home in world.assistance.member_household[world.assistance.member == person].tolist():
            world.reserved[world.assistance.member[world.assistance.member_household == home]] = True

    def take_households(self, pool: np.ndarray, count: int, topic: str) -> list[int]:
        """Draw assistance households and reserve everybody in them."""
        help_ = self.world.assistance
        touched = np.zeros(len(help_), dtype=bool)
        touched[help_.member_household[self.world.reserved[help_.member]]] = True
        pool = np.asarray(pool)
        pool = self.world.streams.of("take", topic).permutation(pool[~touched[pool]])[:count]
        if len(pool) < count:
            raise ValueError(f"本规模下家庭不足 / too few households at this scale for: {topic}")
        for home in pool.tolist():
            self.world.reserved[help_.member[help_.member_household == home]] = True
        return pool.tolist()

    def amount(self, rate: float, least: int = 2) -> int:
        """How many cases a full district's number means at this scale."""
        return max(least, round(rate * self.world.scale))
