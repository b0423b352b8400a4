"""Silences: a rule that asks nobody for a time, in a town or everywhere, because somebody who may decide it said so.

A silence is an entry of the journal, with its end, its reason and who decided it. Its alerts keep their rows and say
that they are silenced; they are on no list until the silence ends or is lifted. What is critical cannot be silenced.

A release is its opposite: alerts of a rule that would be held for the district go to villages until it ends.
"""

from __future__ import annotations

from dataclasses import dataclass

from include.journal.entries import EXEMPTION, RELEASE, SILENCE, Entry, of_kind, write
from include.periods import Month, NotAMonthError
from include.privacy import DoudiError
from include.settings import Settings
from include.warehouse.publication import Publication, open_publication, standing

LIFTED = "lift"
_ZH = {SILENCE: "静默", RELEASE: "放行", EXEMPTION: "豁免"}
_LONGEST_MONTHS = 6
DECIDER = "lead"


class ForbiddenDecisionError(DoudiError):
    """A silence or release is for a rule or town that is not there, what is critical, without reason or too long."""


@dataclass(frozen=True)
class Silence:
    """A rule that is silent in a town (everywhere where ``town_code`` is empty) up to and with a month.

    ``kind`` says whether it is a silence or, always everywhere, a release.
    """

    rule_id: str
    town_code: str
    until: str
    reason: str
    by: str
    kind: str = SILENCE


def begin(settings: Settings, wanted: Silence) -> None:
    """Write a silence or release down; the next build obeys it. Raises ForbiddenDecisionError."""
    publication = standing(settings)
    with open_publication(settings, publication) as marts:
        rules = dict(marts.execute("select rule_id, severity from monitoring.dim_rule").fetchall())
        towns = {
            code for (code,) in marts.execute("select region_code from core.dim_region where level = 'town'").fetchall()
        }
    if wanted.rule_id not in rules:
        raise ForbiddenDecisionError(f"没有规则 {wanted.rule_id}", f"no such rule: {wanted.rule_id}")
    if wanted.kind == SILENCE and rules[wanted.rule_id] == "critical":
        raise ForbiddenDecisionError(
            f"规则 {wanted.rule_id} 属严重级别，不能静默", f"{wanted.rule_id} is critical and cannot be silenced"
        )
    if wanted.town_code and wanted.town_code not in towns:
        raise ForbiddenDecisionError(f"没有镇街 {wanted.town_code}", f"no such town: {wanted.town_code}")
    check_end(publication, wanted.kind, wanted.until, wanted.reason)
    _write(settings, wanted.kind, wanted)


def check_end(publication: Publication, kind: str, until: str, reason: str) -> None:
    """Raise ForbiddenDecisionError where what is decided has no end (YYYYMM), a distant one, or no reason."""
    month = Month.parse(publication.read_manifest()["as_of"])
    try:
        last = Month.parse(until)
    except NotAMonthError as error:
        raise ForbiddenDecisionError(
            f"{_ZH[kind]}要写明截止年月（YYYYMM）", f"a {kind} needs its last month, YYYYMM"
        ) from error
    if last < month or month.plus(_LONGEST_MONTHS) < last:
        raise ForbiddenDecisionError(
            f"{_ZH[kind]}应在 {month} 至 {month.plus(_LONGEST_MONTHS)} 之间结束",
            f"a {kind} ends between {month} and {month.plus(_LONGEST_MONTHS)}",
        )
    if not reason.strip():
        raise ForbiddenDecisionError(f"{_ZH[kind]}要写明理由", f"a {kind} needs a reason")


def lift(settings: Settings, ended: Silence) -> None:
    """End a silence or release before its time; raises ForbiddenDecisionError when there is none."""
    if not any(
        (one.rule_id, one.town_code) == (ended.rule_id, ended.town_code) for one in recorded(settings, ended.kind)
    ):
        raise ForbiddenDecisionError(f"没有这样的{_ZH[ended.kind]}", f"there is no such {ended.kind}")
    _write(settings, LIFTED, ended)


def recorded(settings: Settings, kind: str = SILENCE) -> list[Silence]:
    """The silences (or releases) that nobody has lifted, ended ones too, by rule and town."""
    found: dict[tuple[str, str], Silence] = {}
    for one in of_kind(settings, kind):
        place = one.detail["rule_id"], one.detail["town_code"]
        found.pop(place, None)
        if one.event != LIFTED:
            found[place] = Silence(*place, one.detail["until"], one.detail["reason"], one.account, kind)
    return [found[place] for place in sorted(found)]


def _write(settings: Settings, event: str, one: Silence) -> None:
    before = sum(
        (entry.detail["rule_id"], entry.detail["town_code"]) == (one.rule_id, one.town_code)
        for entry in of_kind(settings, one.kind)
    )
    detail = {"rule_id": one.rule_id, "town_code": one.town_code, "until": one.until, "reason": one.reason}
    name = f"{one.kind}:{one.rule_id}:{one.town_code}:{before + 1}"
    write(settings, Entry(name, one.kind, event, account=one.by, role=DECIDER, detail=detail))
