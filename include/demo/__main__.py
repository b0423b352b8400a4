"""``python -m include.demo``: make the demo district's deliveries where the settings say."""

from __future__ import annotations

import sys

from include.demo.making import make_deliveries
from include.settings import Settings


def main() -> None:
    """Write the inbox and, beside it, the truth about it."""
    settings = Settings.from_environment()
    make_deliveries(settings.inbox, settings.state / "demo" / "truth", settings.scale, settings.seed)
    sys.stdout.write(f"演示数据已生成 / demo deliveries are in {settings.inbox}\n")


if __name__ == "__main__":
    main()
