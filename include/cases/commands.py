"""What is decided for a time from a command line: silences and releases, shown, begun and ended."""

from __future__ import annotations

import argparse

from rich.console import Console

from include.cases import silences
from include.privacy import DoudiError
from include.settings import Settings


def decide(settings: Settings, asked: argparse.Namespace, console: Console) -> int:
    """Show what was decided of a kind (the command's name), or begin or lift one; raises DoudiError for half a wish."""
    if asked.rule_id is None:
        for one in silences.recorded(settings, asked.command):
            console.print(f"{one.rule_id}  {one.town_code or '全区'}  至 until {one.until}  {one.by}  {one.reason}")
        return 0
    if not asked.by or not (asked.lift or asked.until):
        raise DoudiError("要写明 --by 以及 --until 或 --lift", "--by and either --until or --lift are needed")
    town, until = getattr(asked, "town", ""), asked.until or ""
    wanted = silences.Silence(asked.rule_id, town, until, asked.reason, asked.by, kind=asked.command)
    (silences.lift if asked.lift else silences.begin)(settings, wanted)
    console.print("已记录，下次运行生效 recorded, counts from the next run")
    return 0
