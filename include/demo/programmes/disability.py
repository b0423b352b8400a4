"""Disability certificates and the two subsidies that stand on them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from include.demo.geography import Geography
from include.demo.moments import EMPTY, WINDOW, age_in_month, day, first_day, month, month_of
from include.demo.people import People
from include.demo.programmes.roster import Roster
from include.demo.programmes.standards import LIVING_SHARE, NURSING_RURAL, NURSING_URBAN, STANDARD
from include.demo.streams import Streams

CATEGORIES = ("视力", "听力", "言语", "肢体", "智力", "精神", "多重")
GRADES = ("一级", "二级", "三级", "四级")
SIGHT, HEARING, SPEECH, LIMB, INTELLECT, MIND, MULTIPLE = range(7)
NORMAL, FROZEN, CANCELLED, EXPIRED, MOVED = range(5)
STATUSES = ("正常", "冻结", "注销", "过期", "迁出")
_SEVERE_CHILDREN = 20
TIERS = ("低保内重残", "低保内非重残", "低保外重残", "三四级智力精神", "一户多残依老养残", "护理")


@dataclass
class Certificates:
    """One row a certificate; ``status`` has one column a month of the window."""

    person: np.ndarray
    category: np.ndarray
    grade: np.ndarray
    issued_on: np.ndarray
    valid_until: np.ndarray
    renewal_pending: np.ndarray
    reissued: np.ndarray
    status: np.ndarray
    hidden: np.ndarray
    misprinted: dict[int, int] = field(default_factory=dict)
    """The two digits of category and grade that a row's number bears wrongly."""

    def __len__(self) -> int:
        return len(self.person)

    def number(self, people: People, row: int) -> str:
        """The certificate's number: citizen number, category, grade, and ``B1`` when issued again."""
        base = people.id_of(self.person[row])
        return f"{base}{self.tails()[row]}{'B1' if self.reissued[row] else ''}"

    def tails(self) -> np.ndarray:
        """The two digits of category and grade at the end of each number, as they are printed."""
        tails = (self.category.astype("int64") + 1) * 10 + self.grade + 1
        tails[list(self.misprinted)] = list(self.misprinted.values())
        return tails

    def row_of(self, person: int) -> int:
        """The row of a person, or -1."""
        found = np.flatnonzero(self.person == person)
        return int(found[0]) if len(found) else -1

    def severe(self) -> np.ndarray:
        """Certificates of grade one and two."""
        return self.grade <= 1

    def add(self, person: int, category: int, grade: int, issued_on: int, valid_until: int = EMPTY) -> int:
        """Issue one more certificate; returns its row."""
        until = issued_on + 3651 if valid_until == EMPTY else valid_until
        values = (person, category, grade, issued_on, until, False, False)
        names = ("person", "category", "grade", "issued_on", "valid_until", "renewal_pending", "reissued")
        for name, value in zip(names, values, strict=True):
            old = getattr(self, name)
            setattr(self, name, np.append(old, np.array([value], dtype=old.dtype)))
        empty = np.zeros((1, len(WINDOW)))
        self.status = np.vstack([self.status, empty.astype(self.status.dtype)])
        self.hidden = np.vstack([self.hidden, empty.astype(bool)])
        return len(self) - 1


@dataclass(frozen=True)
class Circumstances:
    """What decides which certificates and subsidies are consistent for a person; one flag a person each."""

    in_dibao: np.ndarray
    dibao_start: np.ndarray
    in_single_family: np.ndarray
    covered_alone: np.ndarray
    in_edge: np.ndarray
    moves_about: np.ndarray
    extremely_poor: np.ndarray
    orphaned: np.ndarray


def make_certificates(people: People, who: Circumstances, scale: float, streams: Streams) -> Certificates:
    """Draw who is certified, for what and how severely, so that no rule is offended by it."""
    random = streams.of("certificates")
    wanted = max(round(24_000 * scale), 1_050)
    age = age_in_month(people.birth, WINDOW[0])
    weight = np.select([age >= 75, age >= 55, age >= 18], [3.0, 2.0, 0.8], 0.35)
    weight = weight * np.where(who.in_dibao | who.extremely_poor, 6.0, 1.0)
    fit = (
        people.is_registered
        & ~who.orphaned
        & ~who.moves_about
        & ~who.covered_alone
        & (people.birth < first_day(WINDOW[0]) - 700)
    )
    weight = np.where(fit, weight, 0.0)
    young = (
        (people.birth > day(2004, 1, 1))
        & (people.birth < day(2017, 1, 1))
        & ~who.in_dibao
        & ~who.in_edge
        & ~who.in_single_family
    )
    young = random.choice(np.flatnonzero(fit & young), _SEVERE_CHILDREN, replace=False)
    weight[young] = 0
    others = random.choice(len(people), wanted - len(young), replace=False, p=weight / weight.sum())
    person = np.sort(np.concatenate([young, others]))
    category = random.choice(7, wanted, p=[0.12, 0.12, 0.02, 0.55, 0.09, 0.07, 0.03])
    grade = random.choice(4, wanted, p=[0.14, 0.22, 0.27, 0.37])
    # families on the edge and around a single recipient have mild disabilities: severe ones would be owed dibao;
    # so have parents of minors, lest a child be without anybody who can care for it
    minors = people.is_registered & (people.birth > day(2002, 12, 1))
    mild = who.in_edge[person] | who.in_single_family[person]
    mild |= np.isin(person, np.concatenate([people.father[minors], people.mother[minors]]))
    grade[mild] = 3
    category[mild & np.isin(category, (INTELLECT, MIND))] = LIMB
    grade[np.isin(person, young)] = np.arange(len(young)) % 2
    issued_on = day(2012, 1, 10) + random.integers(0, 3150, wanted)
    fresh = random.random(wanted) < 0.03
    fresh &= ~who.in_dibao[person] & ~mild & ~np.isin(person, young)
    issued_on[fresh] = first_day(WINDOW[0]) + random.integers(0, 300, int(fresh.sum()))
    issued_on = np.maximum(issued_on, people.birth[person] + 400)
    status = np.zeros((wanted, len(WINDOW)), dtype="int8")
    certificates = Certificates(
        person=person,
        category=category.astype("int8"),
        grade=grade.astype("int8"),
        issued_on=issued_on,
        valid_until=issued_on + 3651,
        renewal_pending=np.zeros(wanted, dtype=bool),
        reissued=random.random(wanted) < 0.08,
        status=status,
        hidden=np.zeros((wanted, len(WINDOW)), dtype=bool),
    )
    known = month_of(issued_on)
    for index, at in enumerate(WINDOW):
        certificates.hidden[:, index] = known > at
    # mild certificates that nobody's subsidy stands on run out like any paper
    idle = (grade >= 2) & ~np.isin(category, (INTELLECT, MIND)) & ~who.in_dibao[person] & (random.random(wanted) < 0.04)
    certificates.issued_on[idle] = day(2010, 6, 1) + random.integers(0, 500, int(idle.sum()))
    certificates.valid_until[idle] = certificates.issued_on[idle] + 3651
    for index, at in enumerate(WINDOW):
        certificates.status[idle & (certificates.valid_until < first_day(at)), index] = EXPIRED
    return certificates


