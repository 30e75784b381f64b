"""Keys: who has none is stopped, and nobody can do more with one than the person it stands for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select, update

from engine.actor import SYSTEM_ACTOR
from supervision.account.table import Account, ApiToken
from supervision.account.token import ID_LENGTH, revoke
from tests.acceptance.api.client import ROOT, Program, program, refused
from tests.acceptance.pages.conftest import Site

Filed = Callable[..., tuple[str, str]]


def test_without_a_key_only_the_description_can_be_read(site: Site) -> None:
    stranger = program(site)
    assert stranger.get("/openapi.json").status_code == 200
    answer = stranger.get("/tasks")
    refused(answer, 401, "no-token")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_cookie_opens_no_door_of_the_api(site: Site) -> None:
    inside = site.as_("clerk1").client
    assert inside.get("/inbox").status_code == 200
    refused(inside.get(f"{ROOT}/tasks"), 401, "no-token")
    refused(inside.post(f"{ROOT}/instances", json={"definition": "complaint"}), 401, "no-token")


def test_a_key_opens_no_page_and_sets_no_cookie(site: Site) -> None:
    key = program(site, "clerk1")
    assert site.app.test_client().get("/inbox", headers=key._headers()).status_code == 302
    assert "Set-Cookie" not in key.get("/tasks").headers


def test_unknown_malformed_and_foreign_keys_are_all_refused_alike(site: Site) -> None:
    for token in ("x", "ducha_" + "A" * 43, "A" * 5000):
        problem = refused(Program(site.app.test_client(), token).get("/tasks"), 401, "bad-token")
        assert problem["detail"] == "密钥不存在、已到期或已作废。"
    for header in ("Basic YTpi", "Bearer", "Bearer a b", "bearer"):
        answer = site.app.test_client().get(f"{ROOT}/tasks", headers={"Authorization": header})
        refused(answer, 401, "no-token")


def test_a_key_ends_when_it_expires(site: Site) -> None:
    key = program(site, "clerk1", days=2)
    assert key.get("/tasks").status_code == 200
    site.clock.move(site.clock() + timedelta(days=2))
    refused(key.get("/tasks"), 401, "bad-token")


def test_a_revoked_key_ends_at_once(site: Site) -> None:
    key = program(site, "clerk1")
    assert key.get("/tasks").status_code == 200
    with site.session() as session:
        row = session.scalars(select(ApiToken)).one()
        revoke(session, row.token_hash[:ID_LENGTH], by=SYSTEM_ACTOR, now=site.clock())
        session.commit()
    refused(key.get("/tasks"), 401, "bad-token")


def test_the_keys_of_a_closed_account_open_nothing(site: Site) -> None:
    key = program(site, "clerk1")
    with site.session() as session:
        session.execute(update(Account).where(Account.login == "clerk1").values(active=False))
        session.commit()
    refused(key.get("/tasks"), 401, "bad-token")


def test_a_scope_that_was_not_given_is_named(site: Site, filed: Filed) -> None:
    filed()
    reader = program(site, "clerk1", "tasks:read")
    task = reader.get("/tasks").get_json()["items"][0]["id"]
    answer = reader.post(f"/tasks/{task}/claim")
    problem = refused(answer, 403, "insufficient-scope")
    assert "tasks:write" in problem["detail"]
    assert 'scope="tasks:write"' in answer.headers["WWW-Authenticate"]


def test_a_scope_gives_nobody_the_role_it_takes(site: Site, filed: Filed) -> None:
    filed()
    clerk, admin = program(site, "clerk1"), program(site, "admin")
    assert "系统管理员" in refused(clerk.get("/incidents"), 403, "not-allowed")["detail"]
    assert "流程所有者" in refused(clerk.get("/drafts"), 403, "not-allowed")["detail"]
    assert refused(admin.post("/instances", {"definition": "complaint"}), 403, "not-allowed")
    assert admin.get("/tasks").get_json() == {"items": [], "next": None}


def test_only_the_day_of_the_last_use_is_kept(site: Site) -> None:
    key = program(site, "clerk1")

    def used() -> object:
        with site.session() as session:
            return session.scalars(select(ApiToken.used_on)).one()

    assert used() is None
    key.get("/tasks")
    assert str(used()) == "2026-03-02"
    site.clock.move(site.clock() + timedelta(days=1))
    key.post("/messages", {"name": "msg_supplement", "correlation": "nobody"})
    assert str(used()) == "2026-03-03"


def test_the_key_itself_is_nowhere_in_the_database(site: Site) -> None:
    key = program(site, "clerk1")
    key.get("/tasks")
    content = (site.system.settings.data / "ducha.db").read_bytes()
    content += (site.system.settings.data / "ducha.db-wal").read_bytes()
    assert key.token.encode() not in content
