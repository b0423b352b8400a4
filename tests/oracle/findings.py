"""Data findings: what a person can see is wrong in the data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from unicodedata import category

from include.contracts import load_contract
from tests.oracle.district import (
    CATEGORIES,
    CERTIFICATE,
    CHILD,
    CONTRIBUTION,
    CREMATION,
    DEATH,
    ELDER,
    ESTATE,
    EXIT_ENTRY,
    EXTREME,
    FACTS,
    FUND,
    GRADES,
    HOUSEHOLD,
    INCIDENT,
    INCOME,
    MARRIAGE,
    MEMBER,
    PAYMENT,
    PAYROLL,
    POPULATION,
    SETTLEMENT,
    SNAPSHOTS,
    SUBSIDY,
    Row,
    first,
    last,
    month_of,
)
from tests.oracle.words import District, Found, long, on

# The date of a fact's own, whenever it was delivered.
_DATED = {
    CREMATION: "died_on", DEATH: "died_on", PAYROLL: "month", PAYMENT: "benefit_month", CONTRIBUTION: "month",
    INCOME: "month", FUND: "month", SETTLEMENT: "settled_on", EXIT_ENTRY: "exited_on", INCIDENT: "occurred_on",
}  # fmt: skip


def _delivered(district: District, m: int) -> Iterator[tuple[str, str, list[Row]]]:
    """Dataset, name and rows of each delivery that speaks in the month.

    A snapshot does while it is in force, a delivery of facts in the month of its period.
    """
    for dataset in SNAPSHOTS:
        for part, period in district.periods_in_force(dataset, m).items():
            yield dataset, f"{dataset}|{part}|{first(period)}", district.came.snapshots[dataset][part, period]
    for dataset, facts in district.came.facts.items():
        yield dataset, f"{dataset}||{first(m)}", [row for period, row in facts if period == m]


def d01(district: District, m: int) -> Iterator[Found]:
    """Rows that were refused for their numbers."""
    for _, delivery, rows in _delivered(district, m):
        for reason in {row["refused"] for row in rows if "refused" in row}:
            yield "", "delivery", "", f"{delivery}|{reason}", "medium"


def d02(district: District, m: int) -> Iterator[Found]:
    """Birth date or sex is not the number's."""
    stated = [(POPULATION, row) for number in district.register if (row := district.population(number, m))]
    stated += [(ELDER, row) for row in district.in_force(ELDER, m)]
    stated += [
        (CREMATION, row | {"id_no": id_no}) for id_no, rows in district.of(CREMATION).items() for row in rows
        if row["died_on"] <= last(m)
    ]  # fmt: skip
    for dataset, row in stated:
        id_no = row["id_no"]
        born = date(int(id_no[6:10]), int(id_no[10:12]), int(id_no[12:14]))
        sex = "男" if int(id_no[16]) % 2 else "女"
        if row.get("birth_date", born) not in (born, None) or row.get("sex", sex) not in (sex, None):
            yield "", "person", id_no, dataset, "medium"


def d03(district: District, m: int) -> Iterator[Found]:
    """One number, two names: on a roster and anywhere else."""
    rosters: dict[str, set[str]] = defaultdict(set)
    for dataset in (MEMBER, EXTREME, SUBSIDY, ELDER, CHILD):
        for row in district.in_force(dataset, m):
            rosters[row["id_no"]].add(dataset)
    for row in district.in_force(HOUSEHOLD, m):
        rosters[long(row["head_id_no"]) or ""].add(HOUSEHOLD)
    for dataset, id_no, name in _named(district, m):
        if id_no and name and not district.same(id_no, name):
            for roster in rosters.get(id_no, ()):
                yield "", "person", id_no, f"{roster}|{dataset}", "high"


def _named(district: District, m: int) -> Iterator[tuple[str, str | None, str | None]]:
    for dataset in SNAPSHOTS:
        for row in district.stated(dataset, m) if dataset != HOUSEHOLD else []:
            yield dataset, row.get("id_no", row.get("owner_id_no")), row.get("name", row.get("owner_name"))
    for dataset, column in _DATED.items():
        for _, row in district.facts[dataset]:
            if (row[column] if isinstance(row[column], int) else month_of(row[column])) <= m:
                yield dataset, long(row.get("id_no")), row.get("name")
    for row in district.estate(m):
        yield ESTATE, row["owner_id_no"], row["owner_name"]
    for _, row in district.facts[MARRIAGE]:
        if row["registered_on"] <= last(m):
            yield MARRIAGE, long(row["male_id_no"]), row["male_name"]
            yield MARRIAGE, long(row["female_id_no"]), row["female_name"]


