"""A rule is one SQL file, one catalogue row and one scenario: with these it is found, listed, counted, explained."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

from include.settings import REPOSITORY

_LEFT_BEHIND = shutil.ignore_patterns(".*", "var", "target", "logs", "__pycache__", "docs")
_SQL = """
select
    month, programme, 'person' as subject_type, person_key, cast(null as varchar) as household_key,
    'tractor' as event_key, 'low' as severity, cast(0 as decimal(18, 2)) as amount_at_risk, 'M1' as match_grade,
    town_code, village_code, '{"事实": "名册上的人是东二村的"}' as evidence, '{}' as evidence_restricted,
    received_at, {{ nobody_left_out() }} as left_out
from {{ ref('int_rules__holder') }}
where programme = 'elder_allowance' and name = '新规则' and month >= date '2024-03-01'
"""
_SCENARIO = """
rule: E99
about: A rule that was written a minute ago.
scenarios:
  - it: is found from March on
    people: {新规则: {born: 1938-09-29, village: 东二村}, 旧规则: 1938-09-30}
    elder_allowance: [{who: 新规则}, {who: 旧规则}]
    expect:
      - {programme: elder_allowance, person: 新规则, event: tractor, months: 3..6, severity: low}
"""
_RUN = """
import json, sys
from pathlib import Path
import openpyxl
from include import ingest, rule_book, runs
from include.alerts import worklists
from include.settings import Settings
from include.warehouse.build import build
from include.warehouse.publication import open_publication
from include.warehouse.publish import publish
from tests.scenarios.deliveries import write_deliveries
from tests.scenarios.district import District
from tests.scenarios.neighbours import settle_neighbours
from tests.scenarios.stories import load_scenarios

settings = Settings(home=Path(sys.argv[1]))
district = District()
settle_neighbours(district)
for scenario in load_scenarios():
    if scenario.rule == "E99":
        district.settle(scenario)
write_deliveries(district, settings.inbox)
run_id = runs.new_run_id()
runs.begin(settings, run_id)
for department in ingest.departments():
    ingest.take_in(settings, department, run_id)
build(settings, run_id)
runs.write(settings, run_id, "gate", {"verdict": "green"})
publish(settings, run_id)
folder = Path(worklists.write(settings, run_id)["folder"])
rule_book.write(settings, run_id)
with open_publication(settings) as marts:
    asked = {
        "alerts": "select first_month, last_month, state from monitoring.fct_alert where rule_id = 'E99'",
        "evaluation": "select findings from monitoring.fct_rule_evaluation where rule_id = 'E99' order by month",
        "explained": "select source_rows from monitoring.fct_alert_explanation where rule_id = 'E99'",
    }
    told = {name: [list(map(str, row)) for row in marts.execute(sql).fetchall()] for name, sql in asked.items()}
lists = [openpyxl.load_workbook(path).worksheets for path in folder.rglob("东二村.xlsx")]
told["listed"] = sum("拖拉机新规则" in str(cell) for sheets in lists for sheet in sheets for row in sheet.iter_rows(
    values_only=True) for cell in row)
told["page"] = (settings.outbox / "rule_book" / "E99.html").read_text(encoding="utf-8").count("拖拉机新规则")
print(json.dumps(told))
"""


def test_three_files_make_a_rule(tmp_path: Path) -> None:
    copy = tmp_path / "repository"
    shutil.copytree(REPOSITORY, copy, ignore=_LEFT_BEHIND)
    rules = copy / "dbt_project"
    (rules / "models" / "intermediate" / "rules" / "rule_e99__tractor.sql").write_text(_SQL, encoding="utf-8")
    _add_row(rules / "seeds" / "rules" / "rule_catalogue.csv")
    (copy / "tests" / "scenarios" / "e99_tractor.yaml").write_text(_SCENARIO, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(tmp_path / "home")], cwd=copy, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["alerts"] == [["2024-03-01", "2024-06-01", "open"]]
    assert told["evaluation"] == [["0"], ["0"], ["1"], ["1"], ["1"], ["1"]]
    assert int(told["explained"][0][0]) > 0
    assert told["listed"] > 0
    assert told["page"] > 0


def _add_row(catalogue: Path) -> None:
    with catalogue.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    like = next(row for row in rows if row["rule_id"] == "E20")
    row = {**like, "rule_id": "E99", "title_zh": "拖拉机新规则", "title_en": "Tractor", "requires": ""}
    with catalogue.open("a", encoding="utf-8", newline="") as stream:
        csv.DictWriter(stream, list(row), lineterminator="\n").writerow(row)
