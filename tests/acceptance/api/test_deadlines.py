"""Deadlines and their proofs through the API: complete as described, and no wider than the person sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy import select, update

from engine.deadline.verify import verify
from engine.store.tables import Task
from forms.api.schemas.deadline import DeadlineProved
from tests.acceptance.api.client import program, refused
from tests.acceptance.api.test_instances import the_case
from tests.acceptance.pages import walk
from tests.acceptance.pages.conftest import Site

Filed = Callable[..., tuple[str, str]]


def undescribed(value: Any, schema: Schema, place: str = "") -> Iterator[str]:
    """Members that the description does not know, or that it promises and are not there."""
    yield from (f"{place}.{name}" for name in schema.fields.keys() ^ value.keys())
    for name, field in schema.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested) and value.get(name) is not None:
            parts = value[name] if isinstance(field, fields.List) else [value[name]]
            for part in parts:
                yield from undescribed(part, inner.schema, f"{place}.{name}")


def test_a_deadline_comes_with_a_proof_that_holds(site: Site, filed: Filed) -> None:
    number, _ = filed()
    clerk, case = program(site, "clerk1"), the_case(site)
    (line,) = clerk.get(f"/instances/{case}/deadlines").get_json()["items"]
    assert (line["key"], line["status"], line["due_on"]) == ("CP-TRIAGE", "running", "2026-03-09")
    whole = clerk.get(f"/instances/{case}/deadlines/{line['id']}").get_json()
    assert (whole["case"], whole["due"], whole["amber"]) == (number, "2026-03-09", "2026-03-06")
    assert list(whole["levels"]) == ["L1", "L2", "L3", "L4"]
    assert whole["provisional"] is False
    assert verify(whole) == []
    assert list(undescribed(whole, DeadlineProved())) == []
    task_id = site.open_task("ut_complete")
    assert clerk.get(f"/tasks/{task_id}/deadline").get_json() == whole
    whole["due"] = "2026-03-10"
    assert verify(whole)


def test_a_task_without_deadline_has_none(site: Site, filed: Filed) -> None:
    filed()
    task_id = site.open_task("ut_complete")
    with site.session() as session:
        session.execute(update(Task).values(deadline_id=None, due_on=None, due_at=None, amber_on=None))
        session.commit()
    refused(program(site, "clerk1").get(f"/tasks/{task_id}/deadline"), 404, "not-found")


def test_the_list_pages_from_the_first_that_began(site: Site, filed: Filed) -> None:
    filed()
    walk.triage(site)
    clerk, case, seen, after = program(site, "clerk1"), the_case(site), [], ""
    while after is not None:
        page = clerk.get(f"/instances/{case}/deadlines", limit=1, after=after).get_json()
        seen += page["items"]
        after = page["next"]
    assert len(seen) >= 2
    assert len({line["id"] for line in seen}) == len(seen)
    assert [line["started_at"] for line in seen] == sorted(line["started_at"] for line in seen)


def test_others_learn_nothing_of_it(site: Site, filed: Filed) -> None:
    filed()
    case, task_id = the_case(site), site.open_task("ut_complete")
    with site.session() as session:
        deadline_id = session.scalars(select(Task.deadline_id).where(Task.id == task_id)).one()
    addresses = {
        f"/instances/{case}/deadlines": f"/instances/{'0' * 32}/deadlines",
        f"/instances/{case}/deadlines/{deadline_id}": f"/instances/{case}/deadlines/{'0' * 32}",
        f"/tasks/{task_id}/deadline": f"/tasks/{'0' * 32}/deadline",
    }
    unit, watcher = program(site, "u08-contact"), program(site, "manager")
    narrow = program(site, "clerk1", "messages:write")
    for there, nowhere in addresses.items():
        assert refused(unit.get(there), 404) == refused(unit.get(nowhere), 404)
        assert "列表" in refused(watcher.get(there), 403, "not-allowed")["detail"]
        refused(narrow.get(there), 403, "insufficient-scope")
