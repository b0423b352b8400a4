"""Photos of a visit: kept under the hash of their bytes in ``state/photos``, readable by this account alone."""

from __future__ import annotations

from hashlib import sha256

from include.privacy import DoudiError
from include.settings import Settings, private_folder

LARGEST = 8 * 1024 * 1024
_KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


class PhotoError(DoudiError):
    """A file that is no photo, or too large a one."""


def keep_photo(settings: Settings, content: bytes) -> str:
    """Keep a photo; returns its name, the hash of its bytes.

    Raises:
        PhotoError: it is larger than 8 MiB, or neither JPEG nor PNG.
    """
    if len(content) > LARGEST:
        raise PhotoError("照片不能超过8兆", "a photo has at most 8 MiB")
    if _kind(content) is None:
        raise PhotoError("照片只收 JPEG 或 PNG", "a photo is a JPEG or a PNG")
    digest = sha256(content).hexdigest()
    path = private_folder(settings.state / "photos") / digest
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(content)
    return digest


def photo_of(settings: Settings, digest: str) -> tuple[bytes, str]:
    """A kept photo and its media type; ``digest`` is one that a step of an alert names."""
    content = (settings.state / "photos" / digest).read_bytes()
    return content, _kind(content) or "application/octet-stream"


def _kind(content: bytes) -> str | None:
    return next((kind for start, kind in _KINDS.items() if content.startswith(start)), None)
