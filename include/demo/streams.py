"""One stream of random numbers a topic, so that a new topic never shifts what the others draw."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Streams:
    """Generators that depend on the seed and on their topic's name alone."""

    seed: int

    def of(self, *topic: object) -> np.random.Generator:
        """A fresh generator for a topic such as ``("vehicles", 202103)``."""
        name = "/".join(str(part) for part in topic)
        return np.random.default_rng([self.seed & 0xFFFFFFFF, zlib.crc32(name.encode("utf-8"))])
