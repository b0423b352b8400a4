"""E13 checks with too much money, E21 grace that is over, E22 late reviews and D11 missing authorisations."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from include.demo.anomalies.pools import Pools
from include.demo.anomalies.subjects import Subject, Subjects
from include.demo.casebook import Casebook
from include.demo.moments import EMPTY, WINDOW, day, first_day, iso, last_day, month_iso
from include.demo.programmes.assistance import CODES, DIBAO, EDGE, RIGID, SINGLE
from include.demo.programmes.standards import STANDARD

_CLEAN: dict[str, int] = {"deposit_over": 0, "household_deposit_over": 0, "stock": 0, "fund": 0, "bond": 0}
_SIGNED = day(2019, 3, 6)


def plant(book: Casebook, pools: Pools) -> None:
    """Plant the four rules."""
    subjects = Subjects(book, pools)
    checks = _Checks(subjects)
    _assets(checks)
    _assets_that_change(checks)
    _asset_near_misses(checks)
    _grace(subjects)
    _reviews(subjects)
    _review_near_misses(subjects)
    _authorisations(subjects)
    _authorisation_near_misses(subjects)


class _Checks:
    """The verification centre's answers about planted subjects, which get no other."""

    def __init__(self, subjects: Subjects) -> None:
        self.subjects, self._serial = subjects, count(1)

    def answer(self, subject: Subject, index: int, day_of_month: int = 12, **facts: int) -> str:
        """One check in a month of the window; returns its number."""
        number = f"HD{WINDOW[index] // 12}{WINDOW[index] % 12 + 1:02d}02{next(self._serial):07d}"
        self.row(number, subject, index, day_of_month, **facts)
        return number

    def row(self, number: str, subject: Subject, index: int, day_of_month: int = 12, **facts: int) -> None:
        """One member's row of a check."""
        world, home = self.subjects.book.world, subject[1]
        world.add(
            "asset_check",
            number=number,
            household=home,
            household_no=str(world.assistance.number[home]) if home >= 0 else None,
            person=subject[2],
            checked_on=int(first_day(WINDOW[index])) + day_of_month - 1,
            shown={index},
            **(_CLEAN | facts),
        )

    def limit(self, subject: Subject, multiple: int, index: int) -> int:
        """What securities of a household come to at a multiple of the standard a member, in cents."""
        help_ = self.subjects.book.world.assistance
        people = len(help_.members_of(subject[1])) if subject[1] >= 0 else 1
        return multiple * people * int(STANDARD[index])


def _assets(checks: _Checks) -> None:
    subjects = checks.subjects
    amount = subjects.book.amount(40, 2)
    for place, subject in enumerate(subjects.headed(DIBAO, "E13/deposit", amount, (18, 79))):
        index = (0, 4)[place % 2]
        flag = ("deposit_over", "household_deposit_over")[place % 2]
        number = checks.answer(subject, index, **{flag: 1})
        subjects.find("E13", subject, number, range(index, 10), "high", "deposit")
    for subject in subjects.headed(DIBAO, "E13/until_july", 2, (18, 79)):
        half = checks.limit(subject, 24, 0) // 2
        number = checks.answer(subject, 1, stock=half, fund=half)
        subjects.find("E13", subject, number, range(1, 6), "high", "until_the_standard_rises")
    for code, multiple in ((SINGLE, 24), (EDGE, 36), (RIGID, 36)):
        for subject in subjects.headed(code, f"E13/{code}", 2, (18, 79)):
            number = checks.answer(subject, 3, bond=checks.limit(subject, multiple, 9))
            subjects.find("E13", subject, number, range(3, 10), "high", CODES[code])
    for subject in subjects.extreme("E13/extreme"):
        number = checks.answer(subject, 5, fund=checks.limit(subject, 24, 9))
        subjects.find("E13", subject, number, range(5, 10), "high", "extreme_poverty")


