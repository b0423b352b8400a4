"""No code of ours can stop or change a payment: nothing leaves but messages, nothing foreign is opened for writing."""

from __future__ import annotations

import ast
import re

from include.cases.states import STEPS
from tests.architecture.project import imports, python_files, shown

#: Who may reach out of this machine, and how: sources only read, notify only tells.
REACHES_OUT = {
    "requests": {"include/sources/services.py", "include/sources/connections.py", "include/notify/chats.py"},
    "apprise": {"include/notify/sending.py", "include/notify/chats.py", "include/desk/accounts.py"},
    "smtplib": set(),
    "urllib.request": set(),
    "http.client": set(),
    "socket": {"include/desk/serving.py"},
    "socketserver": set(),
    "http.server": set(),
    "xmlrpc": set(),
    "ftplib": set(),
    "paramiko": set(),
    "asyncio": {"include/bench_desk.py"},
    "aiohttp": set(),
    "httpx": {"include/bench_desk.py"},
    "httpx2": {"include/desk/single_sign_on.py"},
    "authlib": {"include/desk/single_sign_on.py"},
    "urllib3": {"include/sources/services.py"},
    "psycopg2": set(),
    "pymysql": set(),
    # Programs of this machine: dbt, the desk of ingest, the benches, and the look at processes.
    "subprocess": {
        "include/warehouse/dbt.py", "include/ingest/desk_line.py", "include/bench.py", "include/privacy/processes.py",
    },
}  # fmt: skip
#: Who writes to a database that is not a warehouse file of this home: the journal and what lies beside it.
WRITES_ROWS = {"include/journal", "include/desk/accounts.py", "include/notify/sending.py"}


def _files() -> list[tuple[str, ast.Module]]:
    return [
        (shown(path), ast.parse(path.read_text(encoding="utf-8")))
        for path in python_files("include", "dags", "expectations")
    ]


def test_only_sources_and_messages_reach_out() -> None:
    found = {
        (library, shown(path))
        for path in python_files("include", "dags", "expectations")
        for name in imports(path)
        for library in REACHES_OUT
        if (name == library or name.startswith(library + ".")) and not shown(path).startswith("include/airflow_local")
    }
    assert {(library, path) for library, path in found if path not in REACHES_OUT[library]} == set()


def test_a_source_is_asked_and_never_told() -> None:
    told = [
        (path, node.lineno)
        for path, tree in _files()
        if path.startswith("include/sources")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"post", "put", "patch", "delete"}
    ]
    assert told == []
    attached = [
        text
        for path, tree in _files()
        if path.startswith("include/sources")
        for text in re.findall(r"ATTACH .*", ast.unparse(tree))
    ]
    assert attached
    assert all("READ_ONLY" in text for text in attached)


def test_only_the_warehouse_attaches_anything_that_it_could_write() -> None:
    attached = [
        (path, statement)
        for path, tree in _files()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr | ast.Constant)
        for statement in re.findall(r"attach (?:if not exists )?['{].+", ast.unparse(node), re.IGNORECASE)
    ]
    assert len(attached) > 5
    foreign = [(path, statement) for path, statement in attached if not path.startswith("include/warehouse/")]
    assert [path for path, statement in foreign if "READ_ONLY" not in statement.upper()] == []


def test_only_the_journal_and_what_lies_beside_it_are_written_by_sqlalchemy() -> None:
    writers = {
        path
        for path, tree in _files()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("sqlalchemy")
        and {alias.name for alias in node.names} & {"insert", "update", "delete"}
    }
    assert {path for path in writers if not any(path.startswith(allowed) for allowed in WRITES_ROWS)} == set()


def test_no_step_of_an_alert_does_more_than_write_down_what_people_did() -> None:
    carried_out = re.compile(r"stop_payment|pay\b|transfer|freeze")
    assert not [name for name in STEPS if carried_out.search(name)]
