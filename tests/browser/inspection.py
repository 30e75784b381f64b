"""The boring parts of an inspection, done without a browser: each task by the form its page would show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from command.play.chain import issue
from command.play.script import Step
from command.play.stage import Stage
from command.play.tasks import complete_as, person
from engine.instance import start
from engine.store.tables import FanOutMember, Instance, Task
from supervision.recusal.declare import declare
from tests.browser.server import Server

FULL = "满分"
PLAN: Mapping[str, Any] = {
    "mode": "信息公开主管部门监督检查",
    "filing_no": "云督备〔2026〕3号",
    "methods": ["自查材料核查", "实地检查"],
    "window_from": "2026-11-16",
    "window_to": "2026-11-30",
    "evaluation_on": "false",
    "discipline": "不得接受宴请。",
}
ONSITE: Mapping[str, Any] = {
    "inspectors": ["clerk1", "clerk2"],
    "sampled": ["(三)公开内容"],
    "onsite_record": "抽查公开栏和网站各一处。",
    "covert": "false",
}


class Behind:
    """One annual inspection and its units' processes."""

    def __init__(self, server: Server) -> None:
        self._stage = Stage(server.system, server.clock)
        with self._stage.session() as session:
            actor = person(session, "clerk1", self._stage)
            data = {"label": "2026", "cycle_on": "2026-10-08"}
            context, now = server.system.context, server.clock()
            self.id = start(session, context, "annual_inspection", data, actor=actor, now=now)
            session.commit()

    def do(self, element: str, by: str, unit: str = "", **answers: Any) -> None:
        """The open task of that name, of the inspection or of the unit's newest process in it."""
        complete_as(self._stage, self.task(element, unit), by, answers)

    def letter(self, code: str, unit: str = "") -> None:
        """The document of that template, to its delivery."""
        issue(self._stage, self.instance(unit), Step(1, issue=code, by="clerk1", data={"mode": "短信"}))

    def declares(self, login: str, unit: str) -> None:
        """无: the person has nothing to do with anybody concerned."""
        instance_id = self.instance(unit)
        with self._stage.session() as session:
            actor, now = person(session, login, self._stage), self._stage.clock.at
            instance = session.get_one(Instance, instance_id)
            answers = {"has_conflict": "无", "confidentiality_pledge": True}
            declare(session, self._stage.system.context, instance, answers, actor=actor, now=now)
            session.commit()

    def inspect(self, unit: str, finding: Mapping[str, Any]) -> None:
        """From the desk to the working paper."""
        self.do("ut_desk", "clerk1", unit, score_rows=_scores(finding["item_id"]))
        self.do("ut_onsite", "clerk1", unit, **ONSITE, onsite_on="2026-11-24")
        self.do("ut_sheet", "clerk1", unit, findings=[finding])

    def task(self, element: str, unit: str = "") -> str:
        """Id of the open one."""
        instance_id = self.instance(unit)
        with self._stage.session() as session:
            return session.scalars(
                select(Task.id).where(
                    Task.instance_id == instance_id,
                    Task.element_id == element,
                    Task.status == "open",
                )
            ).one()

    def instance(self, unit: str = "") -> str:
        """Of the unit's newest process, or of the inspection itself."""
        if not unit:
            return self.id
        with self._stage.session() as session:
            return (
                session.scalars(
                    select(FanOutMember.instance_id)
                    .where(FanOutMember.parent_id == self.id, FanOutMember.item == unit)
                    .order_by(FanOutMember.started_at.desc())
                ).first()
                or self.id
            )


def _scores(failed: str) -> Mapping[str, Any]:
    """Full points but for one item."""
    return {"*": {"score": FULL}, failed: {"score": 1, "comment": "目录没有更新。", "evidence": []}}
