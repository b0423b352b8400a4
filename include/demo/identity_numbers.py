"""Citizen numbers by GB 11643: unique, valid, and impossible ones for the clerks' slips."""

from __future__ import annotations

import numpy as np

_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK = np.frombuffer(b"10X98765432", dtype="uint8")
_OTHER_AREAS = np.array(
    [
        320626,
        320681,
        320624,
        320683,
        320612,
        320623,
        320622,
        320682,
        320621,
        320685,
        320602,
        320611,
        310230,
        320902,
        340123,
        510722,
        411327,
        522425,
    ]
)


def numbers(births: np.ndarray, is_male: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """One number a person, unique in the batch, as an array of 18 bytes each."""
    area = _areas(births, random)
    order = np.lexsort((is_male, births, area))
    group = (area[order] * 100_000 + births[order] + 50_000) * 2 + is_male[order]
    is_first = np.ones(len(group), dtype=bool)
    is_first[1:] = group[1:] != group[:-1]
    start = np.maximum.accumulate(np.where(is_first, np.arange(len(group)), 0))
    rank = np.arange(len(group)) - start
    offset = random.integers(0, 490, len(group))[start]
    sequence = np.empty(len(group), dtype="int64")
    # 7 is coprime to 497: the sequence visits every slot once and stays below 994, clear of the codes of centenarians
    sequence[order] = ((offset + rank * 7) % 497) * 2
    return assemble(area, births, sequence + is_male)


def _areas(births: np.ndarray, random: np.random.Generator) -> np.ndarray:
    years = births.astype("datetime64[D]").astype("datetime64[Y]").astype("int64") + 1970
    late = births >= np.datetime64("2020-06-05", "D").astype("int64")
    home = np.where(late, 320614, np.where(years >= 1995, 320684, 320625))
    stays = random.random(len(births)) < np.where(late, 0.95, np.where(years >= 1995, 0.90, 0.93))
    return np.where(stays, home, random.choice(_OTHER_AREAS, len(births)))


def assemble(area: np.ndarray, births: np.ndarray, sequence: np.ndarray) -> np.ndarray:
    """Put area, day of birth, sequence and check digit together."""
    days = births.astype("datetime64[D]")
    years = days.astype("datetime64[Y]").astype("int64") + 1970
    months = days.astype("datetime64[M]").astype("int64") % 12 + 1
    dates = (days - days.astype("datetime64[M]")).astype("int64") + 1
    body = ((area.astype("int64") * 10_000 + years) * 100 + months) * 100 + dates
    body = body * 1000 + sequence
    digits = np.empty((len(body), 18), dtype="uint8")
    rest = body.copy()
    for place in range(16, -1, -1):
        digits[:, place] = rest % 10
        rest //= 10
    digits[:, 17] = _CHECK[(digits[:, :17] @ _WEIGHTS) % 11] - 48
    digits += 48
    return np.ascontiguousarray(digits).view("S18").ravel()


def is_valid(number: str) -> bool:
    """Whether the eighteenth character is the right check digit."""
    if len(number) != 18 or not number[:17].isdigit():
        return False
    total = sum(int(digit) * int(weight) for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return chr(_CHECK[total % 11]) == number[17]


def fifteen(number: str) -> str:
    """The old form of a number of somebody born before 2000."""
    return number[:6] + number[8:17]


def broken(number: str, way: int) -> str:
    """A number as a careless export leaves it: wrong digit, masked, cut, or written as a float."""
    if way == 0:
        wrong = "0" if number[17] != "0" else "1"
        return number[:17] + wrong
    if way == 1:
        return number[:6] + "********" + number[14:]
    if way == 2:
        return number[:17]
    return f"{number[0]}.{number[1:15].rstrip('0') or '0'}E+17"
