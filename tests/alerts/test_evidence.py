"""Evidence in words: facts and sources, days as people write them, nothing that a list must not say."""

from __future__ import annotations

import json

from include.alerts.evidence import in_words


def test_facts_come_first_and_the_source_last() -> None:
    evidence = {
        "来源": "机动车登记",
        "事实": "共同生活的家庭成员名下有机动车",
        "初次登记": "2020-03",
        "本户在册车辆数": 2,
    }
    full = {"号牌号码": "苏F·88A21", "所有人": "殷素素"}
    assert in_words(json.dumps(evidence), json.dumps(full)) == (
        "共同生活的家庭成员名下有机动车；初次登记：2020年3月；本户在册车辆数：2；号牌号码：苏F·88A21；所有人：殷素素。"
        "（来源：机动车登记）"
    )


def test_a_day_replaces_its_month_and_money_is_money() -> None:
    evidence = {"事实": "死亡次月以后仍在享", "死亡年月": "2021-08", "多发金额": 1500.5, "火化登记": None}
    full = {"死亡日期": "2021-08-09", "火化登记": "2021-08-09"}
    assert in_words(json.dumps(evidence), json.dumps(full)) == (
        "死亡次月以后仍在享；死亡日期：2021年8月9日；多发金额：1,500.50元。"
    )


def test_illness_disability_assets_and_certificates_never_appear_and_custody_only_at_the_district() -> None:
    full = {
        "残疾人证号": "32062519380412041042", "残疾类别": "精神", "残疾等级": "一级", "诊断": "C34", "股票总市值": 99,
        "类型": "羁押", "开始日期": "2021-08-01",
    }  # fmt: skip
    town = in_words(json.dumps({"事实": "状态待与区级核实"}), json.dumps(full))
    district = in_words(json.dumps({"事实": "状态待与区级核实"}), json.dumps(full), for_district=True)
    assert town == "状态待与区级核实。"
    assert district == "状态待与区级核实；类型：羁押；开始日期：2021年8月1日。"


def test_nothing_known_is_no_failure() -> None:
    assert in_words(None, None) == "。"
