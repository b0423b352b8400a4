"""Exemptions: an alert that is true and tolerated, because somebody of the district who may decide it said so.

An exemption is an entry of the journal, with its end, its reason and who approved it. Its alert keeps its row and says
that it is exempted; it is on no list until the exemption ends or is lifted. What is critical cannot be exempted.
"""

from __future__ import annotations

from dataclasses import dataclass

from include.cases.silences import DECIDER, LIFTED, ForbiddenDecisionError, check_end
from include.journal.entries import EXEMPTION, Entry, of_kind, write
from include.settings import Settings
from include.warehouse.publication import open_publication, standing


@dataclass(frozen=True)
class Exemption:
    """An alert about which nobody is asked up to and with a month, and who approved it."""

    alert_no: str
    until: str
    reason: str
    by: str


def grant(settings: Settings, wanted: Exemption) -> None:
    """Write an exemption down; the next build obeys it. Raises ForbiddenDecisionError."""
    publication = standing(settings)
    with open_publication(settings, publication) as marts:
        found = marts.execute(
            "select severity from monitoring.fct_alert where alert_no = ? and state = 'open'", [wanted.alert_no]
        ).fetchall()
    if not found:
        raise ForbiddenDecisionError("没有这条未解除的预警", "there is no such open alert")
    if found[0][0] == "critical":
        raise ForbiddenDecisionError("严重级别的预警不能豁免", "what is critical cannot be exempted")
    if not wanted.by.strip():
        raise ForbiddenDecisionError("豁免要写明批准人", "an exemption needs who approved it")
    check_end(publication, EXEMPTION, wanted.until, wanted.reason)
    _write(settings, EXEMPTION, wanted)


def lift(settings: Settings, ended: Exemption) -> None:
    """End an exemption before its time; raises ForbiddenDecisionError when there is none."""
    if ended.alert_no not in [one.alert_no for one in recorded(settings)]:
        raise ForbiddenDecisionError("没有这样的豁免", "there is no such exemption")
    _write(settings, LIFTED, ended)


def recorded(settings: Settings) -> list[Exemption]:
    """The exemptions that nobody has lifted, ended ones too, by alert."""
    found: dict[str, Exemption] = {}
    for entry in of_kind(settings, EXEMPTION):
        number = entry.alert_no or ""
        found.pop(number, None)
        if entry.event != LIFTED:
            found[number] = Exemption(number, entry.detail["until"], entry.detail["reason"], entry.account)
    return [found[number] for number in sorted(found)]


def _write(settings: Settings, event: str, one: Exemption) -> None:
    before = sum(entry.alert_no == one.alert_no for entry in of_kind(settings, EXEMPTION))
    name = f"{EXEMPTION}:{one.alert_no}:{before + 1}"
    detail = {"until": one.until, "reason": one.reason}
    write(settings, Entry(name, EXEMPTION, event, one.by, DECIDER, alert_no=one.alert_no, detail=detail))
