"""Plants every rule's cases, the scarce pools first."""

from __future__ import annotations

from include.demo.anomalies import (
    cover_events,
    covers,
    exits_business,
    exits_deaths,
    exits_family,
    exits_income,
    exits_property,
    exits_reviews,
    exits_status,
    identities,
    overlaps,
    overpayments,
    quality,
    roster_errors,
)
from include.demo.anomalies.pools import make_pools
from include.demo.casebook import Casebook
from include.demo.programmes.disability import cancel_with_the_dead
from include.demo.world import World


def plant_everything(world: World) -> Casebook:
    """Change the world and return the book of what was changed."""
    pools = make_pools(world)
    book = Casebook(world)
    modules = (
        overpayments, exits_status, covers, exits_property, exits_deaths, identities, exits_family, exits_business,
        exits_income, exits_reviews, overlaps, roster_errors, cover_events, quality,
    )  # fmt: skip
    for module in modules:
        module.plant(book, pools)
    cancel_with_the_dead(world.certificates, world.people, world.reserved)
    world.assistance.settle(world.people)
    return book
