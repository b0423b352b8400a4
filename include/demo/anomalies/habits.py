"""What clerks' slips bring about: findings that nobody planted and that are none the less in the deliveries."""

from __future__ import annotations

from include.demo.anomalies.covers import nursing_only
from include.demo.casebook import Casebook


def plant_habits(book: Casebook) -> None:
    """Certificates whose citizen number is wrong in every list: the subsidy stands on nothing that can be read."""
    world = book.world
    for person in book.take(nursing_only(book), book.amount(12, 2), "habit/lost_certificate"):
        world.add("lost_certificate", person=person)
        number = world.certificates.number(world.people, world.certificates.row_of(person))
        book.plant(
            "E18",
            "disability_nursing",
            person,
            f"{number}|无证",
            range(10),
            "high",
            "unreadable_certificate",
            kind="habit",
        )
