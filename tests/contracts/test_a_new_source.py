"""The page on adding a source, followed to the letter in a copy of the project: a thirty-sixth dataset."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pytest

from include.settings import REPOSITORY, Settings
from tests.ingest.conftest import REGIONS, SOUND_ID

PAGE = REPOSITORY / "docs" / "how_to" / "add_a_source.md"
DATASET = "rural_affairs.land_compensation"
MODEL = "stg_rural_affairs__land_compensation"
FILE = f"""征地补偿发放明细,,,,,,
补偿编号,姓名,身份证号码,村居,补偿类别,补偿金额（元）,发放日期
LC-1,张三,{SOUND_ID},三星镇叠石桥村,土地补偿费,"12,500.00",2021年6月30日
LC-2,李四,320625193804120411,叠石桥村,土地,100,2021-06-30
合计,,,,,12600,
"""
_TAKE_AND_BUILD = f"""
import json
from include import ingest
from include.periods import Month
from include.settings import Settings
from include.warehouse import engine
from include.warehouse.dbt import Version, run_dbt

settings = Settings.from_environment()
ingest.take_in(settings, "civil_affairs", "run-regions")
(entry,) = ingest.take_in(settings, "rural_affairs", "run-new").deliveries
path = settings.home / "new.duckdb"
done = run_dbt(
    settings, Version(path, Month.parse("202106")), "build",
    select=("path:seeds", "+{MODEL}", "+int_person_seen", "+fct_quarantined_row"), resource_types=("seed", "model"),
)
connection = engine.connect(settings)
engine.attach_warehouse(connection, settings, path)
def told(query):
    return connection.execute(query).fetchall()


outcome = {{
    "entry": entry,
    "crashed": [node.name for node in done.crashed],
    "rows": told(
        "select compensation_no, village_code, kind, cast(amount as varchar), cast(paid_on as varchar) "
        "from wh.staging.{MODEL}"
    ),
    "known": told("select count(*) from wh.staging.{MODEL} join wh.intermediate.int_person_seen using (person_key)"),
    "refused": told("select column_name, reason from wh.quality.fct_quarantined_row"),
}}
print(json.dumps(outcome))
"""


def _block(language: str) -> str:
    """The page's one code block of a language."""
    (block,) = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return block


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What a file of the new dataset became, in a copy of the project that has one contract and one model more."""
    repository, home = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("home")
    for folder in ("include", "dbt_project"):
        shutil.copytree(
            REPOSITORY / folder, repository / folder, ignore=shutil.ignore_patterns("__pycache__", "target")
        )
    name = DATASET.replace(".", "__")
    (repository / "include" / "contracts" / f"{name}.yaml").write_text(_block("yaml"), encoding="utf-8")
    model = repository / "dbt_project" / "models" / "staging" / "rural_affairs" / f"{MODEL}.sql"
    model.write_text(_block("sql"), encoding="utf-8")
    for dataset, file, text in (
        ("civil_affairs.region", "region_202101.csv", REGIONS),
        (DATASET, "land_compensation_202106.csv", FILE),
    ):
        place = home / "inbox" / dataset.replace(".", "/")
        place.mkdir(parents=True)
        (place / file).write_text(text, encoding="gb18030")
    done = subprocess.run(
        [sys.executable, "-c", _TAKE_AND_BUILD],
        cwd=repository,
        env=Settings(home=home).child_environment(PYTHONPATH=str(repository)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_one_contract_takes_its_files_in(outcome: dict) -> None:
    entry = outcome["entry"]
    assert (entry["dataset"], entry["period"], entry["encoding"]) == (DATASET, "202106", "gb18030")
    assert (entry["rows_read"], entry["rows_accepted"], entry["rows_quarantined"]) == (2, 1, 1)


def test_one_staging_model_makes_its_rows_readable(outcome: dict) -> None:
    assert outcome["crashed"] == []
    assert outcome["rows"] == [["LC-1", "320614416201", "土地", "12500.00", "2021-06-30"]]


def test_its_people_are_known_and_its_refused_rows_listed_without_another_change(outcome: dict) -> None:
    assert outcome["known"] == [[1]]
    assert outcome["refused"] == [["id_no", "bad_checksum"]]
