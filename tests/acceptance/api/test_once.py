"""Idempotency-Key: a request that is sent again does nothing more and is answered as before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select

from engine.store.tables import HistoryEntry, Instance
from supervision.once.store import KEPT
from supervision.once.table import AnsweredOnce
from tests.acceptance.api.client import program, refused
from tests.acceptance.pages import walk
from tests.acceptance.pages.conftest import Site

Filed = Callable[..., tuple[str, str]]
BODY = {"data": {**walk.ELEMENTS, "target_unit": "U06"}}


def entries(site: Site) -> int:
    with site.session() as session:
        return session.scalar(select(func.count()).select_from(HistoryEntry)) or 0


def test_completing_twice_with_one_key_is_one_step_and_one_answer(site: Site, filed: Filed) -> None:
    filed()
    clerk, task = program(site, "clerk1"), site.open_task("ut_complete")
    first = clerk.post(f"/tasks/{task}/complete", BODY, key="k-1")
    assert first.status_code == 200, first.get_data(as_text=True)
    before = entries(site)
    again = clerk.post(f"/tasks/{task}/complete", BODY, key="k-1")
    assert (again.status_code, again.get_data()) == (200, first.get_data())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert entries(site) == before
    refused(clerk.post(f"/tasks/{task}/complete", BODY, key="k-2"), 409, "already-completed")


def test_starting_twice_with_one_key_starts_one_instance(site: Site) -> None:
    clerk = program(site, "clerk1")
    answers = [clerk.post("/instances", {"definition": "opinion_box"}, key="k") for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.get_json()["id"] for answer in answers}) == 1
    with site.session() as session:
        assert session.scalar(select(func.count()).select_from(Instance)) == 1


def test_a_key_is_for_one_request_only(site: Site, filed: Filed) -> None:
    filed()
    clerk, task = program(site, "clerk1"), site.open_task("ut_complete")
    assert clerk.post(f"/tasks/{task}/claim", key="k").status_code == 200
    other = clerk.post(f"/tasks/{task}/unclaim", key="k")
    assert "Idempotency-Key" in refused(other, 422, "invalid-data")["errors"]
    started = clerk.post("/instances", {"definition": "opinion_box"}, key="k")
    refused(started, 422, "invalid-data")


def test_the_same_key_of_another_person_is_another_key(site: Site) -> None:
    ids = {
        program(site, login).post("/instances", {"definition": "opinion_box"}, key="k").get_json()["id"]
        for login in ("clerk1", "clerk2")
    }
    assert len(ids) == 2


def test_what_was_refused_may_be_tried_again_with_the_key(site: Site, filed: Filed) -> None:
    filed()
    clerk, task = program(site, "clerk1"), site.open_task("ut_complete")
    refused(clerk.post(f"/tasks/{task}/complete", {"data": {}}, key="k"), 422)
    assert clerk.post(f"/tasks/{task}/complete", BODY, key="k").status_code == 200


def test_odd_keys_are_refused(site: Site) -> None:
    clerk = program(site, "clerk1")
    for key in ("x" * 101, "a b", "\x07"):
        refused(clerk.post("/instances", {"definition": "opinion_box"}, key=key), 422, "bad-key")


def test_neither_key_nor_request_is_kept_and_old_answers_go(site: Site) -> None:
    clerk = program(site, "clerk1")
    for number in range(40):
        clerk.post("/messages", {"name": "msg_withdraw", "correlation": f"old-{number}"}, key=f"old-{number}")
    with site.session() as session:
        rows = session.scalars(select(AnsweredOnce)).all()
    assert len(rows) == 40
    assert all(len(row.key) == len(row.request) == 64 for row in rows)
    site.clock.move(site.clock() + KEPT + timedelta(seconds=1))
    for number in range(40):
        clerk.post("/messages", {"name": "msg_withdraw", "correlation": f"new-{number}"}, key=f"new-{number}")
    with site.session() as session:
        assert session.scalar(select(func.count()).select_from(AnsweredOnce)) == 40
