"""Curators who log in with a real OpenID provider: one of our own, on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser.conftest import Visit, serving

PEOPLE = {
    "ada": {"email": "Ada@example.org", "email_verified": True},
    "eve": {"email": "eve@example.org", "email_verified": True},
    "mallory": {"email": "ada@example.org", "email_verified": False},
}
SAYS = {"ada": "You decide as ada", "eve": "who is not on the list", "mallory": "who is not on the list"}


PROVIDER = """
import json, sys, time
import oidc_provider_mock as oidc
people = [oidc.User(sub=name, claims=claims) for name, claims in json.loads(sys.argv[1]).items()]
with oidc.run_server_in_thread(user_claims=people) as server:
    print(server.server_port, flush=True)
    time.sleep(600)
"""


@pytest.fixture(scope="module")
def server_with_login(own_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if find_spec("oidc_provider_mock") is None:
        pytest.skip("needs the extra 'dev'")
    # In a process of its own: its dependencies warn, and warnings are errors here.
    command = [sys.executable, "-W", "ignore", "-c", PROVIDER, json.dumps(PEOPLE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as provider:
        assert provider.stdout is not None
        login = {
            "server_metadata_url": f"http://127.0.0.1:{int(provider.stdout.readline())}/.well-known/openid-configuration",
            "client_id": "tracker",
            "client_secret": "of-the-test",
            "redirect_uri": "BASE/oauth2callback",
            "cookie_secret": "of-the-test-as-well",
        }
        settings = {"TRACKER_LOGIN": json.dumps(login), "TRACKER_CURATORS": '["ada@example.org"]'}
        try:
            with serving(own_data, tmp_path_factory.mktemp("login") / "log", **settings) as base:
                yield base
        finally:
            provider.terminate()


@pytest.mark.parametrize("who", list(PEOPLE))
def test_only_who_is_on_the_list_and_has_a_checked_address_decides(page: Any, server_with_login: str, who: str) -> None:
    visit = Visit(page, server_with_login)
    visit.open("/curation")
    expect(page.get_by_text("For those who look after the list")).to_be_visible()
    assert visit.violations() == []
    page.get_by_role("button", name="Log in").click()
    page.locator("input[name=sub]").fill(who)
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(f"{server_with_login}/**")
    visit.open("/curation")
    expect(page.get_by_text(SAYS[who])).to_be_visible()
    visit.open("/?q=lightning")
    expect(page.get_by_role("link", name="Curation")).to_have_count(1 if who == "ada" else 0)


def test_a_server_for_others_lends_its_decisions_to_nobody(own_data: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "tracker",
        "serve",
        "--data",
        str(own_data),
        "--host",
        "0.0.0.0",
        "--curator",
        "Ada",
    ]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "for this machine alone" in ended.stderr
