"""A real mail server that keeps what it takes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler


class Mailbox(MessageHandler):
    """What a mail server took."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.messages: list[Message] = []
        self._port = port

    def address(self, name: str) -> str:
        """Where somebody's mail goes, as an account's contact is written."""
        return f"mailto://127.0.0.1:{self._port}?from=desk@example.org&to={name}@example.org&mode=insecure"

    def prepare_message(self, session: object, envelope: object) -> Message:
        return message_from_bytes(envelope.content)  # type: ignore[attr-defined]

    def handle_message(self, message: Message) -> None:
        self.messages.append(message)


def subject_of(mail: Message) -> str:
    """A mail's subject, decoded."""
    return str(make_header(decode_header(mail["Subject"])))


def text_of(mail: Message) -> str:
    """The text of a mail, or its first part."""
    payload = mail.get_payload(0) if mail.is_multipart() else mail
    assert isinstance(payload, Message)
    content = payload.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    box = Mailbox(port)
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box
    server.stop()
