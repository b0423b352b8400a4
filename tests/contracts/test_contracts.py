"""The thirty-five contracts are whole, and a contract that contradicts itself is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from include.contracts import (
    CONTRACT_FOLDER,
    ContractError,
    load_contract,
    load_contracts,
    read_contract,
)
from include.contracts.wording import normalise_header
from include.periods import Month

OWED = {
    "civil_affairs": {
        "region", "assistance_household", "assistance_member", "extreme_poverty", "disability_subsidy",
        "elder_allowance", "child_welfare", "payment", "cremation", "marriage", "out_of_area_recipient",
        "asset_exemption", "verification_result",
    },
    "public_security": {"population", "vehicle", "exit_entry"},
    "health": {"death_certificate"},
    "human_resources": {"pension", "contribution", "unemployment", "work_injury"},
    "medical_insurance": {"settlement", "long_term_care"},
    "taxation": {"personal_income"},
    "natural_resources": {"real_estate"},
    "market_regulation": {"business"},
    "finance": {"payroll"},
    "housing_fund": {"contribution"},
    "disabled_federation": {"certificate"},
    "education": {"enrolment"},
    "justice": {"custody"},
    "verification_centre": {"asset_check"},
    "rural_affairs": {"poverty_monitor"},
    "emergency": {"incident"},
    "hotline": {"ticket"},
}  # fmt: skip


def test_every_dataset_that_is_owed_has_its_contract(ran: Callable[[str, int], None]) -> None:
    names = {f"{department}.{dataset}" for department, datasets in OWED.items() for dataset in datasets}
    assert set(load_contracts()) == names
    assert len(names) == 35
    ran("contracts", len(load_contracts()))


@pytest.mark.parametrize("dataset", sorted(load_contracts()))
def test_every_column_is_described_in_both_languages(dataset: str) -> None:
    contract = load_contract(dataset)
    assert contract.title_zh
    assert contract.title_en.isascii()
    for column in contract.columns.values():
        assert column.label_zh
        assert not column.label_zh.isascii()
        assert column.description_en.endswith(".")
        assert column.description_en.isascii()


def test_identity_numbers_and_names_say_who_may_see_them() -> None:
    for contract in load_contracts().values():
        for column in contract.columns.values():
            if column.type in ("id_no", "name"):
                assert column.sens in ("identity", "justice"), f"{contract.dataset}.{column.name}"


def test_only_regions_and_population_may_not_be_empty() -> None:
    refusing = {contract.dataset for contract in load_contracts().values() if contract.empty == "refused"}
    assert refusing == {"civil_affairs.region", "public_security.population"}


def test_town_rosters_come_in_parts() -> None:
    parted = {contract.dataset for contract in load_contracts().values() if contract.parts == "town"}
    assert parted == {
        f"civil_affairs.{name}" for name in ("assistance_household", "assistance_member", "elder_allowance")
    }


@pytest.mark.parametrize(
    ("dataset", "month", "first_month", "due_on"),
    [
        ("civil_affairs.payment", "202102", "202102", "2021-03-05"),
        ("civil_affairs.payment", "202112", "202112", "2022-01-05"),
        ("hotline.ticket", "202402", "202402", "2024-03-02"),
        ("human_resources.work_injury", "202103", "202101", "2021-04-10"),
        ("education.enrolment", "202101", "202008", "2021-02-10"),
        ("education.enrolment", "202107", "202102", "2021-08-10"),
    ],
)
def test_a_delivery_is_due_some_days_after_its_period_ends(
    dataset: str, month: str, first_month: str, due_on: str
) -> None:
    due = load_contract(dataset).period_ending(Month.parse(month))
    assert due == (Month.parse(first_month), date.fromisoformat(due_on))


def test_in_the_middle_of_a_period_and_for_what_comes_by_chance_nothing_is_due() -> None:
    assert load_contract("human_resources.work_injury").period_ending(Month(2021, 2)) is None
    assert load_contract("education.enrolment").period_ending(Month(2021, 9)) is None
    assert load_contract("emergency.incident").period_ending(Month(2021, 3)) is None
    assert load_contract("civil_affairs.region").period_ending(Month(2021, 3)) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("金额（元）", "金额"),
        (" 身份 证号 ", "身份证号"),
        ("家庭\n编号", "家庭编号"),
        ("*姓名：", "姓名"),
        ("月保障金额/元", "月保障金额"),
        ("姓\u3000名", "姓名"),
        ("是否保障对象【必填】", "是否保障对象"),
    ],
)
def test_headers_meet_whatever_stands_around_them(written: str, meant: str) -> None:
    assert normalise_header(written) == normalise_header(meant)


def spoilt(tmp_path: Path, change: Callable[[dict], None]) -> Path:
    document = yaml.safe_load((CONTRACT_FOLDER / "civil_affairs__payment.yaml").read_text(encoding="utf-8"))
    change(document)
    path = tmp_path / "civil_affairs__payment.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def test_an_unchanged_contract_is_read(tmp_path: Path) -> None:
    assert (
        read_contract(spoilt(tmp_path, lambda document: None)).columns == load_contract("civil_affairs.payment").columns
    )


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda document: document["columns"]["amount"].update(type="float"), "amount"),
        (lambda document: document["columns"]["amount"].update(header="姓名"), "姓名"),
        (lambda document: document["columns"]["amount"].update(colour="red"), "colour"),
        (lambda document: document["columns"]["kind"]["synonyms"].update(补发=["正常"]), "kind"),
        (lambda document: document["columns"]["kind"]["synonyms"].update(退款=["退"]), "kind"),
        (lambda document: document["columns"]["amount"].update(keyed=True), "amount"),
        (lambda document: document.update(key=["nothing"]), "civil_affairs__payment"),
        (lambda document: document.update(delivery="sometimes"), "civil_affairs__payment"),
        (lambda document: document.update(due_days=0), "due_days"),
        (lambda document: document.update(due_days="5"), "due_days"),
        (lambda document: document.pop("due_days"), "due_days"),
        (lambda document: document.update(cadence="on_event"), "due_days"),
        (lambda document: document.pop("title_zh"), "title_zh"),
        (lambda document: document.update(dataset="civil_affairs.other"), "civil_affairs__payment"),
    ],
)
def test_a_contract_that_contradicts_itself_is_refused_by_name(
    tmp_path: Path, change: Callable[[dict], None], word: str
) -> None:
    with pytest.raises(ContractError, match=word):
        read_contract(spoilt(tmp_path, change))
