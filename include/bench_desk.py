"""How long the desk's pages take while fifty officers are at work, each of whom loads a page every five seconds.

The desk is a process of its own on this machine, the officers share another; signing in is not measured. A page is
due every five seconds whether or not the one before has come, so that a slow desk is not asked less.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import sys
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import quantiles
from time import perf_counter

import httpx

from include.cases.states import DISTRICT, TOWN, VILLAGE
from include.desk.accounts import Account, add_account
from include.desk.serving import DeskServer
from include.privacy import guarded, mask_logging
from include.settings import Settings
from include.warehouse.publication import open_publication

#: How many sign in, by role.
OFFICERS = {VILLAGE: 30, TOWN: 15, DISTRICT: 5}
PAUSE_SECONDS, PAGES_EACH = 5.0, 12
_LINK = re.compile(r'href="(/(?:alert|household)/[^"]+)"')
_PATIENCE_SECONDS = 60.0


def measure(settings: Settings) -> dict[str, float]:
    """Load the standing publication's pages for a minute: ``pages``, and ``median`` and ``p95`` in seconds."""
    password = secrets.token_urlsafe(12)
    names = _make_officers(settings, password)
    context = get_context("spawn")
    ours, desks = context.Pipe()
    desk = context.Process(target=_serve, args=(settings, desks))
    desk.start()
    try:
        took = asyncio.run(_all_at_work(ours.recv(), names, password))
    finally:
        ours.send("enough")
        desk.join()
    percentiles = quantiles(took, n=100)
    return {"pages": len(took), "median": percentiles[49], "p95": percentiles[94]}


def _make_officers(settings: Settings, password: str) -> list[str]:
    with open_publication(settings) as marts:
        regions = marts.execute(
            "select level, list(region_code order by region_code) from core.dim_region group by level"
        )
        codes = dict(regions.fetchall())
    officers = [
        Account(f"{role}_{number}", role, codes[role][number % len(codes[role])])
        for role, count in OFFICERS.items()
        for number in range(count)
    ]
    for officer in officers:
        add_account(settings, officer, password, "bench")
    return [officer.name for officer in officers]


def _serve(settings: Settings, officers: Connection) -> None:
    with DeskServer(settings) as server:
        officers.send(server.address)
        officers.recv()


async def _all_at_work(address: str, names: list[str], password: str) -> list[float]:
    # The server ends connections that are idle for five seconds; a browser would simply open another.
    limits = httpx.Limits(keepalive_expiry=PAUSE_SECONDS / 2)
    clients = [httpx.AsyncClient(base_url=address, timeout=_PATIENCE_SECONDS, limits=limits) for _ in names]
    for client, name in zip(clients, names, strict=True):
        await client.post("/sign-in", data={"name": name, "password": password})
    begun = perf_counter()
    offsets = (PAUSE_SECONDS * number / len(clients) for number in range(len(clients)))
    took = await asyncio.gather(
        *(_at_work(client, begun + offset) for client, offset in zip(clients, offsets, strict=True))
    )
    for client in clients:
        await client.aclose()
    return [seconds for each in took for seconds in each]


async def _at_work(client: httpx.AsyncClient, begin: float) -> list[float]:
    """An officer's minute: the day's work, then alerts and households that stand on it; the seconds of each page."""
    took, pages = [], ["/"]
    for number in range(PAGES_EACH):
        due = begin + number * PAUSE_SECONDS
        await asyncio.sleep(max(0.0, due - perf_counter()))
        answer = (await client.get(pages[number % len(pages)])).raise_for_status()
        took.append(perf_counter() - due)
        if number == 0:
            pages += list(dict.fromkeys(_LINK.findall(answer.text)))[: PAGES_EACH // 2]
    return took


if __name__ == "__main__":
    mask_logging()
    with guarded("bench desk"):
        sys.stdout.write(json.dumps(measure(Settings.from_environment())) + "\n")
