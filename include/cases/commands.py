"""What is decided for a time from a command line: silences, releases and exemptions, shown, begun and ended."""

from __future__ import annotations

import argparse

from rich.console import Console

from include.cases import exemptions, silences
from include.privacy import DoudiError
from include.settings import Settings


def decide(settings: Settings, asked: argparse.Namespace, console: Console) -> int:
    """Show what was decided by a command's name, or begin or lift one; raises DoudiError for half a wish."""
    if asked.subject is None:
        _show(settings, asked.command, console)
        return 0
    if not asked.by or not (asked.lift or asked.until):
        raise DoudiError("要写明 --by 以及 --until 或 --lift", "--by and either --until or --lift are needed")
    until, reason, by = asked.until or "", asked.reason, asked.by
    if asked.command == "exempt":
        exemption = exemptions.Exemption(asked.subject, until, reason, by)
        (exemptions.lift if asked.lift else exemptions.grant)(settings, exemption)
    else:
        silence = silences.Silence(asked.subject, getattr(asked, "town", ""), until, reason, by, kind=asked.command)
        (silences.lift if asked.lift else silences.begin)(settings, silence)
    console.print("已记录，下次运行生效 recorded, counts from the next run")
    return 0


def _show(settings: Settings, command: str, console: Console) -> None:
    if command == "exempt":
        for exemption in exemptions.recorded(settings):
            console.print(f"{exemption.alert_no}  至 until {exemption.until}  {exemption.by}  {exemption.reason}")
        return
    for one in silences.recorded(settings, command):
        console.print(f"{one.rule_id}  {one.town_code or '全区'}  至 until {one.until}  {one.by}  {one.reason}")
