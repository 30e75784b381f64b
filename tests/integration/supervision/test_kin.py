"""What follows from a complaint names its complainant as little as the complaint itself does."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from engine.errors import InvalidData
from engine.store.tables import Definition, DefinitionFile, Instance
from supervision.case.kin import kin
from supervision.case.open import open_instance
from supervision.case.table import Case, CaseLink
from supervision.guards import demand_unnamed
from supervision.identity.key import Keys
from supervision.identity.vault import seal
from supervision.publication.desk import publish_result
from tests.integration.supervision.conftest import NOW
from tests.integration.supervision.people import actor

TOLD = "金丝雀反映的问题已经整改。"


@pytest.fixture
def following(district: Session) -> Callable[..., Case]:
    """Opens a 整改 that follows from an instance; `case=False` opens what lies between: no case."""
    for name, series in (("r" * 32, 'number_series = "ZG"'), ("n" * 32, "")):
        district.add(
            Definition(
                id=name, key=name[:5], version=1, name="整改", digest="0" * 64, effective_from=NOW,
                published_at=NOW, published_by="owner", approved_by="lead", calls={},
            )
        )  # fmt: skip
        content = f'key = "x"\n{series}\n'.encode()
        district.add(
            DefinitionFile(definition_id=name, path="process.toml", digest="1" * 64, content=content)
        )
    district.flush()

    def open_(cause: str, case: bool = True) -> Instance:
        instance = Instance(
            id=uuid.uuid4().hex, definition_id=("r" if case else "n") * 32, process_id="rectification",
            business_key="", title="整改", status="active", revision=0, started_at=NOW, started_by="system",
            cause_id=cause,
        )  # fmt: skip
        district.add(instance)
        district.flush()
        open_instance(district, instance, {"unit_code": "U01"}, NOW)
        return instance

    return open_


@pytest.fixture
def complaint(open_case: Callable[..., Case], district: Session, keys: Keys, now: datetime) -> Case:
    case = open_case()
    seal(district, keys, case.instance_id, {"name": "金丝雀"}, now)
    return case


def test_a_text_of_what_follows_is_looked_at_for_the_complainant(
    complaint: Case, following: Callable[..., Instance], district: Session, keys: Keys
) -> None:
    # given a 整改 of the complaint, by way of an instance that is no case
    between = following(complaint.instance_id, case=False)
    case = following(between.id)
    again = following(case.id)
    # then also of the one after it
    for instance in (case, again):
        with pytest.raises(InvalidData, match="姓名"):
            demand_unnamed(district, keys, instance.id, actor("clerk"), {"requirement": TOLD})
        demand_unnamed(district, keys, instance.id, actor("clerk"), {"requirement": "投诉人反映的问题。"})
    assert [one.number for one in kin(district, district.get_one(Case, again.id))][-1] == complaint.number


def test_who_may_not_know_the_complainant_gets_no_hint_by_another_case(
    complaint: Case, following: Callable[..., Instance], district: Session, keys: Keys
) -> None:
    case = following(complaint.instance_id)
    demand_unnamed(district, keys, case.id, actor("contact"), {"requirement": TOLD})


def test_what_follows_is_not_published_with_the_complainant(
    complaint: Case, following: Callable[..., Instance], district: Session, keys: Keys
) -> None:
    case = district.get_one(Case, following(complaint.instance_id).id)
    with pytest.raises(InvalidData, match="投诉人信息"):
        publish_result(
            district, keys, case, TOLD, field="publish_text", channels=["网站"], url="",
            published_on=NOW.date(), actor=actor("lead"), now=NOW,
        )  # fmt: skip


def test_a_complaint_is_looked_at_for_those_it_took_in(
    complaint: Case, open_case: Callable[..., Case], district: Session, keys: Keys
) -> None:
    # given another complaint, of which the first is a part (并案)
    master = open_case()
    district.add(
        CaseLink(
            instance_id=complaint.instance_id, other_id=master.instance_id, kind="并案", linked_at=NOW,
            linked_by="clerk",
        )
    )  # fmt: skip
    district.flush()
    # then
    with pytest.raises(InvalidData, match="姓名"):
        demand_unnamed(district, keys, master.instance_id, actor("clerk"), {"reply": TOLD})
