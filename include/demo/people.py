"""Residents: age, sex, place, names and citizen numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from include.demo.geography import Geography
from include.demo.identity_numbers import numbers
from include.demo.moments import EMPTY, day, first_day, month, month_of
from include.demo.streams import Streams
from include.demo.vocabulary import FEMALE_GIVEN, FULL_NAMES, MALE_GIVEN, STRANGER_SURNAMES, SURNAMES

RESIDENTS = 991_782
_MIDDLE_OF_WINDOW = day(2021, 6, 1)
_CENTENARIANS = 14
_ROUND_BIRTHDAYS = ((month(1941, 10), 8), *((month(1931, number), 4) for number in range(3, 8)))
"""Months of birth of which even a small district has some people: they turn eighty or ninety within the window."""
_GIVEN = MALE_GIVEN + "".join(letter for letter in FEMALE_GIVEN if letter not in MALE_GIVEN)


@dataclass
class People:
    """Everybody the deliveries speak of, as parallel arrays; a person is known by the place in them.

    ``is_registered`` marks residents; the rest are strangers, parents long dead and people of elsewhere.
    """

    birth: np.ndarray
    is_male: np.ndarray
    village: np.ndarray
    town: np.ndarray
    name_code: np.ndarray
    name: pa.Array
    id_no: pa.Array
    is_registered: np.ndarray
    household: np.ndarray
    relation: np.ndarray
    father: np.ndarray
    mother: np.ndarray
    spouse: np.ndarray
    died_on: np.ndarray = field(default_factory=lambda: np.empty(0))
    in_cremation: np.ndarray = field(default_factory=lambda: np.empty(0))
    in_certificate: np.ndarray = field(default_factory=lambda: np.empty(0))
    cancelled_on: np.ndarray = field(default_factory=lambda: np.empty(0))
    moved_on: np.ndarray = field(default_factory=lambda: np.empty(0))
    destination: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.birth)

    def id_of(self, person: int) -> str:
        """The citizen number of one person."""
        return self.id_no[int(person)].as_py() if person >= 0 else ""

    def name_of(self, person: int) -> str:
        """The name of one person."""
        return self.name[int(person)].as_py() if person >= 0 else ""

    def write_over(self, person: int, name: str, id_no: str) -> None:
        """Give one person another name and citizen number."""
        mask = np.arange(len(self)) == person
        self.name = pc.replace_with_mask(self.name, mask, pa.array([name]))
        self.id_no = pc.replace_with_mask(self.id_no, mask, pa.array([id_no]))


def age_shares() -> np.ndarray:
    """Share of each year of age, 0 to 105, after the census and the elder allowance's bands."""
    share = np.zeros(106)
    share[0:15] = np.linspace(0.85, 1.1, 15)
    share[0:15] *= 0.109 / share[0:15].sum()
    share[15:60] = np.linspace(0.6, 1.5, 45)
    share[15:60] *= 0.583 / share[15:60].sum()
    share[60:65] = 0.077 / 5
    # 80 and over: the stock that leaves 52 000 payees a month after the window's deaths
    share[80:90] = 0.9 ** np.arange(10)
    share[80:90] *= 0.04218 / share[80:90].sum()
    share[90:100] = 0.84 ** np.arange(10)
    share[90:100] *= 0.01128 / share[90:100].sum()
    share[100:106] = 0.5 ** np.arange(6)
    share[100:106] *= 0.000237 / share[100:106].sum()
    share[65:80] = np.linspace(1.9, 0.75, 15)
    share[65:80] *= (1 - share.sum() + share[65:80].sum()) / share[65:80].sum()
    return share / share.sum()


def make_people(scale: float, geography: Geography, streams: Streams, strangers: int) -> People:
    """Draw residents by quota of age and sex, and ``strangers`` who live elsewhere, at the end."""
    random = streams.of("people")
    residents = max(9_000, round(RESIDENTS * scale))
    total = residents + strangers
    count = _quota(age_shares(), residents)
    spare = max(_CENTENARIANS - int(count[100:].sum()), 0)  # a small district has a few as well
    count[101] += spare
    count[40] -= spare
    ages = np.repeat(np.arange(106), count)
    ages = np.concatenate([random.permutation(ages), random.integers(25, 90, strangers)])
    upper = (_MIDDLE_OF_WINDOW - ages * 365.2425).astype("int64")
    birth = upper - random.integers(0, 365, total)
    _pin_birthdays(birth[:residents])
    male_share = np.where(ages < 60, 0.505, np.where(ages < 80, 0.48, 0.40))
    is_male = (random.random(total) < male_share).astype("int8")
    village = random.choice(len(geography.village_name), total, p=_village_shares(geography, scale))
    is_registered = np.arange(total) < residents
    name_code = _distinct_names(_name_codes(is_male, is_registered, random), birth, village, random)
    nobody = np.full(total, -1, dtype="int32")
    return People(
        birth=birth.astype("int32"),
        is_male=is_male,
        village=village.astype("int16"),
        town=geography.village_town[village],
        name_code=name_code,
        name=_name_texts(name_code),
        id_no=_texts(numbers(birth, is_male.astype("int64"), streams.of("identity_numbers"))),
        is_registered=is_registered,
        household=nobody.copy(),
        relation=np.zeros(total, dtype="int8"),
        father=nobody.copy(),
        mother=nobody.copy(),
        spouse=nobody.copy(),
        died_on=np.full(total, EMPTY, dtype="int32"),
        in_cremation=np.zeros(total, dtype=bool),
        in_certificate=np.zeros(total, dtype=bool),
        cancelled_on=np.full(total, EMPTY, dtype="int32"),
        moved_on=np.full(total, EMPTY, dtype="int32"),
    )


