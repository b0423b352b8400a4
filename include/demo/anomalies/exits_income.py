"""E09 to E12: contributions, pensions, taxed income and housing fund of those who say they have less."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import numpy as np

from include.demo.anomalies.pools import Pools
from include.demo.anomalies.subjects import Subject, Subjects
from include.demo.casebook import Casebook
from include.demo.departments.human_resources import SCHEMES, residents_pension
from include.demo.moments import EMPTY, WINDOW, age_in_month, month_iso
from include.demo.programmes.assistance import CODES, DIBAO, EDGE, RIGID, SINGLE, SUPPORTER
from include.demo.programmes.standards import STANDARD

Spells = dict[int, tuple[str, int]]
"""Who paid what, in cents, in a month of the window."""

_EMPLOYER, _FLEXIBLE = 0, 1
_LINE, _HIGH = 0, 1
_HALVES = {
    "dibao": (2, 3),
    "extreme_poverty": (2, 3),
    "dibao_single": (3, 4),
    "dibao_edge": (3, 4),
    "rigid_expenditure": (3, 4),
}
"""The line and the high line of a programme, in halves of the standard."""


def plant(book: Casebook, pools: Pools) -> None:
    """Plant the four rules."""
    subjects = Subjects(book, pools)
    _contributions(book, subjects)
    _contribution_near_misses(book, subjects)
    _pensions(book, subjects)
    _pension_near_misses(subjects)
    _taxed(subjects)
    _taxed_near_misses(subjects)
    _funds(subjects)
    _fund_near_misses(subjects)


def _rest(book: Casebook, subject: Subject, item: str) -> tuple[int, int]:
    """A year's cents without the member's recorded item, and how many person-months share the year."""
    _, home, person, _ = subject
    if home < 0:
        return 0, 12
    help_ = book.world.assistance
    rows = help_.members_of(home)
    own = rows[help_.member[rows] == person]
    everything = int((help_.wage + help_.business + help_.transfer)[rows].sum())
    return everything - int(getattr(help_, item)[own].sum()), 12 * len(rows)


def _level(book: Casebook, subject: Subject, item: str, index: int, yearly: Fraction | int) -> str:
    """Nothing, medium or high: the estimated income of a month beside the lines of the programme."""
    rest, months = _rest(book, subject, item)
    line, high = (Fraction(halves * months * int(STANDARD[index]), 2) for halves in _HALVES[subject[0]])
    return "high" if rest + yearly >= high else "medium" if rest + yearly >= line else ""


def _needed(book: Casebook, subject: Subject, item: str, index: int, which: int = _LINE) -> int:
    """The least whole cents a month that bring the household to a line in a month of the window."""
    rest, months = _rest(book, subject, item)
    return -(-(_HALVES[subject[0]][which] * months * int(STANDARD[index]) - 2 * rest) // 24)


def _steadily(payer: str, amount: int, months: Iterable[int]) -> Spells:
    return dict.fromkeys(months, (payer, amount))


def _spell(spells: Spells, newest: int) -> str:
    """The first month of the newest payer's spell, which three months without end."""
    payer, begin = spells[newest][0], newest
    for index in sorted((at for at in spells if at < newest and spells[at][0] == payer), reverse=True):
        if begin - index > 3:
            break
        begin = index
    return month_iso(WINDOW[begin])


def _insured(subjects: Subjects, subject: Subject, spells: Spells, limb: str = "", scheme: int = _EMPLOYER) -> None:
    """Contributions of months; with a limb, what they let a rule find."""
    book = subjects.book
    for index, (employer, base) in spells.items():
        book.world.add(
            "contribution",
            person=subject[2],
            employer=employer if scheme == _EMPLOYER else None,
            scheme=scheme,
            base=base,
            shown={index},
        )
    found: dict[int, tuple[str, str]] = {}
    for at in range(10):
        paid = [index for index in spells if at - 6 < index <= at]
        if len(paid) >= 3:
            yearly = Fraction(12 * sum(spells[index][1] for index in paid), len(paid))
            level = _level(book, subject, "wage", at, yearly)
            if level:
                found[at] = f"{spells[max(paid)][0]}|{_spell(spells, max(paid))}", level
    if limb:
        subjects.find_each("E09", subject, found, limb)