def _assets_that_change(checks: _Checks) -> None:
    subjects = checks.subjects
    for subject in subjects.headed(DIBAO, "E13/spent", 2, (18, 79)):
        number = checks.answer(subject, 2, deposit_over=1)
        checks.answer(subject, 6)
        subjects.find("E13", subject, number, range(2, 6), "high", "a_later_check_is_clean")
    for subject in subjects.headed(DIBAO, "E13/again", 2, (18, 79)):
        first, second = checks.answer(subject, 1, deposit_over=1), checks.answer(subject, 7, deposit_over=1)
        subjects.find("E13", subject, first, range(1, 7), "high", "checked_again")
        subjects.find("E13", subject, second, range(7, 10), "high", "checked_again")
    for subject in subjects.headed(DIBAO, "E13/returning", 2, (18, 79)):
        number = checks.answer(subject, 1, deposit_over=1)
        subjects.exempt(subject, "存款", f"存款{number}", "唯一住房变卖款", day(2022, 6, 30), (4, 5))
        subjects.find("E13", subject, number, (1, 2, 3, 6, 7, 8, 9), "high", "returning")
    help_ = subjects.book.world.assistance
    for home in subjects.book.take_households(subjects.pools.households[SINGLE], 2, "E13/together"):
        one, other = (int(help_.member[row]) for row in help_.members_of(home)[:2])
        subject = ("dibao_single", home, one, "household")
        half = -(-checks.limit(subject, 24, 9) // 2)
        number = checks.answer(subject, 2, stock=half)
        checks.row(number, ("dibao_single", home, other, "household"), 2, bond=half)
        subjects.find("E13", subject, number, range(2, 10), "high", "members_together")


def _asset_near_misses(checks: _Checks) -> None:
    subjects = checks.subjects
    for subject in subjects.headed(EDGE, "E13/near/below", 2, (18, 79)):
        checks.answer(subject, 1, stock=checks.limit(subject, 36, 0) - 1)
        subjects.near("E13", subject, "有价证券略低于三十六个月标准")
    for subject in subjects.headed(RIGID, "E13/near/corrected", 2, (18, 79)):
        checks.answer(subject, 3, 6, household_deposit_over=1)
        checks.answer(subject, 3, 21)
        subjects.near("E13", subject, "同月复查已更正")
    for subject in subjects.headed(EDGE, "E13/near/exempt", 2, (18, 79)):
        number = checks.answer(subject, 2, deposit_over=1)
        subjects.exempt(subject, "存款", f"存款{number}", "唯一住房变卖款", day(2022, 6, 30))
        subjects.near("E13", subject, "存款已认定豁免")
    for subject in subjects.headed(SINGLE, "E13/near/unauthorised", 2, (18, 79)):
        checks.answer(subject, 4, 20, deposit_over=1)
        _authorise(subjects, subject, _SIGNED, day(2021, 5, 10), range(5))
        _authorise(subjects, subject, day(2021, 6, 3), EMPTY, range(5, 10))
        subjects.near("E13", subject, "核对时授权已过期")


def _grace(subjects: Subjects) -> None:
    book = subjects.book
    help_ = book.world.assistance
    shapes = ((1, 2, 9), (0, 2, 7), (2, 5, 9))
    for place, subject in enumerate(subjects.headed(DIBAO, "E21/overstayed", book.amount(12, 4), (18, 79))):
        begin, until, last = shapes[place % 3]
        _withdraw(subjects, subject, begin, until, last)
        subjects.find("E21", subject, month_iso(WINDOW[until]), range(until + 1, last + 1), "high", "overstayed")
    for subject in subjects.headed(DIBAO, "E21/returning", 2, (18, 79)):
        _withdraw(subjects, subject, 0, 2, 9)
        subjects.suspend(subject, (5, 6))
        subjects.find("E21", subject, month_iso(WINDOW[2]), (3, 4, 7, 8, 9), "high", "returning")
    for subject in subjects.headed(DIBAO, "E21/near/last_month", 2, (18, 79)):
        _withdraw(subjects, subject, 4, 9, 9)
        subjects.near("E21", subject, "渐退期满当月")
    for subject in subjects.headed(DIBAO, "E21/near/ended", 2, (18, 79)):
        _withdraw(subjects, subject, 2, 5, 5)
        help_.reason[subject[1]] = "渐退期满"
        subjects.near("E21", subject, "渐退期满次月已终止")


def _withdraw(subjects: Subjects, subject: Subject, begin: int, until: int, last: int) -> None:
    """Let a household withdraw gradually until a month, and stay so on the list until a last month."""
    help_, home = subjects.book.world.assistance, subject[1]
    help_.in_grace[home, begin : last + 1] = True
    help_.grace_until[home] = WINDOW[until]
    if last < 9:
        help_.last[home], help_.reason[home] = WINDOW[last], "渐退期满"


def _late(subjects: Subjects, subject: Subject, due_on: int, shown: Iterable[int]) -> list[int]:
    """Leave a review undone in the lists of some months; returns the months in which it is overdue."""
    _, home, person, _ = subject
    shown = set(shown)
    subjects.book.world.add("review", household=home, person=person, due_on=due_on, shown=shown)
    return [index for index in sorted(shown) if due_on < first_day(WINDOW[index])]


def _find_late(subjects: Subjects, subject: Subject, due_on: int, months: Iterable[int], limb: str) -> None:
    def severity(index: int) -> str:
        days = int(first_day(WINDOW[index])) - due_on
        return "high" if days > 90 else "medium" if days > 30 else "low"

    subjects.find("E22", subject, iso(due_on), months, severity, limb)


def _reviews(subjects: Subjects) -> None:
    book = subjects.book
    dates = (day(2020, 12, 31), day(2021, 3, 31), day(2021, 8, 15), day(2021, 9, 30))
    for place, subject in enumerate(subjects.headed(DIBAO, "E22/overdue", book.amount(80, 4), (18, 79))):
        due_on = dates[place % 4]
        _find_late(subjects, subject, due_on, _late(subjects, subject, due_on, range(10)), "overdue")
    for subject in subjects.headed(DIBAO, "E22/caught_up", 2, (18, 79)):
        due_on = day(2021, 2, 20)
        _find_late(subjects, subject, due_on, _late(subjects, subject, due_on, range(6)), "caught_up")
    for subject in subjects.headed(DIBAO, "E22/returning", 2, (18, 79)):
        due_on = day(2021, 1, 5)
        subjects.suspend(subject, (4, 5))
        months = [index for index in _late(subjects, subject, due_on, range(10)) if index not in (4, 5)]
        _find_late(subjects, subject, due_on, months, "returning")
    for code in (SINGLE, EDGE, RIGID):
        for subject in subjects.headed(code, f"E22/{code}", 2, (18, 79)):
            due_on = (day(2021, 8, 31), day(2021, 6, 18), day(2021, 4, 1))[code - 1]
            _find_late(subjects, subject, due_on, _late(subjects, subject, due_on, range(10)), CODES[code])
    for subject in subjects.extreme("E22/extreme"):
        due_on = day(2021, 5, 31)
        _find_late(subjects, subject, due_on, _late(subjects, subject, due_on, range(10)), "extreme_poverty")


def _review_near_misses(subjects: Subjects) -> None:
    for subject in subjects.headed(EDGE, "E22/near/first_day", 2, (18, 79)):
        _late(subjects, subject, day(2021, 7, 1), range(7))
        subjects.near("E22", subject, "应复核日期是评估月第一天")
    for subject in subjects.extreme("E22/near/extreme"):
        _late(subjects, subject, day(2021, 10, 1), range(10))
        subjects.near("E22", subject, "应复核日期是评估月第一天")
    for subject in subjects.headed(SINGLE, "E22/near/suspended", 2, (18, 79)):
        _late(subjects, subject, day(2021, 4, 15), range(10))
        subjects.suspend(subject, range(4, 10))
        subjects.near("E22", subject, "待遇暂停期间")


def _authorise(subjects: Subjects, subject: Subject, signed_on: int, until: int, shown: Iterable[int]) -> None:
    world = subjects.book.world
    world.add("authorisation", household=subject[1], signed_on=signed_on, until=until, shown=set(shown))


def _find_unauthorised(subjects: Subjects, subject: Subject, until: int, months: Iterable[int], limb: str) -> None:
    _, home, person, kind = subject
    subjects.book.plant("D11", "", person, iso(until), months, "high", limb, household=home, subject=kind)


def _authorisations(subjects: Subjects) -> None:
    book = subjects.book
    for place, subject in enumerate(subjects.headed(DIBAO, "D11/expired", book.amount(40, 3), (18, 79))):
        until = (day(2020, 11, 30), day(2021, 4, 30), day(2021, 8, 14))[place % 3]
        _authorise(subjects, subject, _SIGNED, until, range(10))
        months = [index for index in range(10) if until < first_day(WINDOW[index])]
        _find_unauthorised(subjects, subject, until, months, "expired")
    for code in (SINGLE, EDGE, RIGID):
        for subject in subjects.headed(code, f"D11/{code}", 2, (18, 79)):
            _authorise(subjects, subject, EMPTY, EMPTY, range(2, 7))
            _find_unauthorised(subjects, subject, EMPTY, range(2, 7), f"never_signed_{CODES[code]}")
    for subject in subjects.headed(DIBAO, "D11/future", 2, (18, 79)):
        _authorise(subjects, subject, day(2021, 6, 1), EMPTY, range(10))
        _find_unauthorised(subjects, subject, EMPTY, range(5), "signed_later")
    for subject in subjects.headed(DIBAO, "D11/returning", 2, (18, 79)):
        until = day(2021, 1, 31)
        _authorise(subjects, subject, _SIGNED, until, (0, 1, 2, 5, 6, 7, 8, 9))
        _find_unauthorised(subjects, subject, until, (1, 2, 5, 6, 7, 8, 9), "returning")
    for subject in subjects.headed(EDGE, "D11/suspended", 2, (18, 79)):
        _authorise(subjects, subject, EMPTY, EMPTY, range(3, 10))
        subjects.suspend(subject, range(6, 10))
        _find_unauthorised(subjects, subject, EMPTY, range(3, 10), "suspended_too")


def _authorisation_near_misses(subjects: Subjects) -> None:
    book = subjects.book
    for code, why, until in (
        (SINGLE, "授权在评估月第一天到期", day(2021, 10, 1)),
        (RIGID, "授权在评估月之后到期", day(2021, 11, 15)),
    ):
        for subject in subjects.headed(code, f"D11/near/{why}", 2, (18, 79)):
            _authorise(subjects, subject, _SIGNED, until, range(10))
            book.near("D11", "", subject[2], why, subject[1])
    for subject in subjects.headed(EDGE, "D11/near/last_day", 2, (18, 79)):
        _authorise(subjects, subject, int(last_day(WINDOW[0])), EMPTY, range(10))
        book.near("D11", "", subject[2], "授权在当月最后一天签署", subject[1])
    for subject in subjects.headed(EDGE, "D11/near/ended", 2, (18, 79)):
        help_ = book.world.assistance
        help_.last[subject[1]], help_.reason[subject[1]] = WINDOW[4], "收入超过标准"
        _authorise(subjects, subject, _SIGNED, day(2021, 5, 31), range(10))
        book.near("D11", "", subject[2], "待遇终止后授权才到期", subject[1])
