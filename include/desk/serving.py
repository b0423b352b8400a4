"""The desk's own server on this machine, and the first account of a new home."""

from __future__ import annotations

import secrets
import socket
from threading import Thread

import uvicorn

from include.cases.states import LEAD
from include.desk.accounts import Account, add_account, count_accounts
from include.desk.app import make_desk
from include.settings import Settings, private_folder
from include.warehouse.publication import open_publication

FIRST_ACCOUNT = "lead"


def make_first_account(settings: Settings) -> str:
    """An account for the lead where there is none yet; returns the file that holds its password, empty for none made.

    Raises:
        NoPublicationError: no publication says which district this is.
    """
    if count_accounts(settings):
        return ""
    with open_publication(settings) as marts:
        found = marts.execute("select region_code from core.dim_region where level = 'district'").fetchone()
    password = secrets.token_urlsafe(12)
    path = private_folder(settings.state / "keys") / "desk_password"
    path.touch(mode=0o600)
    path.write_text(password + "\n", encoding="ascii")
    add_account(settings, Account(FIRST_ACCOUNT, LEAD, found[0] if found else "000000000000"), password, "system")
    return str(path)


class DeskServer:
    """The desk in a thread of its own; ``port`` 0 takes any free one. A context manager."""

    def __init__(self, settings: Settings, host: str = "127.0.0.1", port: int = 0) -> None:
        self._socket = socket.create_server((host, port))
        self.address = f"http://{host}:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(make_desk(settings), log_config=None, access_log=False, server_header=False)
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> DeskServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()

    def wait(self) -> None:
        """Serve until the thread ends."""
        self._thread.join()
