"""异常处理 as the administrator meets it, without script: each repair by its form, and every refusal said."""

from __future__ import annotations

import pytest
from sqlalchemy import select

import engine.definition
from engine.errors import StepFailed
from engine.instance import start
from engine.store.tables import HistoryEntry, Incident, Instance, Task
from supervision.account.table import Account
from supervision.account.viewer import actor_of
from tests.acceptance.pages.browser import Page
from tests.acceptance.pages.conftest import Site
from tests.unit.bpmn.drawn import END, START, process, user

SCRIPT = '<scriptTask id="x" name="折算人均"><script>share = total / people</script></scriptTask>'
CLERKS = 'camunda:candidateGroups="DCS_CLERK"'
ELEMENTS = START + END + user("a", attributes=CLERKS) + SCRIPT + user("b", attributes=CLERKS)


@pytest.fixture
def broken(site: Site) -> str:
    """Id of the incident of a script that divides by zero when its instance begins; nothing has begun."""
    return fail(site, "s > x; x > a; a > b; b > e")


@pytest.fixture
def stuck(site: Site) -> str:
    """Id of the incident of a task whose completion fails; the task is still open."""
    return fail(site, "s > a; a > x; x > b; b > e")


def fail(site: Site, lines: str) -> str:
    with site.session() as session:
        files = {"share.bpmn": process(ELEMENTS, lines, id="share")}
        engine.definition.publish(session, "share", files, by="owner", approved_by="second", now=site.clock())
        clerk = actor_of(session, session.get_one(Account, "clerk1"), site.clock())
        context = site.system.context
        try:
            data = {"total": 9, "people": 0, "note": "<b>不可信</b>"}
            start(session, context, "share", data, actor=clerk, now=site.clock())
            task = session.scalars(select(Task).where(Task.element_id == "a")).one()
            engine.task.complete(session, context, task.id, {}, actor=clerk, now=site.clock())
        except StepFailed as failure:
            session.commit()
            return failure.incident_id
        raise AssertionError("Expected the step to fail, but it did not")


def act(site: Site, incident_id: str, form: str, /, **data: object) -> Page:
    address = f"/incidents/{incident_id}"
    return site.as_("admin").send(address, {"reason": "按登记表更正", **data}, f"{address}/{form}")


def open_elements(site: Site) -> list[str]:
    with site.session() as session:
        query = select(Task.element_id).where(Task.process_id == "share", Task.status == "open")
        return sorted(session.scalars(query))


def state(site: Site, incident_id: str) -> tuple[str, str]:
    """(status of the incident, status of its instance)."""
    with site.session() as session:
        incident = session.get_one(Incident, incident_id)
        return incident.status, session.get_one(Instance, incident.instance_id).status


def test_the_list_leads_to_a_page_that_says_where_what_and_with_which_data(site: Site, stuck: str) -> None:
    admin = site.as_("admin")
    listed = admin.get("/incidents")
    assert listed.links("/incidents/") == [f"/incidents/{stuck}"]
    assert "折算人均" in listed.words
    page = admin.get(f"/incidents/{stuck}")
    for words in ("折算人均", "办理“a”", "people", "进行中，停在出错以前的位置", "脚本"):
        assert words in page.words
    assert "<b>不可信" not in page.text
    assert admin.get(f"/incidents/{stuck}/diagram.bpmn").code == 200


def test_a_mended_variable_and_another_try_let_the_case_go_on(site: Site, broken: str) -> None:
    mended = act(site, broken, "variable", name="people", value="3")
    assert "变量 people 已由 0 改为 3" in mended.words
    done = act(site, broken, "retry")
    assert "重试成功" in done.words
    assert "已重试" in done.words
    assert open_elements(site) == ["a"]
    assert site.as_("admin").get("/incidents").links("/incidents/") == []


def test_a_try_that_fails_again_leads_to_the_new_incident(site: Site, stuck: str) -> None:
    page = act(site, stuck, "retry")
    assert "重试以后仍然出错" in page.words
    assert page.response.request.path != f"/incidents/{stuck}"
    assert "待处理" in page.words


