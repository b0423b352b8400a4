"""Signing in through a real OpenID Connect provider on this machine: who comes in, as whom, and who does not."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from include.desk.accounts import Account, add_account, close_account
from include.desk.app import make_desk
from include.desk.serving import DeskServer
from include.desk.single_sign_on import IncompleteProviderError
from include.journal.entries import read
from include.journal.schema import engine
from include.settings import Settings
from tests.small_warehouse import VILLAGE, make_publication

CLIENT, SECRET = "doudi-desk", "a-client-secret"


class Bureau:
    """A provider that signs whoever ``user`` is; with ``key`` another than it publishes, its word is worth nothing."""

    def __init__(self) -> None:
        self.user: dict[str, Any] = {"preferred_username": "village_1"}
        self.published = self.key = RSAKey.generate_key(2048, {"kid": "k1"})
        self.audience = CLIENT
        self.asked: list[dict[str, str]] = []
        self._nonces: dict[str, str] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Bureau:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str, said: dict[str, str]) -> dict[str, Any] | str:
        """A document, or where to send the browser."""
        if path == "/.well-known/openid-configuration":
            places = {
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
            return {"issuer": self.issuer, "id_token_signing_alg_values_supported": ["RS256"], **places}
        if path == "/keys":
            return {"keys": [self.published.as_dict(private=False)]}
        if path == "/authorize":
            self.asked.append(said)
            self._nonces["a-code"] = said["nonce"]
            return said["redirect_uri"] + "?" + urlencode({"code": "a-code", "state": said["state"]})
        claims = {
            "iss": self.issuer, "aud": self.audience, "sub": "1", "iat": int(time.time()), "exp": int(time.time()) + 60,
            "nonce": self._nonces[said["code"]], **self.user,
        }  # fmt: skip
        token = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.key)
        return {"access_token": "t", "token_type": "Bearer", "expires_in": 60, "id_token": token}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        bureau = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._reply(parse_qs(urlsplit(self.path).query))

            def do_POST(self) -> None:
                self._reply(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))

            def _reply(self, said: dict[str, list[str]]) -> None:
                told = bureau.answer(urlsplit(self.path).path, {name: values[0] for name, values in said.items()})
                if isinstance(told, str):
                    self.send_response(302)
                    self.send_header("Location", told)
                    self.end_headers()
                    return
                body = json.dumps(told).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@pytest.fixture
def bureau() -> Iterator[Bureau]:
    with Bureau() as made:
        yield made


@pytest.fixture
def settings(tmp_path: Path, bureau: Bureau) -> Settings:
    made = make_publication(tmp_path)
    add_account(made, Account("village_1", "village", VILLAGE), "correct horse battery", "test")
    named = {"OIDC_ISSUER": bureau.issuer, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET}
    return replace(made, environment={**made.environment, **named})


@pytest.fixture
def client(settings: Settings) -> Iterator[httpx2.Client]:
    with DeskServer(settings) as server, httpx2.Client(base_url=server.address, follow_redirects=True) as made:
        yield made


def events(settings: Settings) -> list[tuple[str, str, str]]:
    with engine(settings).connect() as connection:
        return [
            (one.entry.event, one.entry.account, str(one.entry.detail.get("by")))
            for one in read(connection) if one.entry.kind == "sign_in"
        ]  # fmt: skip


def test_whoever_the_provider_vouches_for_comes_in_as_their_account(
    client: httpx2.Client, settings: Settings, bureau: Bureau
) -> None:
    assert 'href="/sign-in/provider"' in client.get("/sign-in").text
    page = client.get("/sign-in/provider")
    assert page.status_code == 200
    assert "village_1（村居）" in page.text
    assert bureau.asked[0]["client_id"] == CLIENT
    assert {"state", "nonce", "code_challenge"} <= set(bureau.asked[0])
    assert events(settings) == [("signed_in", "village_1", "provider")]


@pytest.mark.parametrize(
    "user", [{"preferred_username": "somebody_else"}, {"name": "village_1"}, {"preferred_username": ""}]
)
def test_whoever_has_no_account_does_not_come_in(
    client: httpx2.Client, settings: Settings, bureau: Bureau, user: dict[str, str]
) -> None:
    bureau.user = user
    page = client.get("/sign-in/provider")
    assert page.status_code == 403
    assert "统一登录没有成功" in page.text
    assert client.get("/", follow_redirects=False).status_code == 303
    assert events(settings) == [("sign_in_refused", "?", "provider")]


def test_a_closed_account_stays_closed(client: httpx2.Client, settings: Settings) -> None:
    close_account(settings, "village_1", "test")
    assert client.get("/sign-in/provider").status_code == 403


def test_a_word_that_is_not_the_providers_is_worth_nothing(
    client: httpx2.Client, settings: Settings, bureau: Bureau
) -> None:
    bureau.key = RSAKey.generate_key(2048, {"kid": "k1"})
    assert client.get("/sign-in/provider").status_code == 403
    bureau.key, bureau.audience = bureau.published, "another-client"
    assert client.get("/sign-in/provider").status_code == 403
    assert [event for event, _, _ in events(settings)] == ["sign_in_refused"] * 2


def test_an_answer_that_nobody_asked_for_is_refused(client: httpx2.Client) -> None:
    assert client.get("/sign-in/provider/back?code=a-code&state=made-up").status_code == 403


def test_a_provider_that_does_not_answer_leaves_the_form(settings: Settings) -> None:
    gone = replace(settings, environment={**settings.environment, "OIDC_ISSUER": "http://127.0.0.1:9"})
    with DeskServer(gone) as server, httpx2.Client(base_url=server.address, follow_redirects=True) as client:
        page = client.get("/sign-in/provider")
        assert page.status_code == 503
        assert 'name="password"' in page.text


def test_another_claim_may_hold_the_name(settings: Settings, bureau: Bureau) -> None:
    bureau.user = {"employee_no": "village_1", "preferred_username": "wang"}
    named = replace(settings, environment={**settings.environment, "OIDC_NAME_CLAIM": "employee_no"})
    with DeskServer(named) as server, httpx2.Client(base_url=server.address, follow_redirects=True) as client:
        assert "village_1（村居）" in client.get("/sign-in/provider").text


def test_half_a_provider_is_an_error_and_none_offers_nothing(settings: Settings) -> None:
    half = {name: value for name, value in settings.environment.items() if name != "OIDC_CLIENT_SECRET"}
    with pytest.raises(IncompleteProviderError):
        make_desk(replace(settings, environment=half))
    none = {name: value for name, value in settings.environment.items() if not name.startswith("OIDC")}
    with (
        DeskServer(replace(settings, environment=none)) as server,
        httpx2.Client(base_url=server.address, follow_redirects=True) as client,
    ):
        assert "/sign-in/provider" not in client.get("/sign-in").text
        assert client.get("/sign-in/provider").status_code == 404
