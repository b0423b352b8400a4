"""Enterprise chats that answer 200 to everything: whether they took a message stands in their answer's ``errcode``.

Apprise reads no answer of these two, so they are sent to here, by addresses that stay Apprise's own.
"""

from __future__ import annotations

from typing import Any

import requests
from apprise.manager_plugins import NotificationManager
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.wecombot import NotifyWeComBot


class WeCom(NotifyWeComBot):
    """A group robot of 企业微信 (``wecombot://``)."""

    def send(self, body: str, title: str = "", *_: Any, **__: Any) -> bool:
        """Send one message; false where the chat did not take it."""
        return _is_taken(self, self.api_url, title, body)


class DingTalk(NotifyDingTalk):
    """A group robot of 钉钉 (``dingtalk://``)."""

    def send(self, body: str, title: str = "", *_: Any, **__: Any) -> bool:
        """Send one message; false where the chat did not take it."""
        signed = dict(zip(("timestamp", "sign"), self.get_signature(), strict=True)) if self.secret else {}
        return _is_taken(self, self.notify_url.format(token=self.token), title, body, signed)


def use_chats() -> None:
    """Let Apprise send to both chats through the classes above."""
    for chat in (WeCom, DingTalk):
        NotificationManager().add(chat, force=True)


def _is_taken(chat: WeCom | DingTalk, url: str, title: str, body: str, signed: dict[str, str] | None = None) -> bool:
    said = {"msgtype": "text", "text": {"content": f"{title}\n{body}" if title else body}}
    try:
        answer = requests.post(
            url, json=said, params=signed, timeout=chat.request_timeout, verify=chat.verify_certificate
        )
        told = answer.json()
    except requests.RequestException:  # not reached, or no JSON: either way the message is sent again
        return False
    return answer.status_code == requests.codes.ok and isinstance(told, dict) and told.get("errcode") == 0