def cancel_with_the_dead(certificates: Certificates, people: People, keep: np.ndarray) -> None:
    """The federation cancels a certificate in the month after a death or a removal, planted cases apart."""
    ends = np.where(people.died_on != EMPTY, people.died_on, people.moved_on)[certificates.person]
    ends_in = month_of(ends)
    gone = (ends != EMPTY) & ~keep[certificates.person]
    for index, at in enumerate(WINDOW):
        certificates.status[gone & (ends_in < at), index] = CANCELLED


def make_nursing(
    certificates: Certificates,
    people: People,
    geography: Geography,
    who: Circumstances,
    leaves: np.ndarray,
    streams: Streams,
) -> Roster:
    """Everybody with a severe certificate who is not extremely poor."""
    random = streams.of("nursing")
    rows = np.flatnonzero(certificates.severe() & ~who.extremely_poor[certificates.person])
    rows = rows[leaves[certificates.person[rows]] >= WINDOW[0]]
    person = certificates.person[rows]
    issued = month_of(certificates.issued_on[rows])
    start = np.minimum(np.maximum(issued, month(2016, 1)) + random.integers(0, 2, len(rows)), month(2020, 11))
    start = np.where(issued >= WINDOW[0] - 2, issued, start)
    roster = Roster.of(
        "disability_nursing",
        person,
        start,
        leaves[person],
        tier=np.full(len(rows), 5),
        certificate=rows.copy(),
        category=certificates.category[rows].copy(),
        grade=certificates.grade[rows].copy(),
    )
    urban = geography.village_is_urban[people.village[person]]
    roster.amount[:] = np.where(urban, NURSING_URBAN, NURSING_RURAL)[:, None]
    return roster


def make_living(
    certificates: Certificates,
    people: People,
    who: Circumstances,
    supported: np.ndarray,
    leaves: np.ndarray,
    streams: Streams,
) -> Roster:
    """Members of dibao households with a certificate, and severely disabled people outside without means.

    ``supported`` marks people with a pension or an employer's contributions, whom cover rules leave alone.
    """
    random = streams.of("living")
    person, grade, category = certificates.person, certificates.grade, certificates.category
    inside = who.in_dibao[person]
    main = np.isin(category, (SIGHT, LIMB, INTELLECT, MIND, MULTIPLE))
    mental = np.isin(category, (INTELLECT, MIND))
    severe = certificates.severe()
    outside = ~inside & ~who.in_edge[person] & ~supported[person] & ((severe & main) | ((grade == 2) & mental))
    rows = np.flatnonzero((inside | outside) & ~who.extremely_poor[person] & (leaves[person] >= WINDOW[0]))
    person, severe = person[rows], severe[rows]
    tier = np.select([inside[rows] & severe, inside[rows], severe], [0, 1, 2], 3)
    issued = month_of(certificates.issued_on[rows])
    start = np.minimum(np.maximum(issued, month(2016, 1)) + random.integers(0, 2, len(rows)), month(2020, 11))
    start = np.where(issued >= WINDOW[0] - 2, issued, start)
    start = np.where(inside[rows], np.maximum(start, who.dibao_start[person]), start)
    roster = Roster.of(
        "disability_living",
        person,
        start,
        leaves[person],
        tier=tier,
        certificate=rows.copy(),
        category=category[rows].copy(),
        grade=grade[rows].copy(),
    )
    fill_living_amounts(roster)
    return roster


def fill_living_amounts(roster: Roster) -> None:
    """Shares of the standard by tier."""
    share = np.array([LIVING_SHARE.get(tier, 0) for tier in TIERS])[roster.facts["tier"]]
    roster.amount[:] = share[:, None] * STANDARD[None, :] // 100
