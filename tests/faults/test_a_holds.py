"""Fault A23 and what goes with it: what moves too far waits for a person, and replaces nothing until then."""

from __future__ import annotations

import json
import threading

import pytest

from include.contracts import load_contract
from include.ingest import landing
from include.ingest.decisions import REFUSED, RELEASED, DecisionError, decide, open_holds
from include.ingest.holds import Standing, in_force
from include.journal.entries import read
from include.journal.schema import engine
from include.periods import Month
from include.warehouse.ledger import fingerprint, known_moment
from tests.ingest.conftest import District

ELDERS, VEHICLES, TICKETS = "civil_affairs.elder_allowance", "public_security.vehicle", "hotline.ticket"
REGION = "civil_affairs.region"
TOWN, OTHER_TOWN = "三星镇", "海门街道"
VILLAGES = {TOWN: "叠石桥村", OTHER_TOWN: "光华社区"}
WHY = "与镇街电话核实"


def _id_no(number: int) -> str:
    body = f"320625193804{number // 1000 + 10:02d}{number % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


def _elders(*towns: tuple[str, int], bad: int = 0) -> str:
    rows = [
        f"某人,{_id_no(number + 500 * (town == OTHER_TOWN))},{town},{VILLAGES[town]},50,202001,在享"
        for town, count in towns
        for number in range(count)
    ]
    rows += [f"某人,1,{TOWN},{VILLAGES[TOWN]},50,202001,在享"] * bad
    return "\n".join(("姓名,身份证号,镇街,村居,月发放标准,起始年月,状态", *rows)) + "\n"


def _vehicles(count: int, first: int = 0) -> str:
    rows = [f"某人,{_id_no(0)},苏F{first + number:05d},小型汽车,正常" for number in range(count)]
    return "\n".join(("所有人,所有人证件号码,号牌号码,号牌种类,机动车状态", *rows)) + "\n"


def _tickets(count: int) -> str:
    return "\n".join(("工单号,受理时间", *(f"T{number},2021-07-01" for number in range(count)))) + "\n"


def _elder_file(district: District, period: str, count: int, town: str = TOWN) -> dict[str, object]:
    return district.deliver(ELDERS, f"elder_allowance_{period}_{town}.csv", _elders((town, count)))


def _vehicle_file(district: District, name: str, count: int, first: int = 0) -> str:
    return str(district.deliver(VEHICLES, f"vehicle_{name}.csv", _vehicles(count, first))["status"])


@pytest.mark.parametrize(
    ("before", "now", "status"),
    [
        (20, 14, "accepted"),
        (20, 13, "held"),
        (20, 26, "accepted"),
        (20, 27, "held"),
        (3, 1, "accepted"),
        (4, 1, "held"),
        (2, 0, "held"),
        (0, 9, "accepted"),
    ],
)
def test_a23_a_part_beyond_thirty_percent_of_its_last_is_held(
    district: District, before: int, now: int, status: str
) -> None:
    _elder_file(district, "202106", before)
    entry = _elder_file(district, "202107", now)
    assert entry["status"] == status
    if status == "held":
        code = "shrunk_too_far" if now < before else "grown_too_far"
        reason = entry["reason"]
        assert reason["code"] == code
        assert f"before {before} 行" in reason["text"]
        assert f"now {now} 行, {(now - before) * 100 / before:+.1f} %" in reason["text"]
        assert len(district.rows(entry)) == now


def test_a23_the_first_of_its_kind_and_another_town_are_held_against_nothing(district: District) -> None:
    assert _elder_file(district, "202106", 40)["status"] == "accepted"
    assert _elder_file(district, "202106", 5, OTHER_TOWN)["status"] == "accepted"


def test_a23_facts_that_are_added_up_may_swing(district: District) -> None:
    statuses = [
        district.deliver(TICKETS, f"ticket_{period}.csv", _tickets(count))["status"]
        for period, count in (("202106", 30), ("202107", 3))
    ]
    assert statuses == ["accepted", "accepted"]


def test_a23_a_late_file_and_a_correction_meet_what_stood_in_their_own_month(district: District) -> None:
    assert _vehicle_file(district, "202103", 10) == "accepted"
    assert _vehicle_file(district, "202104", 13) == "accepted"
    assert _vehicle_file(district, "202105", 16) == "accepted"
    assert _vehicle_file(district, "202103", 16) == "held", "a correction is held against what it corrects"
    assert _vehicle_file(district, "202104", 16) == "accepted"
    assert _vehicle_file(district, "202102", 30) == "accepted", "before the first month nothing stood"


