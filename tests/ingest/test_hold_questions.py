"""What a person is told before deciding on a held delivery: what it would change, in counts, and nobody's name."""

from __future__ import annotations

from include import pipeline, summary
from include.ingest.decisions import RELEASED, decide, open_holds
from include.ingest.hold_effects import Moved, effect_of
from include.ingest.hold_questions import question
from include.ingest.landing import read_ledger
from include.pipeline import Outcome
from tests.end_to_end.homes import finish
from tests.faults.test_a_holds import ELDERS, OTHER_TOWN, TOWN, WHY, _elders, _id_no, _vehicle_file
from tests.ingest.conftest import SOUND_ID, District


def _held_whole(district: District) -> str:
    for town in (TOWN, OTHER_TOWN):
        district.deliver(ELDERS, f"elder_allowance_202106_{town}.csv", _elders((town, 20)))
    rows = _elders((TOWN, 21), (OTHER_TOWN, 2)).replace(
        f"{_id_no(0)},{TOWN},叠石桥村,50", f"{_id_no(0)},{TOWN},叠石桥村,60"
    )
    rows += f"某人,320625********0410,{TOWN},叠石桥村,50,202001,在享\n"
    return str(district.deliver(ELDERS, "elder_allowance_202107.csv", rows)["delivery_id"])


def test_what_vanishes_appears_and_changes_is_counted_town_by_town(district: District) -> None:
    identifier = _held_whole(district)
    (entry,) = open_holds(district.settings)
    assert entry["delivery_id"] == identifier
    effect = effect_of(district.settings, entry)
    assert effect.keys == Moved(vanished=18, appeared=1, changed=1, same=21)
    assert effect.by_town == {TOWN: Moved(0, 1, 1, 19), OTHER_TOWN: Moved(18, 0, 0, 2)}
    assert effect.bad == {"身份证号已打码 / a masked identity number": 1}
    assert effect.would_stand


def test_the_question_says_rows_towns_and_reasons_and_names_nobody(district: District) -> None:
    _held_whole(district)
    asked = question(district.settings, open_holds(district.settings)[0])
    assert "40 → 23 行，-42.5 %" in asked.subject
    assert "2021年7月" in asked.subject
    assert "消失 18 · 新增 1 · 变更 1 · 不变 21" in asked.body
    assert f"| {OTHER_TOWN} | 18 | 0 | 0 | 2 |" in asked.body
    assert "身份证号已打码" in asked.body
    told = asked.subject + asked.body
    assert not [word for word in ("某人", "0410", SOUND_ID, _id_no(3), ".csv") if word in told]


def test_a_part_is_compared_with_its_own_rows_only(district: District) -> None:
    district.deliver(ELDERS, "elder_allowance_202106.csv", _elders((TOWN, 20), (OTHER_TOWN, 20)))
    district.deliver(ELDERS, f"elder_allowance_202107_{TOWN}.csv", _elders((TOWN, 5)))
    (entry,) = open_holds(district.settings)
    assert effect_of(district.settings, entry).keys == Moved(vanished=15, same=5)


def test_a_hold_that_a_newer_delivery_has_overtaken_would_change_nothing(district: District) -> None:
    assert _vehicle_file(district, "202103", 20) == "accepted"
    assert _vehicle_file(district, "202104", 5) == "held"
    assert _vehicle_file(district, "202104", 21) == "accepted"
    (entry,) = open_holds(district.settings)
    assert not effect_of(district.settings, entry).would_stand
    assert "已有更新的一份生效" in question(district.settings, entry).body
    decide(district.settings, entry["delivery_id"], RELEASED, "district", WHY)


def test_the_command_lists_and_decides(district: District) -> None:
    identifier = _held_whole(district)
    home = district.settings.home
    code, said = finish(home, "holds")
    assert (code, identifier[:12] in said, "消失 18" in said) == (0, True, True)
    told = ("--by", "区低保中心", "--reason", WHY)
    code, said = finish(home, "holds", "refuse", identifier[:4], *told)
    assert code == 2
    assert "no such delivery" in said
    code, said = finish(home, "holds", "release", identifier[:12], *told)
    assert (code, "accepted" in said) == (0, True)
    assert [e["decision"] for e in read_ledger(district.settings) if e["delivery_id"] == identifier] == ["released"]
    code, said = finish(home, "holds", "refuse", identifier, *told)
    assert (code, "not held" in said) == (2, True)
    assert "nothing is held" in finish(home, "holds")[1]


def test_an_answer_that_comes_after_a_decision_is_passed_over(district: District) -> None:
    identifier, settings = _held_whole(district), district.settings
    assert pipeline.open_holds(settings) == [identifier]
    assert set(pipeline.hold_question(settings, identifier)) == {"subject", "body"}
    assert pipeline.decide_hold(settings, identifier, False, "admin")
    assert not pipeline.decide_hold(settings, identifier, True, "admin")
    (entry,) = [entry for entry in read_ledger(settings) if entry["delivery_id"] == identifier]
    assert (entry["status"], entry["decided_by"]) == ("quarantined", "admin")


def test_the_last_page_of_a_run_names_what_is_held(district: District) -> None:
    identifier = _held_whole(district)
    (held,) = summary.collect(district.settings, "run-1", Outcome.FAILED).holds
    assert held.startswith(f"{identifier[:12]} {ELDERS} 202107  ")
    assert "now 23 行" in held
