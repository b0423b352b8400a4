"""The command ``python -m include holds``: which deliveries wait for a person, and that person's word."""

from __future__ import annotations

from rich.console import Console

from include.ingest.decisions import decide, find, open_holds
from include.ingest.hold_effects import Effect, effect_of
from include.ingest.hold_questions import changes, part_name, why
from include.settings import Settings


def show(settings: Settings, console: Console) -> int:
    """List the open holds: what each is, why it waits, and what releasing it would change; returns how many."""
    held = open_holds(settings)
    if not held:
        console.print("没有暂扣的报送 nothing is held")
        return 0
    for entry in held:
        effect = effect_of(settings, entry)
        part = part_name(settings, entry) or "全区 whole district"
        for line in (
            f"{entry['delivery_id'][:12]}  {entry['dataset']} {effect.title_zh}  {entry['period']}  {part}",
            f"    为何 why               {why(effect)}",
            f"    放行后 if released     {_change(effect)}",
        ):
            console.print(line, markup=False)
    console.print(HOW, markup=False)
    return len(held)


HOW = (
    "放行 release: python -m include holds release <delivery> --by <谁 who> --reason <理由 why>\n"
    "退回 refuse:  python -m include holds refuse  <delivery> --by <谁 who> --reason <理由 why>"
)


def settle(settings: Settings, console: Console, delivery_id: str, decision: str, by: str, words: str) -> None:
    """Write a person's decision down and say what follows from it."""
    entry = decide(settings, find(settings, delivery_id)["delivery_id"], decision, by, words)
    console.print(f"{entry['delivery_id']}  {entry['dataset']} {entry['period']}  {entry['status']}")
    console.print("下一次运行时生效 it takes effect with the next run: make pipeline")


def _change(effect: Effect) -> str:
    return changes(effect.keys) if effect.would_stand else "无，已有更新的一份 nothing: a newer one stands"