def test_a23_a_held_file_is_no_measure_for_the_next_one(district: District) -> None:
    assert _vehicle_file(district, "202103", 20) == "accepted"
    assert _vehicle_file(district, "202104", 5) == "held"
    assert _vehicle_file(district, "202105", 6) == "held"
    assert _vehicle_file(district, "202105", 21) == "accepted"


def test_a23_a_whole_district_file_meets_the_towns_parts_together_and_a_part_its_share_of_it(
    district: District,
) -> None:
    _elder_file(district, "202103", 20)
    _elder_file(district, "202103", 10, OTHER_TOWN)

    def whole(period: str, *towns: tuple[str, int]) -> object:
        return district.deliver(ELDERS, f"elder_allowance_{period}.csv", _elders(*towns))["status"]

    assert whole("202104", (TOWN, 20)) == "held"
    assert whole("202104", (TOWN, 19), (OTHER_TOWN, 10)) == "accepted"
    assert _elder_file(district, "202105", 4, OTHER_TOWN)["status"] == "held"
    assert _elder_file(district, "202105", 9, OTHER_TOWN)["status"] == "accepted"
    assert whole("202106", (TOWN, 19), (OTHER_TOWN, 10)) == "accepted", "nobody is counted twice"


def test_a23_numbered_parts_meet_their_own_number_or_the_last_period_as_a_whole(district: District) -> None:
    assert _vehicle_file(district, "202101", 30) == "accepted"
    assert _vehicle_file(district, "202102_1", 15) == "held", "one half would end everybody on the other"
    assert _vehicle_file(district, "202102_2", 16, first=100) == "held"
    for entry in open_holds(district.settings):
        decide(district.settings, entry["delivery_id"], RELEASED, "district", WHY)
    assert _vehicle_file(district, "202103_1", 15) == "accepted"
    assert _vehicle_file(district, "202103_2", 9, first=100) == "held"
    assert _vehicle_file(district, "202103_2", 15, first=100) == "accepted"
    assert _vehicle_file(district, "202103_3", 20, first=200) == "held", "the parts together are the delivery"


def test_a23_numbered_files_of_towns_datasets_are_one_delivery(district: District) -> None:
    def put(name: str, *towns: tuple[str, int]) -> object:
        return district.deliver(ELDERS, f"elder_allowance_{name}.csv", _elders(*towns))["status"]

    assert put("202105_三星镇", (TOWN, 20)) == put("202105_海门街道", (OTHER_TOWN, 20)) == "accepted"
    assert put("202106_1", (TOWN, 20)) == put("202106_2", (OTHER_TOWN, 20)) == "held", "the list is cut otherwise"
    for entry in open_holds(district.settings):
        decide(district.settings, entry["delivery_id"], RELEASED, "district", WHY)
    assert _standing(district) == ["202106", "202106"], "the towns' files fall with the first number"
    assert put("202107_1", (TOWN, 21)) == put("202107_2", (OTHER_TOWN, 21)) == "accepted"
    assert _standing(district) == ["202107", "202107"]
    assert put("202107_三星镇_1", (TOWN, 9)) == "held"
    assert put("202107_三星镇", (TOWN, 22)) == "accepted", "of a whole town it replaces nothing but its rows"
    assert len(_standing(district)) == 3


def test_a23_more_than_a_tenth_bad_is_said_first(district: District) -> None:
    _elder_file(district, "202106", 40)
    entry = district.deliver(ELDERS, f"elder_allowance_202107_{TOWN}.csv", _elders((TOWN, 12), bad=6))
    assert entry["reason"]["code"] == "too_many_bad_rows"


def _held(district: District) -> str:
    _elder_file(district, "202106", 20)
    return str(_elder_file(district, "202107", 5)["delivery_id"])


def _standing(district: District) -> list[str]:
    contract = load_contract(ELDERS)
    return [each["period"] for each in in_force(Standing(district.settings).of(ELDERS), contract, "202107")]


def test_a23_what_is_held_replaces_nothing_and_the_rest_goes_on(district: District) -> None:
    _held(district)
    assert _elder_file(district, "202107", 8, OTHER_TOWN)["status"] == "accepted"
    assert _standing(district) == ["202106", "202107"]
    assert [entry["period"] for entry in open_holds(district.settings)] == ["202107"]


