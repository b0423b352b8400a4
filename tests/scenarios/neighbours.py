"""Ordinary people around the scenarios: they raise nothing, and keep a snapshot's size from leaping."""

from __future__ import annotations

from datetime import date

from tests.scenarios.district import CERTIFICATE, District

COUNT = 60


def settle_neighbours(district: District) -> None:
    """Sixty of every kind: elders, households, certificate holders, children, owners, strangers in other lists."""
    for number in range(COUNT):
        elder, head, disabled, child, supported, stranger = (
            f"{kind}{number}号" for kind in ("邻老", "邻户", "邻残", "邻童", "邻特", "路人")
        )
        town = ("东一村", "东二村", "西一村")[number % 3]
        born = {elder: 1938, head: 1968, disabled: 1960, child: 2013, supported: 1953, stranger: 1975}
        for name, year in born.items():
            given = {"born": date(year, number % 12 + 1, number % 27 + 1), "village": town}
            district.register.add(name, given | {"registered": name != stranger})
            if name != stranger:
                district.say("public_security.population", {"who": name, "delivered": ".." if number == 0 else 1})
        district.say("civil_affairs.elder_allowance", {"who": elder})
        district.say_household({"head": head})
        district.say(CERTIFICATE, {"who": disabled, "grade": "一级"})
        district.say("civil_affairs.disability_subsidy", {
            "who": disabled, "subsidy": "重度残疾人护理补贴", "tier": "护理", "disability_category": "听力",
            "disability_grade": "一级",
        })  # fmt: skip
        district.say("civil_affairs.child_welfare", {"who": child})
        district.say("civil_affairs.extreme_poverty", {"who": supported})
        district.say("public_security.vehicle", {"who": elder, "plate_no": f"苏F8{number:04d}"})
        district.say("natural_resources.real_estate", {"who": elder, "unit_no": f"邻房{number:04d}"})
        district.say("human_resources.pension", {"who": elder})
        district.say("market_regulation.business", {"who": stranger})
        district.say("education.enrolment", {"who": child, "stage": "初中"})
        district.say("justice.custody", {"who": stranger})
        district.say("finance.payroll", {"who": stranger, "unit": "邻县某局", "month": "2024-01"})
        district.say("human_resources.unemployment", {"who": stranger})
        district.say("human_resources.work_injury", {"who": stranger})
        district.say("rural_affairs.poverty_monitor", {"who": head})
        district.say("civil_affairs.out_of_area_recipient", {"who": stranger})
        district.say(
            "civil_affairs.asset_exemption", {"who": stranger, "asset_kind": "车辆", "asset_no": f"苏F9{number:04d}"}
        )
