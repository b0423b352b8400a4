"""What can go wrong between a source and us: in Chinese and English, never with data, an address or a password."""

from __future__ import annotations

from include.privacy import DoudiError


class SourceError(DoudiError):
    """A source that answers, but not as was agreed; somebody has to mend it."""


class NotReadyError(DoudiError):
    """A source that cannot be read now and may be later: nobody has done anything wrong."""


class BrokenOffError(DoudiError):
    """A connection that broke in the middle of a reading; nothing of it was kept."""


class TornListError(DoudiError):
    """A list that changed while its pages were read; nothing of it was kept."""
