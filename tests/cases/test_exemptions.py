"""Who may exempt what, for how long, and that it is written down with who approved it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from include.__main__ import main
from include.cases.exemptions import Exemption, grant, lift, recorded
from include.cases.silences import ForbiddenDecisionError
from include.settings import Settings
from include.warehouse.case_steps import steps_by_people, write_steps
from tests.publication.test_publish import publish_small
from tests.small_warehouse import settings_of

LATER = "9999-12-31T00:00:00+00:00"
WANTED = Exemption("C05-0123456789ABCDEF0125", "202112", "家中唯一车辆，用于就医", "lead.a")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = settings_of(tmp_path)
    publish_small(settings, 1)
    return settings


def test_an_exemption_is_told_to_the_next_build_with_its_end_and_kept_with_who_approved_it(settings: Settings) -> None:
    grant(settings, WANTED)
    assert recorded(settings) == [WANTED]
    assert steps_by_people(settings, LATER) == 1
    (line,) = [json.loads(text) for text in Path(write_steps(settings, LATER)).read_text("utf-8").splitlines()]
    assert (line["kind"], line["alert_no"], line["until_month"]) == ("exemption", WANTED.alert_no, "2021-12-01")
    assert not any(word in str(line) for word in ("lead.a", "就医"))
    lift(settings, WANTED)
    assert recorded(settings) == []


@pytest.mark.parametrize(
    "refused",
    [
        replace(WANTED, until=""),
        replace(WANTED, until="202205"),
        replace(WANTED, by=" "),
        replace(WANTED, reason=" "),
        replace(WANTED, alert_no="E01-0123456789ABCDEF0123"),
        replace(WANTED, alert_no="C05-0123456789ABCDEF0126"),
    ],
    ids=["no end", "too long", "nobody approved it", "no reason", "critical", "not open"],
)
def test_what_may_not_be_exempted_is_refused_and_leaves_no_entry(settings: Settings, refused: Exemption) -> None:
    with pytest.raises(ForbiddenDecisionError):
        grant(settings, refused)
    assert recorded(settings) == []


def test_the_command_line_refuses_an_exemption_without_an_end(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(settings.home))
    for name, value in settings.environment.items():
        monkeypatch.setenv(name, value)
    asked = ["exempt", WANTED.alert_no, "--by", "lead.a", "--reason", "就医"]
    assert main(asked) != 0
    assert "--until" in capsys.readouterr().out
    assert recorded(settings) == []
    assert main([*asked, "--until", "202112"]) == 0
    assert [one.by for one in recorded(settings)] == ["lead.a"]