def test_a_token_is_moved_after_it_was_confirmed(site: Site, stuck: str) -> None:
    page = site.as_("admin").get(f"/incidents/{stuck}")
    (way,) = page.document.xpath("//select[@name='way']//option[text()='b']/@value")
    unsure = act(site, stuck, "move", way=way)
    assert (unsure.code, open_elements(site)) == (422, ["a"])
    assert "请先勾选确认" in unsure.words
    assert unsure.document.xpath("//details[@id='move']/@open")
    moved = act(site, stuck, "move", way=way, sure="1")
    assert "令牌已移动" in moved.words
    assert open_elements(site) == ["b"]


def test_a_cancelled_case_has_nothing_open(site: Site, stuck: str) -> None:
    assert act(site, stuck, "cancel").code == 422
    done = act(site, stuck, "cancel", sure="1")
    assert "流程已取消" in done.words
    assert (open_elements(site), state(site, stuck)) == ([], ("resolved", "terminated"))


def test_an_incident_is_closed_with_a_reason(site: Site, stuck: str) -> None:
    refused = act(site, stuck, "resolve", reason=" ")
    assert (refused.code, state(site, stuck)[0]) == (422, "open")
    assert "请写明理由" in refused.words
    closed = act(site, stuck, "resolve")
    assert "异常已关闭" in closed.words
    assert "按登记表更正" in closed.words


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"name": "people", "value": "三"}, "应为 JSON"),
        ({"name": "people", "value": "NaN"}, "不是有限的数"),
        ({"name": "people", "value": "1" * 40}, "整数过大"),
        ({"new_name": "a b", "value": "1"}, "变量名由字母"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_what_was_typed_stays(
    site: Site, stuck: str, data: dict[str, str], said: str
) -> None:
    page = act(site, stuck, "variable", **data)
    assert page.code == 422
    assert said in page.words
    assert page.document.xpath("//textarea[@name='value']")[0].text.strip() == data["value"]
    assert page.document.xpath("//details[@id='variable']/@open")


def test_a_double_click_is_done_once(site: Site, broken: str) -> None:
    act(site, broken, "variable", name="people", value="3")
    admin, address = site.as_("admin"), f"/incidents/{broken}"
    page = admin.get(address)
    first = admin.submit(page, f"{address}/retry", {"reason": "数据已改"})
    again = admin.submit(page, f"{address}/retry", {"reason": "数据已改"})
    assert (first.code, again.code) == (200, 200)
    assert open_elements(site) == ["a"]
    with site.session() as session:
        entries = session.scalars(select(HistoryEntry.kind).where(HistoryEntry.kind == "incident.retried"))
        assert len(entries.all()) == 1


def test_who_comes_second_is_told_who_was_first(site: Site, stuck: str) -> None:
    admin, address = site.as_("admin"), f"/incidents/{stuck}"
    mine, theirs = admin.get(address), admin.get(address)
    admin.submit(theirs, f"{address}/resolve", {"reason": "线下处理"})
    late = admin.submit(mine, f"{address}/retry", {"reason": "重试"})
    assert late.code == 409
    assert "该异常已由 admin 处理" in late.words


def test_nobody_else_sees_or_repairs(site: Site, stuck: str) -> None:
    address = f"/incidents/{stuck}"
    page = site.as_("admin").get(address)
    for login in ("clerk1", "lead", "manager"):
        other = site.as_(login)
        assert other.get(address).code == 403
        assert other.get(f"{address}/diagram.bpmn").code == 403
        for name in ("retry", "variable", "move", "cancel", "resolve"):
            token = page.form(f"{address}/resolve").fields["csrf_token"]
            assert other.post(f"{address}/{name}", {"reason": "我来", "csrf_token": token}).code in (400, 403)
    assert state(site, stuck) == ("open", "active")


def test_a_post_without_its_token_is_refused(site: Site, stuck: str) -> None:
    answer = site.as_("admin").post(f"/incidents/{stuck}/resolve", {"reason": "伪造"})
    assert (answer.code, state(site, stuck)[0]) == (400, "open")


def test_an_incident_that_is_not_there_is_not_found(site: Site) -> None:
    assert site.as_("admin").get(f"/incidents/{'0' * 32}").code == 404