def test_a23_a_decision_is_a_second_file_and_counts_from_its_own_moment_on(district: District) -> None:
    identifier = _held(district)
    folder = landing.delivery_folder(district.settings, ELDERS, "202107", identifier)
    line = (folder / "delivery.json").read_bytes()
    moment = known_moment(None)
    before = fingerprint(landing.read_ledger(district.settings), [], 0, Month(2021, 7), moment)

    entry = decide(district.settings, identifier, RELEASED, "区低保中心", WHY)
    assert (entry["status"], entry["decision"], entry["decided_by"]) == ("accepted", "released", "区低保中心")
    assert (folder / "delivery.json").read_bytes() == line
    assert json.loads((folder / "decision.json").read_text(encoding="utf-8"))["words"] == WHY
    assert sorted(path.name for path in folder.iterdir()) == ["data.parquet", "decision.json", "delivery.json"]
    assert _standing(district) == ["202107"]
    assert fingerprint(landing.read_ledger(district.settings), [], 0, Month(2021, 7), moment) != before
    with engine(district.settings).connect() as connection:
        (told,) = [one.entry for one in read(connection)]
    assert (told.kind, told.event, told.account) == ("hold", "released", "区低保中心")
    assert told.detail == {"delivery_id": identifier, "dataset": ELDERS, "period": "202107"}

    def status(known_at: str) -> list[str]:
        known = landing.read_ledger(district.settings, known_at)
        return [each["status"] for each in known if each["delivery_id"] == identifier]

    assert status(entry["received_at"]) == ["held"]
    assert status(entry["decided_at"]) == ["accepted"]


def test_a23_what_is_refused_is_quarantined_with_its_reason(district: District) -> None:
    identifier = _held(district)
    entry = decide(district.settings, identifier[:12], REFUSED, "admin", "镇街漏报")
    assert (entry["status"], entry["reason"]["code"]) == ("quarantined", "refused_by_decision")
    assert "before 20 行" in entry["reason"]["text"]
    assert _standing(district) == ["202106"]
    assert open_holds(district.settings) == []


@pytest.mark.parametrize("first", [RELEASED, REFUSED])
def test_a23_nobody_decides_twice(district: District, first: str) -> None:
    identifier = _held(district)
    decide(district.settings, identifier, first, "admin", WHY)
    with pytest.raises(DecisionError, match="not held"):
        decide(district.settings, identifier, REFUSED, "admin", WHY)


def test_a23_of_two_who_decide_at_once_one_is_told(district: District) -> None:
    identifier = _held(district)
    begin, outcomes = threading.Barrier(2), []

    def answer(decision: str) -> None:
        begin.wait()
        try:
            outcomes.append(decide(district.settings, identifier, decision, "admin", WHY)["decision"])
        except DecisionError as error:
            outcomes.append(type(error).__name__)

    both = [threading.Thread(target=answer, args=(decision,)) for decision in (RELEASED, REFUSED)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert outcomes.count("DecisionError") == 1
    (entry,) = [each for each in landing.read_ledger(district.settings) if each["delivery_id"] == identifier]
    assert entry["decision"] in outcomes


def test_a23_only_what_is_held_can_be_decided_and_by_somebody_with_a_reason(district: District) -> None:
    identifier = _held(district)
    accepted = next(each for each in landing.read_ledger(district.settings) if each["dataset"] == REGION)
    for wrong, by, words in (
        (accepted["delivery_id"], "admin", WHY),
        ("0" * 32, "admin", WHY),
        (identifier[:4], "admin", WHY),
        (identifier, " ", WHY),
        (identifier, "admin", ""),
    ):
        with pytest.raises(DecisionError):
            decide(district.settings, wrong, RELEASED, by, words)
    assert len(open_holds(district.settings)) == 1


def test_a23_a_number_in_the_words_of_a_decision_is_masked(district: District) -> None:
    identifier = _held(district)
    decide(district.settings, identifier, RELEASED, "admin", f"已核实 {_id_no(1)}")
    folder = landing.delivery_folder(district.settings, ELDERS, "202107", identifier)
    assert _id_no(1) not in (folder / "decision.json").read_text(encoding="utf-8")


def test_a23_regions_that_are_released_give_their_names_to_the_next_files(district: District) -> None:
    villages = [f"3206144162{number:02d},新村{number}村,村居,320614416000,,," for number in range(10, 20)]
    header = "区划代码,名称,级别,上级代码,曾用名,启用日期,停用日期"
    towns = ["320614000000,海门区,区县,,,,", "320614416000,三星镇,镇街,320614000000,,,"]
    held = district.deliver(REGION, "region_202107.csv", "\n".join((header, *towns, *villages)) + "\n")
    assert held["status"] == "held"
    rows = _elders((TOWN, 5)).replace(VILLAGES[TOWN], "新村12村")
    assert district.deliver(ELDERS, f"elder_allowance_202107_{TOWN}.csv", rows)["status"] == "held"
    decide(district.settings, held["delivery_id"], RELEASED, "admin", WHY)
    entry = district.deliver(ELDERS, f"elder_allowance_202108_{TOWN}.csv", rows)
    assert (entry["status"], entry["rows_accepted"]) == ("accepted", 5)
