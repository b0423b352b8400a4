"""A publication opened for questions: SQL can read its tables, and no file, host, extension or other database."""

from __future__ import annotations

from pathlib import Path

import duckdb

from include.analysis.answers import Answer
from include.privacy import DoudiError
from include.settings import Settings
from include.warehouse.publication import standing

#: Given to ``duckdb.connect``; once open, none of it can be changed from SQL.
LOCKED = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "lock_configuration": "true",
}


class UnansweredQuestionError(DoudiError):
    """A statement is wrong, or asks for what may not be read."""


def open_for_questions(settings: Settings) -> duckdb.DuckDBPyConnection:
    """The standing publication's marts, read-only and locked; raises NoPublicationError while there is none."""
    return duckdb.connect(str(standing(settings).marts), read_only=True, config=dict(LOCKED))


def ask(settings: Settings, sql: str) -> Answer:
    """Answer one statement, given as text or as a file's name; raises UnansweredQuestionError with the engine's words.

    The marts are pseudonymised and the statement is the analyst's own, so what the engine says of it may be shown.
    """
    text = Path(sql).read_text(encoding="utf-8") if sql.endswith(".sql") else sql
    with open_for_questions(settings) as marts:
        try:
            found = marts.execute(text)
            return Answer([column[0] for column in found.description or ()], found.fetchall())
        except duckdb.Error as error:
            raise UnansweredQuestionError("语句不能执行", str(error)) from error
