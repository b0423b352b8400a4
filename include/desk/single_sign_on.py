"""Signing in through the bureau's own identity provider, by OpenID Connect.

The provider says who somebody is, never what they may see: role and region are those of the local account of that
name, and whoever has none does not come in.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth, StarletteOAuth2App
from fastapi import Request
from fastapi.responses import Response
from joserfc.errors import JoseError

from include.privacy import DoudiError
from include.settings import Settings

BEGIN_PATH, BACK_PATH = "/sign-in/provider", "/sign-in/provider/back"
_NEEDED = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
_USUAL_CLAIM = "preferred_username"
_LOG = logging.getLogger(__name__)


class IncompleteProviderError(DoudiError):
    """Only part of what a provider needs is set."""


@dataclass(frozen=True)
class Provider:
    """The provider's client, and the claim that holds an account's name."""

    client: StarletteOAuth2App
    claim: str

    @classmethod
    def of(cls, settings: Settings) -> Provider | None:
        """The provider that the settings name; none where they name none. Raises IncompleteProviderError."""
        values = [settings.environment.get(name, "") for name in _NEEDED]
        if not any(values):
            return None
        if not all(values):
            raise IncompleteProviderError(
                f"单点登录需要同时设置 {'、'.join(_NEEDED)}", f"single sign-on needs all of {', '.join(_NEEDED)}"
            )
        issuer, client_id, client_secret = values
        client = OAuth().register(
            "provider",
            server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
            client_id=client_id,
            client_secret=client_secret,
            client_kwargs={"scope": "openid profile", "code_challenge_method": "S256"},
        )
        return cls(client, settings.environment.get("OIDC_NAME_CLAIM") or _USUAL_CLAIM)

    async def begin(self, request: Request) -> Response | None:
        """Send the browser to the provider; nothing where it does not answer."""
        try:
            answer: Response = await self.client.authorize_redirect(request, str(request.url_for("provider_back")))
        except httpx2.HTTPError as error:
            _LOG.warning("the provider does not answer: %s", type(error).__name__)
            return None
        return answer

    async def name_of(self, request: Request) -> str:
        """The account's name that the provider vouches for; empty where it vouches for none."""
        try:
            token = await self.client.authorize_access_token(request)
        except (OAuthError, JoseError, httpx2.HTTPError) as error:
            _LOG.warning("the provider vouches for nobody: %s", type(error).__name__)
            return ""
        return str(token["userinfo"].get(self.claim) or "")
