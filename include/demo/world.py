"""The district as the generator knows it, before any clerk writes anything down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from include.demo import families, people, vital
from include.demo.geography import Geography, make_geography
from include.demo.moments import EMPTY, FOREVER, WINDOW, age_in_month, month_of
from include.demo.people import People
from include.demo.programmes import assistance as households
from include.demo.programmes import children, disability, elders, extreme, poverty
from include.demo.programmes.assistance import Assistance
from include.demo.programmes.disability import Certificates
from include.demo.programmes.roster import Roster
from include.demo.streams import Streams

_STRANGERS = 1_500


@dataclass
class World:
    """Everybody and everything; planted cases change it before the deliveries are derived from it.

    ``reserved`` marks people of planted cases and near misses, whose rows the clerks leave clean;
    ``extra`` holds planted rows of other departments, keyed by dataset.
    """

    scale: float
    streams: Streams
    geography: Geography
    people: People
    register_households: int
    leaves: np.ndarray
    poor: np.ndarray
    orphans: np.ndarray
    unattended: np.ndarray
    assistance: Assistance
    certificates: Certificates
    nursing: Roster
    living: Roster
    elders: Roster
    extreme: Roster
    children: Roster
    has_pension: np.ndarray
    is_employed: np.ndarray
    is_public: np.ndarray
    reserved: np.ndarray
    extra: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, dataset: str, **row: Any) -> None:
        """Plant one row of another department's dataset."""
        self.extra.setdefault(dataset, []).append(row)

    def roster(self, programme: str) -> Roster:
        """The roster that a programme's code is kept on."""
        by_code = {
            "disability_nursing": self.nursing,
            "disability_living": self.living,
            "elder_allowance": self.elders,
            "extreme_poverty": self.extreme,
        }
        return by_code.get(programme, self.children)


def make_world(scale: float, seed: int) -> World:
    """Draw the whole consistent district; nothing is planted yet."""
    streams = Streams(seed)
    geography = make_geography(streams)
    crowd = people.make_people(scale, geography, streams, _STRANGERS)
    count = families.make_families(crowd, streams)
    vital.make_deaths(crowd, streams)
    vital.make_removals(crowd, streams)
    ends = np.where(crowd.died_on != EMPTY, crowd.died_on, crowd.moved_on)
    leaves = np.where(ends == EMPTY, FOREVER, month_of(ends))
    chosen = poverty.choose_households(crowd, count, scale, streams)
    taken = np.concatenate(list(chosen.values()))
    extremely_poor = poverty.choose_extremely_poor(crowd, count, taken, scale, streams)
    help_ = poverty.make_assistance(crowd, chosen, leaves, streams)
    poor = np.zeros(len(crowd), dtype=bool)
    poor[help_.member] = True
    poor[extremely_poor] = True
    strangers = np.arange(len(crowd) - _STRANGERS, len(crowd))
    orphans, unattended = children.choose_orphans(crowd, poor, strangers, scale, streams)
    who = _circumstances(crowd, help_, extremely_poor, orphans, unattended, leaves)
    certificates = disability.make_certificates(crowd, who, scale, streams)
    certified = np.zeros(len(crowd), dtype=bool)
    certified[certificates.person] = True
    poverty.add_movements(help_, crowd, certified, streams)
    poverty.close_emptied(help_)
    has_pension, is_employed, is_public = _livelihoods(crowd, poor, leaves, streams)
    severe = np.zeros(len(crowd), dtype=bool)
    severe[certificates.person[certificates.severe()]] = True
    unfit = poor | is_public | certified
    poverty.add_supporters(help_, crowd, unfit, streams)
    poverty.number_households(help_, geography.village_town)
    dibao_children = help_.member[
        help_.covered
        & (help_.programme[help_.member_household] == households.DIBAO)
        & help_.always()[help_.member_household]
        & (leaves[help_.member] == FOREVER)
    ]
    _mark_certificates(help_, certificates, leaves)
    supported = has_pension | is_employed
    return World(
        scale=scale,
        streams=streams,
        geography=geography,
        people=crowd,
        register_households=count,
        leaves=leaves,
        poor=poor,
        orphans=orphans,
        unattended=unattended,
        assistance=help_,
        certificates=certificates,
        nursing=disability.make_nursing(certificates, crowd, geography, who, leaves, streams),
        living=disability.make_living(certificates, crowd, who, supported, leaves, streams),
        elders=elders.make_elders(crowd, leaves),
        extreme=extreme.make_extreme(crowd, geography, extremely_poor, leaves, streams),
        children=children.make_children(
            crowd, orphans, unattended, dibao_children, poor, certificates, leaves, scale, streams
        ),
        has_pension=has_pension,
        is_employed=is_employed,
        is_public=is_public,
        reserved=np.zeros(len(crowd), dtype=bool),
    )


def _circumstances(
    crowd: People,
    help_: Assistance,
    extremely_poor: np.ndarray,
    orphans: np.ndarray,
    unattended: np.ndarray,
    leaves: np.ndarray,
) -> disability.Circumstances:
    def flag(members: np.ndarray) -> np.ndarray:
        marks = np.zeros(len(crowd), dtype=bool)
        marks[members] = True
        return marks

    programme = help_.programme[help_.member_household]
    dibao_start = np.zeros(len(crowd), dtype="int64")
    dibao_start[help_.member] = help_.start[help_.member_household]
    return disability.Circumstances(
        in_dibao=flag(help_.member[programme == households.DIBAO]),
        dibao_start=dibao_start,
        in_single_family=flag(help_.member[programme == households.SINGLE]),
        covered_alone=flag(help_.member[(programme == households.SINGLE) & help_.covered]),
        in_edge=flag(help_.member[np.isin(programme, (households.EDGE, households.RIGID))]),
        moves_about=crowd.moved_on != EMPTY,
        extremely_poor=flag(extremely_poor),
        orphaned=flag(np.concatenate([orphans, unattended])),
    )


def _livelihoods(
    crowd: People, poor: np.ndarray, leaves: np.ndarray, streams: Streams
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who draws an employer's pension, who is employed, and who is paid from the treasury; never the poor."""
    random = streams.of("livelihoods")
    age = age_in_month(crowd.birth, WINDOW[0])
    draw = random.random(len(crowd))
    stays = crowd.is_registered & ~poor
    has_pension = stays & (age >= 60) & (draw < 0.42)
    is_employed = stays & (age >= 22) & (age < 59) & (draw < 0.46)
    is_public = stays & (age >= 23) & (age < 59) & (draw >= 0.46) & (draw < 0.495)
    return has_pension, is_employed, is_public


def _mark_certificates(help_: Assistance, certificates: Certificates, leaves: np.ndarray) -> None:
    """Members know of their certificates: 1 mild, 2 severe (and valid as long as they live)."""
    known: dict[int, int] = {}
    for person, is_severe, issued in zip(
        certificates.person.tolist(), certificates.severe().tolist(), certificates.issued_on.tolist(), strict=True
    ):
        known[person] = 2 if is_severe and month_of(issued) < WINDOW[0] else 1
    help_.certificate = np.array([known.get(person, 0) for person in help_.member.tolist()], dtype="int8")
