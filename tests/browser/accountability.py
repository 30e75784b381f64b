"""The boring parts of a 问责 and its 复核, done without a browser, by the forms that pages would show."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from command.play.chain import issue
from command.play.perform import perform
from command.play.script import Step, read_script
from command.play.stage import Stage
from command.play.tasks import complete_as, person, task_for
from command.settings import SEED
from engine.deadline.shanghai import date_of
from engine.store.tables import Instance
from supervision.document.table import Document
from supervision.recusal.declare import declare
from tests.browser.server import Server

COMPLAINT = SEED / "complaint" / "scenarios" / "T16-撤回后依职权继续.toml"
"""A complaint that was found true and handed over as a clue, told to its end."""
REVIEW = "accountability_review"
PRINCIPLES = ["实事求是", "有错必究", "惩处与教育相结合", "追究责任与改进工作相结合", "责任与处理相适应"]
PRESENT = {"group-head": "周正言", "group-deputy": "吴知行", "member1": "贾思勉", "member2": "潘定远"}


class Inquiry:
    """The case of 问责 that a complaint led to, and whatever follows from it."""

    def __init__(self, server: Server) -> None:
        self._stage = Stage(server.system, server.clock)
        assert perform(self._stage, read_script(COMPLAINT)) == []
        self.id = self.newest("accountability")

    @property
    def today(self) -> date:
        """In Shanghai."""
        return date_of(self._stage.clock.at)

    def do(self, element: str, by: str, about: str = "", process: str = "", **answers: Any) -> None:
        """The open task of that name, of the case or of the newest of `process`; then what follows."""
        instance_id = self.newest(process) if process else self.id
        with self._stage.session() as session:
            actor = person(session, by, self._stage)
            task_id = task_for(self._stage, session, instance_id, element, actor, about).id
        complete_as(self._stage, task_id, by, answers)
        self.settle()

    def letter(self, code: str, about: str = "", process: str = "", mode: str = "直接") -> None:
        """The document of that template, to its delivery."""
        instance_id = self.newest(process) if process else self.id
        step = Step(1, issue=code, about=about, by="clerk1", data={"mode": mode})
        issue(self._stage, instance_id, step)
        self.settle()

    def declares(self, login: str, process: str = "") -> None:
        """无: the person has nothing to do with anybody concerned."""
        instance_id = self.newest(process) if process else self.id
        with self._stage.session() as session:
            actor, instance = person(session, login, self._stage), session.get_one(Instance, instance_id)
            answers = {"has_conflict": "无", "confidentiality_pledge": True}
            context, now = self._stage.system.context, self._stage.clock.at
            declare(session, context, instance, answers, actor=actor, now=now)
            session.commit()

    def investigate(self) -> None:
        """From the signature under the 研判 to what was found of the unit."""
        today = self.today.isoformat()
        self.do("ut_screen_ok", "lead", approve="同意")
        self.do(
            "ut_competent", "group-head",
            body="领导小组", power=["调查", "处理"], head_is_respondent="否",
        )  # fmt: skip
        self.do("ut_file", "group-head", file_result="批准立案", filed_on=today)
        pair = ["investigator1", "investigator2"]
        self.do("ut_team", "clerk1", investigators=pair)
        self.letter("D19", mode="短信")
        self.declares("investigator1")
        self.do(
            "ut_investigate", "investigator1",
            ev_type="书证", source="网站记录和收费票据", collectors=pair, collected_on=today,
            file=["记录.pdf"], proves="公示的标准从未执行。", more="取证完毕",
        )  # fmt: skip
        self.do(
            "ut_report", "investigator1",
            facts="网站公示的收费标准从未执行。", severity_opinion="影响较大。",
            suggestion="按第十一条第三项处理。", report=["调查报告.pdf"],
            subjects=[{"subject_kind": "单位", "unit": "U06"}],
        )  # fmt: skip
        self.do(
            "ut_found", "investigator1",
            level="情节严重影响较大", crime_suspected="否", people_affected="10人以上",
            loss="1万元以上", media="更大范围", intent="明知",
        )  # fmt: skip

    def discuss(self) -> None:
        """The defence is examined and the 领导小组 decides, four of its five members present."""
        self.declares("hearer1")
        point = {"point": "数字由旧系统带出", "result": "不采纳", "reason": "收费与公示长期不一致。"}
        self.do("ut_verify", "hearer1", points=[point], new_facts="否", final_outcome="拟问责")
        checked = ["权限", "事实和证据", "依据现行有效", "程序"]
        self.do("ut_legal", "legal", legal_points=checked, legal_result="通过")
        self.do(
            "ut_meeting", "group-head",
            held_on=self.today.isoformat(), chair="周正言", attendees=list(PRESENT),
            principles=PRINCIPLES, principles_how="逐项对照。",
            views=[{"person": "周正言", "view": "同意。"}],
            votes=[{"no": 1, "person": name, "vote": "同意"} for name in PRESENT.values()],
            decisions=[{"decision": "予以问责"}],
        )  # fmt: skip

    def review(self) -> None:
        """From the application to the discussion; one member of the 领导小组 had no part in the decision."""
        self.do("ut_formal", "clerk1", process=REVIEW, formal="受理")
        self.letter("D34", process=REVIEW, mode="短信")
        self.do("ut_reviewers", "group-deputy", process=REVIEW, reviewers=["reviewer1", "reviewer2"])
        self.declares("reviewer1", process=REVIEW)
        self.do(
            "ut_review", "reviewer1", process=REVIEW,
            review_facts="票据与公示相符。", review_opinion="申请理由成立。", review_suggestion="撤销并终结",
        )  # fmt: skip
        self.do(
            "ut_meeting2", "group-deputy", process=REVIEW,
            meeting_on=self.today.isoformat(), meeting_people=["member3"], meeting_views="同意复核意见。",
        )  # fmt: skip

    def number(self, code: str) -> str:
        """文号 of the document issued from that template."""
        with self._stage.session() as session:
            return session.scalars(select(Document.doc_no).where(Document.template_code == code)).one()

    def newest(self, process: str) -> str:
        """The instance of that process which began last."""
        with self._stage.session() as session:
            found = session.scalars(
                select(Instance.id)
                .where(Instance.process_id == process)
                .order_by(Instance.started_at.desc(), Instance.business_key.desc())
            ).first()
        assert found is not None
        return found

    def settle(self) -> None:
        """What a step set going is done."""
        self._stage.move(self._stage.clock.at)