def _contributions(book: Casebook, subjects: Subjects) -> None:
    for place, subject in enumerate(subjects.headed(DIBAO, "E09/usual", book.amount(190, 3))):
        begin, end = ((0, 10), (3, 10), (0, 4))[place % 3]
        which = (_HIGH, _LINE)[place % 2]
        base = _needed(book, subject, "wage", 9, which) + 20_000
        _insured(subjects, subject, _steadily("南通海信家纺有限公司", base, range(begin, end)), "employed")
    for subject in subjects.headed(DIBAO, "E09/on_the_line"):
        base = _needed(book, subject, "wage", 0)
        _insured(subjects, subject, _steadily("南通江海包装有限公司", base, range(10)), "until_the_standard_rises")
    for subject in subjects.headed(DIBAO, "E09/returning"):
        base = _needed(book, subject, "wage", 9, _HIGH)
        _insured(subjects, subject, _steadily("南通永兴建筑劳务有限公司", base, (0, 1, 2, 5, 8, 9)), "returning")
    for subject in subjects.headed(DIBAO, "E09/new_employer"):
        base = _needed(book, subject, "wage", 9) + 5_000
        spells = _steadily("南通东灶港食品有限公司", base, range(5))
        spells |= _steadily("南通悦来五金有限公司", base, range(5, 10))
        _insured(subjects, subject, spells, "new_employer")
    for code in (SINGLE, EDGE):
        for place, subject in enumerate(subjects.headed(code, f"E09/{code}")):
            base = _needed(book, subject, "wage", 9, (_LINE, _HIGH)[place])
            _insured(subjects, subject, _steadily("南通常乐电动工具有限公司", base, range(1, 10)), CODES[code])
    for place, subject in enumerate(subjects.extreme("E09/extreme")):
        base = int(STANDARD[9]) * (2, 3)[place] // 2
        _insured(subjects, subject, _steadily("南通四甲保洁有限公司", base, range(2, 10)), "extreme_poverty")


def _contribution_near_misses(book: Casebook, subjects: Subjects) -> None:
    for subject in subjects.headed(DIBAO, "E09/near/two_months"):
        base = _needed(book, subject, "wage", 9, _HIGH)
        _insured(subjects, subject, _steadily("南通海信家纺有限公司", base, (1, 2, 8, 9)))
        subjects.near("E09", subject, "六个月内只缴两个月")
    for subject in subjects.headed(EDGE, "E09/near/below"):
        base = _needed(book, subject, "wage", 0) - 1
        _insured(subjects, subject, _steadily("南通常乐电动工具有限公司", base, range(10)))
        subjects.near("E09", subject, "推算人均收入略低于标准线")
    for subject in subjects.headed(SINGLE, "E09/near/flexible"):
        base = _needed(book, subject, "wage", 9, _HIGH)
        _insured(subjects, subject, _steadily("", base, range(10)), scheme=_FLEXIBLE)
        subjects.near("E09", subject, "灵活就业缴费，不是单位缴费")
    for subject in subjects.headed(RIGID, "E09/near/rigid"):
        base = _needed(book, subject, "wage", 9, _HIGH)
        _insured(subjects, subject, _steadily("南通江海包装有限公司", base, range(10)))
        subjects.near("E09", subject, "刚性支出困难家庭不适用")
    for subject in subjects.household(EDGE, "E09/near/supporter"):
        supporter = book.take(subjects.pools.bystanders, 1, f"E09/near/supporter/{subject[1]}")[0]
        book.world.assistance.add_member(subject[1], supporter, role=SUPPORTER, relation="儿子")
        helper = (subject[0], subject[1], supporter, subject[3])
        _insured(subjects, helper, _steadily("南通悦来五金有限公司", 900_000, range(10)))
        subjects.near("E09", helper, "缴费的是赡养人，不共同生活")


