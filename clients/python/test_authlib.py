"""A client with Authlib: a requests session that obtains a token and then presents it by itself."""

import os

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session, OAuthError

# The wallet that the examples call and the client that they are: see ../README.md.
URL = os.environ["CLAVIGER_URL"]
CLIENT_ID = os.environ["CLAVIGER_CLIENT_ID"]
CLIENT_SECRET = os.environ["CLAVIGER_CLIENT_SECRET"]

ME = f"{URL}/api/v1/me"

# What the client was made with, as every answer lists it: `identifiers:change` implies `identifiers:view`.
PERMISSIONS = ["holder_credentials:view", "identifiers:change", "identifiers:view"]


@pytest.fixture
def server():
    """What the server tells about itself (RFC 8414)."""
    metadata = requests.get(f"{URL}/.well-known/oauth-authorization-server", timeout=10).json()
    assert metadata["issuer"] == URL
    return metadata


@pytest.fixture(params=["client_secret_basic", "client_secret_post"])
def method(request, server):
    """How the client authenticates."""
    assert request.param in server["token_endpoint_auth_methods_supported"]
    return request.param


@pytest.fixture
def session(method):
    return session_with(CLIENT_SECRET, method)


def session_with(secret, method):
    return OAuth2Session(
        CLIENT_ID,
        secret,
        token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method,
    )


def test_a_token_opens_the_wallet_with_all_permissions_of_the_client(session, server):
    token = session.fetch_token(server["token_endpoint"], grant_type="client_credentials")
    assert token["scope"] == " ".join(PERMISSIONS)
    caller = session.get(ME).json()
    assert caller["kind"] == "oauth_client"
    assert caller["name"] == CLIENT_ID
    assert caller["permissions"] == PERMISSIONS


def test_a_token_asked_for_with_less_scope_may_do_less(session, server):
    token = session.fetch_token(
        server["token_endpoint"], grant_type="client_credentials", scope="identifiers:view"
    )
    assert token["scope"] == "identifiers:view"
    assert session.get(ME).json()["permissions"] == ["identifiers:view"]


def test_a_wrong_secret_is_an_invalid_client(method, server):
    session = session_with("clvs_wrong", method)
    with pytest.raises(OAuthError) as refusal:
        session.fetch_token(server["token_endpoint"], grant_type="client_credentials")
    assert refusal.value.error == "invalid_client"


def test_introspection_tells_an_active_tokens_client_and_scope(session, server):
    token = session.fetch_token(server["token_endpoint"], grant_type="client_credentials")
    told = session.introspect_token(server["introspection_endpoint"]).json()
    assert told["active"] is True
    assert told["client_id"] == CLIENT_ID
    assert told["scope"] == token["scope"]


def test_a_revoked_token_is_inactive_and_opens_nothing(session, server):
    session.fetch_token(server["token_endpoint"], grant_type="client_credentials")
    assert session.revoke_token(server["revocation_endpoint"]).status_code == 200
    assert session.introspect_token(server["introspection_endpoint"]).json() == {"active": False}
    assert session.get(ME).status_code == 401