def _pin_birthdays(birth: np.ndarray) -> None:
    """Move the nearest birthdays into months that would have too few."""
    for born_in, least in _ROUND_BIRTHDAYS:
        missing = least - int((month_of(birth) == born_in).sum())
        if missing > 0:
            pinned = np.isin(month_of(birth), [pinned_month for pinned_month, _ in _ROUND_BIRTHDAYS])
            others = np.where(pinned, 10**6, np.abs(birth - first_day(born_in)))
            moved = np.argsort(others, kind="stable")[:missing]
            birth[moved] = first_day(born_in) + 3 + np.arange(missing) * 2


def _texts(numbers_: np.ndarray) -> pa.Array:
    """Citizen numbers as one arrow array; a large numpy array would come back in chunks."""
    width = numbers_.dtype.itemsize
    offsets = pa.array(np.arange(len(numbers_) + 1, dtype="int32") * width)
    return pa.StringArray.from_buffers(len(numbers_), offsets.buffers()[1], pa.py_buffer(numbers_.tobytes()))


def _village_shares(geography: Geography, scale: float) -> np.ndarray:
    """Where people live; in a small district the towns are nearly equal, lest one consist of three people."""
    equal = min(0.5, 0.005 / scale)
    share = geography.village_weight / geography.village_weight.sum()
    towns = np.bincount(geography.village_town, weights=share)
    wanted = (1 - equal) * towns + equal / len(towns)
    share = share * (wanted / towns)[geography.village_town]
    return share / share.sum()


def _quota(share: np.ndarray, total: int) -> np.ndarray:
    exact = share * total
    count = np.floor(exact).astype("int64")
    missing = total - int(count.sum())
    count[np.argsort(-(exact - count), kind="stable")[:missing]] += 1
    return count


def _name_codes(is_male: np.ndarray, is_registered: np.ndarray, random: np.random.Generator) -> np.ndarray:
    total = len(is_male)
    weight = 1 / (np.arange(len(SURNAMES)) + 6.0)
    surname = random.choice(len(SURNAMES), total, p=weight / weight.sum())
    surname = np.where(is_registered, surname, len(SURNAMES) + random.integers(0, len(STRANGER_SURNAMES), total))
    places = np.array([_GIVEN.index(letter) for letter in FEMALE_GIVEN])
    males = len(MALE_GIVEN)
    first = np.where(is_male == 1, random.integers(0, males, total), places[random.integers(0, len(places), total)])
    second = np.where(is_male == 1, random.integers(0, males, total), places[random.integers(0, len(places), total)])
    second = np.where(random.random(total) < 0.12, 999, second)
    code = surname.astype("int64") * 1_000_000 + first * 1000 + second
    rare = (random.random(total) < 0.0005) & is_registered
    return np.where(rare, -1 - random.integers(0, len(FULL_NAMES), total), code)


def _distinct_names(
    code: np.ndarray, birth: np.ndarray, village: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """Nobody shares name, birthday and village with somebody else: that would be a finding."""
    code = code.copy()
    while True:
        order = np.lexsort((code, village, birth))
        same = (np.diff(code[order]) == 0) & (np.diff(village[order]) == 0) & (np.diff(birth[order]) == 0)
        again = order[1:][same]
        if not len(again):
            return code
        fresh = random.integers(0, len(_GIVEN), len(again)) * 1000 + random.integers(0, len(_GIVEN), len(again))
        code[again] = np.abs(code[again]) // 1_000_000 * 1_000_000 + fresh


def _name_texts(code: np.ndarray) -> pa.Array:
    distinct, place = np.unique(code, return_inverse=True)
    surnames = SURNAMES + STRANGER_SURNAMES
    texts = []
    for value in distinct.tolist():
        if value < 0:
            texts.append(FULL_NAMES[-1 - value])
            continue
        second = value % 1000
        texts.append(
            surnames[value // 1_000_000] + _GIVEN[value // 1000 % 1000] + ("" if second == 999 else _GIVEN[second])
        )
    return pa.array(texts).take(pa.array(place))
