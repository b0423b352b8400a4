"""Silences: a rule that asks nobody for a time, in a town or everywhere, because somebody who may decide it said so.

A silence is an entry of the journal, with its end, its reason and who decided it. Its alerts keep their rows and say
that they are silenced; they are on no list until the silence ends or is lifted. What is critical cannot be silenced.
"""

from __future__ import annotations

from dataclasses import dataclass

from include.journal.entries import SILENCE, Entry, read, write
from include.journal.schema import engine
from include.periods import Month, NotAMonthError
from include.privacy import DoudiError
from include.settings import Settings
from include.warehouse.publication import open_publication, standing

_BEGUN, _LIFTED = "silence", "lift"
_LONGEST_MONTHS = 6
_DECIDER = "lead"


class ForbiddenSilenceError(DoudiError):
    """A silence is for a rule or town that is not there, for what is critical, without a reason or too long."""


@dataclass(frozen=True)
class Silence:
    """A rule that is silent in a town (everywhere where ``town_code`` is empty) up to and with a month."""

    rule_id: str
    town_code: str
    until: str
    reason: str
    by: str


def begin(settings: Settings, wanted: Silence) -> None:
    """Write a silence down; the next build obeys it. Raises ForbiddenSilenceError."""
    publication = standing(settings)
    with open_publication(settings, publication) as marts:
        rules = dict(marts.execute("select rule_id, severity from monitoring.dim_rule").fetchall())
        towns = {
            code for (code,) in marts.execute("select region_code from core.dim_region where level = 'town'").fetchall()
        }
    if rules.get(wanted.rule_id) in (None, "critical"):
        raise ForbiddenSilenceError(
            f"规则 {wanted.rule_id} 不存在或属严重级别，不能静默", f"{wanted.rule_id} is unknown or critical"
        )
    if wanted.town_code and wanted.town_code not in towns:
        raise ForbiddenSilenceError(f"没有镇街 {wanted.town_code}", f"no such town: {wanted.town_code}")
    month = Month.parse(publication.read_manifest()["as_of"])
    try:
        until = Month.parse(wanted.until)
    except NotAMonthError as error:
        raise ForbiddenSilenceError("静默要写明截止年月（YYYYMM）", "a silence needs its last month, YYYYMM") from error
    if until < month or month.plus(_LONGEST_MONTHS) < until:
        raise ForbiddenSilenceError(
            f"静默应在 {month} 至 {month.plus(_LONGEST_MONTHS)} 之间结束",
            f"a silence ends between {month} and {month.plus(_LONGEST_MONTHS)}",
        )
    if not wanted.reason.strip():
        raise ForbiddenSilenceError("静默要写明理由", "a silence needs a reason")
    _write(settings, _BEGUN, wanted)


def lift(settings: Settings, rule_id: str, town_code: str, by: str, reason: str) -> None:
    """End a silence before its time; raises ForbiddenSilenceError when there is none."""
    if not any((one.rule_id, one.town_code) == (rule_id, town_code) for one in recorded(settings)):
        raise ForbiddenSilenceError("没有这样的静默", "there is no such silence")
    _write(settings, _LIFTED, Silence(rule_id, town_code, "", reason, by))


def recorded(settings: Settings) -> list[Silence]:
    """The silences that nobody has lifted, ended ones too, by rule and town."""
    found: dict[tuple[str, str], Silence] = {}
    for one in _entries(settings):
        place = one.detail["rule_id"], one.detail["town_code"]
        found.pop(place, None)
        if one.event == _BEGUN:
            found[place] = Silence(*place, one.detail["until"], one.detail["reason"], one.account)
    return [found[place] for place in sorted(found)]


def _entries(settings: Settings) -> list[Entry]:
    with engine(settings).connect() as connection:
        return [one.entry for one in read(connection) if one.entry.kind == SILENCE]


def _write(settings: Settings, event: str, one: Silence) -> None:
    before = sum(
        (entry.detail["rule_id"], entry.detail["town_code"]) == (one.rule_id, one.town_code)
        for entry in _entries(settings)
    )
    detail = {"rule_id": one.rule_id, "town_code": one.town_code, "until": one.until, "reason": one.reason}
    name = f"{SILENCE}:{one.rule_id}:{one.town_code}:{before + 1}"
    write(settings, Entry(name, SILENCE, event, account=one.by, role=_DECIDER, detail=detail))