def _retired(subjects: Subjects, subject: Subject, schemes: dict[int, int], months: Iterable[int], limb: str) -> None:
    """Pensions of schemes in some months; with a limb, what they let a rule find."""
    book, (_, _, person, _) = subjects.book, subject
    shown = set(months)
    for scheme, amount in schemes.items():
        book.world.add("pension", person=person, scheme=scheme, amount=amount, shown=shown, **_PAID)
    found: dict[int, tuple[str, str]] = {}
    for at in sorted(shown):
        level = _level(book, subject, "pension", at, 12 * (sum(schemes.values()) + _residents(book, person, at)))
        if level:
            found[at] = SCHEMES[max(schemes, key=schemes.__getitem__)], level
    if limb:
        subjects.find_each("E10", subject, found, limb)


_PAID = {"status": "正常", "basic": EMPTY, "reason": "", "stopped_on": EMPTY}


def _residents(book: Casebook, person: int, index: int) -> int:
    """What the residents' scheme pays a person beside; it begins at sixty."""
    world = book.world
    if age_in_month(world.people.birth[person], WINDOW[index]) < 60:
        return 0
    return int(residents_pension(world, np.array([person]))[0])


def _pensions(book: Casebook, subjects: Subjects) -> None:
    aged = (50, 78)
    for place, subject in enumerate(subjects.headed(DIBAO, "E10/usual", book.amount(60, 2), aged)):
        amount = _needed(book, subject, "pension", 9, (_HIGH, _LINE)[place % 2]) + 2_000
        _retired(subjects, subject, {0: amount}, range((0, 4)[place % 2], 10), "enterprise")
    for subject in subjects.headed(DIBAO, "E10/returning", 2, aged):
        amount = _needed(book, subject, "pension", 9, _HIGH)
        _retired(subjects, subject, {1: amount}, (1, 2, 3, 6, 7, 8, 9), "returning")
    for subject in subjects.headed(EDGE, "E10/two_schemes", 2, aged):
        amount = _needed(book, subject, "pension", 9)
        _retired(subjects, subject, {0: amount * 2 // 3, 1: amount // 2}, range(2, 10), "two_schemes")
    for subject in subjects.headed(SINGLE, "E10/until_july", 2, (50, 60)):
        amount = _needed(book, subject, "pension", 5)
        _retired(subjects, subject, {0: amount}, range(10), "until_the_standard_rises")
    for place, subject in enumerate(subjects.extreme("E10/extreme")):
        _retired(subjects, subject, {0: (75_000, 112_500)[place]}, range(3, 10), "extreme_poverty")


def _pension_near_misses(subjects: Subjects) -> None:
    book = subjects.book
    for subject in subjects.headed(EDGE, "E10/near/below", 2, (50, 60)):
        amount = _needed(book, subject, "pension", 0) - 1
        _retired(subjects, subject, {0: amount}, range(10), "")
        subjects.near("E10", subject, "推算人均收入略低于标准线")
    for subject in subjects.headed(RIGID, "E10/near/rigid", 2, (50, 78)):
        _retired(subjects, subject, {0: 420_000}, range(10), "")
        subjects.near("E10", subject, "刚性支出困难家庭不适用")
    for subject in subjects.headed(SINGLE, "E10/near/suspended", 2, (50, 78)):
        stopped = _PAID | {"status": "暂停", "reason": "资格认证中"}
        book.world.add("pension", person=subject[2], scheme=0, amount=400_000, shown=set(range(10)), **stopped)
        subjects.near("E10", subject, "养老待遇暂停")


def _taxed_by(subjects: Subjects, subject: Subject, rows: list[tuple[str, int, int]], limb: str) -> None:
    """Declared income of payers in months; with a limb, what its sum lets a rule find."""
    book = subjects.book
    for payer, index, income in rows:
        item = "劳务报酬所得" if income % 100 else "工资薪金所得"
        book.world.add("personal_income", person=subject[2], payer=payer, item=item, income=income, shown={index})
    found: dict[int, tuple[str, str]] = {}
    for at in range(10):
        sums: dict[str, int] = {}
        for payer, index, income in rows:
            if index <= at:
                sums[payer] = sums.get(payer, 0) + income
        if sums and _level(book, subject, "wage", at, sum(sums.values())):
            found[at] = min(sums, key=lambda payer: (-sums[payer], payer)), "medium"
    if limb:
        subjects.find_each("E11", subject, found, limb)


def _taxed(subjects: Subjects) -> None:
    book = subjects.book
    for place, subject in enumerate(subjects.headed(DIBAO, "E11/usual", book.amount(90, 3))):
        begin = place % 3 * 3
        total = 12 * _needed(book, subject, "wage", 9)
        rows = [("南通三厂服饰有限公司", index, total // (7 - begin)) for index in range(begin, 10)]
        _taxed_by(subjects, subject, rows, "wages_add_up")
    for subject in subjects.headed(DIBAO, "E11/until_july"):
        rows = [("南通海门港物流有限公司", 1, 12 * _needed(book, subject, "wage", 5) + 50)]
        _taxed_by(subjects, subject, rows, "until_the_standard_rises")
    for subject in subjects.headed(DIBAO, "E11/two_payers"):
        total = 12 * _needed(book, subject, "wage", 9)
        rows = [("南通临江化工有限公司", 0, total + 100), ("南通余东苗木有限公司", 6, total + 200)]
        _taxed_by(subjects, subject, rows, "largest_payer_changes")
    for subject in subjects.headed(DIBAO, "E11/returning"):
        rows = [("南通余东苗木有限公司", index, _needed(book, subject, "wage", 9) * 4) for index in (1, 2, 3)]
        subjects.suspend(subject, (5, 6))
        _returning_taxed(subjects, subject, rows)
    for code in (SINGLE, EDGE, RIGID):
        for subject in subjects.headed(code, f"E11/{code}"):
            total = 12 * _needed(book, subject, "wage", 9)
            rows = [("南通包场水产有限公司", index, total // 4 + 100) for index in range(2, 6)]
            _taxed_by(subjects, subject, rows, CODES[code])


def _returning_taxed(subjects: Subjects, subject: Subject, rows: list[tuple[str, int, int]]) -> None:
    """A case that a suspension interrupts in the sixth and seventh month."""
    _taxed_by(subjects, subject, rows, "")
    total = sum(income for _, _, income in rows)
    months = [at for at in (3, 4, 7, 8, 9) if _level(subjects.book, subject, "wage", at, total)]
    subjects.find("E11", subject, rows[0][0], months, "medium", "returning")


def _taxed_near_misses(subjects: Subjects) -> None:
    book = subjects.book
    for subject in subjects.headed(EDGE, "E11/near/below"):
        _taxed_by(subjects, subject, [("南通包场水产有限公司", 3, 12 * (_needed(book, subject, "wage", 3) - 1))], "")
        subjects.near("E11", subject, "推算人均收入略低于标准线")
    for subject in subjects.extreme("E11/near/extreme"):
        _taxed_by(subjects, subject, [("南通四甲保洁有限公司", 2, 3_000_000)], "")
        subjects.near("E11", subject, "特困人员不适用")
    for subject in subjects.household(RIGID, "E11/near/supporter"):
        supporter = book.take(subjects.pools.bystanders, 1, f"E11/near/supporter/{subject[1]}")[0]
        book.world.assistance.add_member(subject[1], supporter, role=SUPPORTER, relation="女儿")
        helper = (subject[0], subject[1], supporter, subject[3])
        _taxed_by(subjects, helper, [("南通三厂服饰有限公司", 4, 9_000_000)], "")
        subjects.near("E11", helper, "申报的是赡养人，不共同生活")


def _saves(
    subjects: Subjects, subject: Subject, wages: dict[str, int], months: Iterable[int], limb: str, loan: int = EMPTY
) -> None:
    """Housing-fund rows of employers in some months; with a limb, what they let a rule find."""
    book, paid = subjects.book, sorted(months)
    for employer, wage in wages.items():
        for index in paid:
            # a percentage in odd months, a share in even ones
            book.world.add(
                "housing_fund",
                person=subject[2],
                employer=employer,
                amount=wage // 10,
                rate=10.0 if index % 2 else 0.1,
                loan=loan,
                shown={index},
            )
    found: dict[int, tuple[str, str]] = {}
    largest = min(wages, key=lambda employer: (-wages[employer], employer))
    for at in range(10):
        is_paid = any(at - 3 <= index <= at for index in paid)
        if is_paid and _level(book, subject, "wage", at, 12 * sum(wages.values())):
            found[at] = largest, "high" if loan > 0 else "medium"
    if limb:
        subjects.find_each("E12", subject, found, limb)


def _tens(cents: int) -> int:
    """Up to whole tenths of a yuan, of which a tenth part is a whole cent."""
    return -(-cents // 10) * 10


def _funds(subjects: Subjects) -> None:
    book = subjects.book
    for place, subject in enumerate(subjects.headed(DIBAO, "E12/usual", book.amount(30, 2))):
        wage = _tens(_needed(book, subject, "wage", 9))
        begin, end = ((0, 4), (3, 10))[place % 2]
        _saves(subjects, subject, {"南通正余纺织有限公司": wage}, range(begin, end), "usual")
    for subject in subjects.headed(DIBAO, "E12/loan"):
        wage = _tens(_needed(book, subject, "wage", 9, _HIGH))
        _saves(subjects, subject, {"南通海门城投有限公司": wage}, range(10), "loan", 180_000)
    for subject in subjects.headed(DIBAO, "E12/returning"):
        wage = _tens(_needed(book, subject, "wage", 9))
        _saves(subjects, subject, {"南通正余纺织有限公司": wage}, (0, 1, 7, 8), "returning")
    for code in (SINGLE, EDGE):
        for subject in subjects.headed(code, f"E12/{code}"):
            half = _tens(_needed(book, subject, "wage", 9) // 2)
            wages = {"南通刘浩机械有限公司": half + 1_000, "南通树勋塑业有限公司": half}
            _saves(subjects, subject, wages, range(4, 10), CODES[code])
    for subject in subjects.extreme("E12/extreme"):
        _saves(subjects, subject, {"南通四甲保洁有限公司": 75_000}, range(2, 5), "extreme_poverty")


def _fund_near_misses(subjects: Subjects) -> None:
    book = subjects.book
    for subject in subjects.headed(EDGE, "E12/near/below"):
        wage = _tens(_needed(book, subject, "wage", 0)) - 10
        _saves(subjects, subject, {"南通刘浩机械有限公司": wage}, range(10), "", 210_000)
        subjects.near("E12", subject, "推算人均收入略低于标准线")
    for subject in subjects.headed(RIGID, "E12/near/rigid"):
        _saves(subjects, subject, {"南通刘浩机械有限公司": 600_000}, range(10), "")
        subjects.near("E12", subject, "刚性支出困难家庭不适用")
    for subject in subjects.headed(SINGLE, "E12/near/no_rate"):
        for index in range(10):
            book.world.add(
                "housing_fund",
                person=subject[2],
                employer="南通刘浩机械有限公司",
                amount=60_000,
                rate=0.0,
                loan=EMPTY,
                shown={index},
            )
        subjects.near("E12", subject, "没有缴交率，无法推算工资")