def d04(district: District, m: int) -> Iterator[Found]:
    """Two numbers for one name, birth date and village."""
    alike: dict[tuple[str, date, str], set[str]] = defaultdict(set)
    homes = {row["household_no"]: row["village"] for row in district.in_force(HOUSEHOLD, m)}
    for dataset in (MEMBER, EXTREME, SUBSIDY, ELDER, CHILD):
        for row in district.in_force(dataset, m):
            village = homes.get(row["household_no"]) if dataset == MEMBER else row["village"]
            if village and row.get("role") in (None, "共同生活"):
                alike[row["name"], district.born(row["id_no"], m), village].add(row["id_no"])
    for numbers in alike.values():
        if len(numbers) > 1:
            pair = sorted(numbers)
            yield "", "person", pair[0], "|".join(pair), "medium"


def d05(district: District, m: int) -> Iterator[Found]:
    """A household without a phone, an address or its head."""
    members = district.members(m)
    for row in district.in_force(HOUSEHOLD, m):
        heads = {other["id_no"] for other in members.get(row["household_no"], [])}
        missing = [column for column in ("phone", "address") if not row[column]]
        missing += ["head_id_no"] if long(row["head_id_no"]) not in heads else []
        for column in missing:
            yield "", "household", row["household_no"], column, "low"


def d07(district: District, m: int) -> Iterator[Found]:
    """A certificate's number that is not its owner's, category's or grade's."""
    for row in district.in_force(CERTIFICATE, m):
        ending = f"{CATEGORIES.index(row['category']) + 1}{GRADES.index(row['grade']) + 1}"
        if row["certificate_no"] != row["id_no"] + ending:
            yield "", "person", row["id_no"], row["certificate_no"], "medium"


def d08(district: District, m: int) -> Iterator[Found]:
    """A list that is stale, or a snapshot that differs much from the last one of its part."""
    for dataset in (*SNAPSHOTS, *FACTS):
        newest = district.newest_period(dataset, m)
        if newest is not None and district.is_stale(dataset, m):
            yield "", "delivery", "", f"{dataset}|{first(newest)}", "high"
    for dataset in SNAPSHOTS:
        came = district.came.snapshots[dataset]
        for part, period in district.periods_in_force(dataset, m).items():
            earlier = [month for other, month in came if other == part and month < period]
            if earlier and _differ(came[part, period], came[part, max(earlier)]):
                yield "", "delivery", "", f"{dataset}|{first(period)}", "high"


def _differ(rows: list[Row], before: list[Row]) -> bool:
    now, then = (sum("refused" not in row for row in counted) for counted in (rows, before))
    return 10 * abs(now - then) > 3 * then


def d10(district: District, m: int) -> Iterator[Found]:
    """Members that are not as many as counted, or not one head."""
    members = district.members(m)
    for row in district.in_force(HOUSEHOLD, m):
        rows = members.get(row["household_no"], [])
        together = sum(other["role"] == "共同生活" for other in rows)
        heads = sum(other["relation"] in ("本人", "户主") for other in rows)
        if together != row["member_count"] or heads != 1:
            yield "", "household", row["household_no"], str(first(m)), "medium"


def d11(district: District, m: int) -> Iterator[Found]:
    """No authorisation, or one that is over, of a household that holds or is suspended."""
    for row in district.in_force(HOUSEHOLD, m):
        if row["status"] != "暂停" and not on(row, m):
            continue
        since, until = row["authorised_on"], row["authorised_until"]
        if since is None or since > last(m) or (until is not None and until < first(m)):
            yield "", "household", row["household_no"], str(until or ""), "high"


def d12(district: District, m: int) -> Iterator[Found]:
    """A damaged character in a name or an address that was accepted."""
    for dataset, delivery, rows in _delivered(district, m):
        for column in load_contract(dataset).columns.values():
            if column.type == "name" or column.name == "address":
                texts = [row.get(column.name) or "" for row in rows if "refused" not in row]
                if any(map(_is_damaged, texts)):
                    yield "", "delivery", "", f"{delivery}|{column.name}", "low"


def _is_damaged(text: str) -> bool:
    return "锟斤拷" in text or any(sign == "\ufffd" or category(sign) == "Co" for sign in text)
