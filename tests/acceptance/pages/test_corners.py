"""Where things go wrong for a person who did nothing wrong: nothing typed is lost, nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select

from engine.store.tables import HistoryEntry, Instance, Task, TaskDraft
from tests.acceptance.pages import walk
from tests.acceptance.pages.conftest import Site

Filed = Callable[..., tuple[str, str]]


def completions(site: Site) -> int:
    with site.session() as session:
        done = select(func.count()).select_from(HistoryEntry).where(HistoryEntry.kind == "task.completed")
        return session.scalar(done) or 0


def test_the_same_post_again_is_answered_as_the_first_time(site: Site, filed: Filed) -> None:
    filed()
    address = f"/task/{site.open_task('ut_complete')}"
    clerk = site.as_("clerk1")
    page = clerk.get(address)
    first = clerk.submit(page, address, walk.ELEMENTS)
    second = clerk.submit(page, address, walk.ELEMENTS)
    assert "已办理" in first.words
    assert "已办理" in second.words
    assert completions(site) == 1


def test_somebody_elses_second_click_is_told_who_and_when(site: Site, filed: Filed) -> None:
    filed()
    address = f"/task/{site.open_task('ut_complete')}"
    late = site.as_("clerk2")
    opened = late.get(address)
    walk.well(site.as_("clerk1").send(address, walk.ELEMENTS))
    refused = late.submit(opened, address, walk.ELEMENTS)
    assert refused.code == 409
    assert "已由 陈明远 于 2026-03-02 09:00 办理" in refused.words
    assert "已由 陈明远 于 2026-03-02 09:00 办理" in late.get(address).words
    assert completions(site) == 1


def test_what_was_typed_survives_a_log_in_that_ended_meanwhile(site: Site, filed: Filed) -> None:
    filed()
    address = f"/task/{site.open_task('ut_complete')}"
    clerk = site.as_("clerk1")
    page = clerk.get(address)
    site.clock.move(site.clock() + timedelta(hours=3))
    out = clerk.submit(page, address, {**walk.ELEMENTS, "extract": "写了半天的案情摘要"})
    assert "登录已过期" in out.words
    assert "已经暂存" in out.words
    assert out.form("/login").fields["next"] == address
    again = clerk.submit(out, "/login", {"login": "clerk1", "password": "yunxi-demo-2026"})
    assert "写了半天的案情摘要" in again.text
    assert completions(site) == 0
    other = site.as_("clerk2").get(address)
    assert "写了半天的案情摘要" not in other.text


def test_after_a_log_out_nothing_is_stashed(site: Site, filed: Filed) -> None:
    filed()
    address = f"/task/{site.open_task('ut_complete')}"
    clerk = site.as_("clerk1")
    page = clerk.get(address)
    clerk.submit(page, "/logout")
    refused = clerk.submit(page, address, walk.ELEMENTS)
    assert refused.code == 400  # the token of the earlier cookie is worth nothing
    with site.session() as session:
        assert session.scalars(select(TaskDraft)).all() == []


def test_a_draft_is_saved_while_typing_and_found_in_another_browser(site: Site, filed: Filed) -> None:
    filed()
    address = f"/task/{site.open_task('ut_complete')}"
    clerk = site.as_("clerk1")
    token = clerk.get(address).form(address).fields["csrf_token"]
    saved = clerk.client.post(
        f"{address}/draft",
        data={"extract": "半句"},
        headers={"X-CSRFToken": token, "Accept": "application/json"},
    )
    assert saved.json == {"saved_at": "09:00", "expired": False}
    del site.inside["clerk1"]
    page = site.as_("clerk1").get(address)
    assert "半句" in page.text
    assert "已恢复 2026-03-02 09:00 的草稿" in page.words


def test_a_refused_file_keeps_the_rest_and_an_accepted_one_need_not_be_chosen_again(
    site: Site, filed: Filed
) -> None:
    filed()
    walk.assign(site)
    walk.well(site.do("u07-contact", "ut_unit_accept", unit_reply="签收办理"))
    address = f"/task/{site.open_task('ut_unit_handle')}"
    unit = site.as_("u07-contact")
    refused = unit.send(address, {**walk.HANDLE, "evidence": ("程序.exe", b"MZ")})
    assert refused.code == 422
    assert "程序.exe" in refused.words
    assert "经查，公示更新中断。" in refused.text
    kept = unit.submit(refused, address, {"finding": "", "evidence": ("截图.txt", b"screen")})
    assert kept.code == 422
    assert "截图.txt" in kept.words
    walk.well(unit.submit(kept, address, {"finding": "属实。", "evidence": None}))
    clerk = site.as_("clerk1")
    with site.session() as session:
        case = clerk.get(f"/case/{session.scalars(select(Instance.id)).one()}")
    assert "截图.txt" in case.words
    file = clerk.get(case.links("/attachment/")[0]).response
    assert file.data == b"screen"
    assert file.headers["Content-Disposition"].startswith("attachment;")
    assert file.headers["X-Content-Type-Options"] == "nosniff"


def test_a_rule_that_refuses_the_step_leaves_the_form_as_it_was(site: Site, filed: Filed) -> None:
    """AV-5: a 举报 is not handed to the unit it is about."""
    filed(matter_type="举报")
    walk.triage(site)
    walk.letter(site)
    address = f"/task/{site.open_task('ut_assign')}"
    refused = site.as_("lead").send(address, {**walk.ASSIGN, "lead_unit": "U06", "instruction": "请核实此事"})
    assert refused.code == 403
    assert "AV-5" in refused.words
    assert "请核实此事" in refused.text
    with site.session() as session:
        assert session.scalars(select(Task.status).where(Task.element_id == "ut_assign")).one() == "open"


def test_a_foreign_task_is_not_found_and_says_nothing(site: Site, filed: Filed) -> None:
    filed()
    task_id = site.open_task("ut_complete")
    unit = site.as_("u07-contact")
    for address in (f"/task/{task_id}", f"/task/{'0' * 32}"):
        page = unit.get(address)
        assert page.code == 404
        assert "TS-2026" not in page.words


def test_unknown_fields_of_a_task_are_refused(site: Site, filed: Filed) -> None:
    filed()
    address = f"/task/{site.open_task('ut_complete')}"
    refused = site.as_("clerk1").send(address, {**walk.ELEMENTS, "handler": "UP"})
    assert refused.code == 422
    assert "提交了表单里没有的内容" in refused.words
    assert completions(site) == 0
