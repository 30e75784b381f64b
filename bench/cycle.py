"""A district's year: every unit checks itself and is inspected, each form filled by a generator.

Goes through 半年自查 and 全区性检查 with all that they call and start (each unit's own processes, letters,
publication), each task by a person who may do it. `step_ms` is the median of a user's step by task (begin,
complete, commit; without drawing and judging the form), `cpu_ms` the same in processor time, which leaves out
whatever else the machine does, `median_ms` that of all steps. `slowest` names the dearest of those that every
unit does, `once` the dearest of those that the district does once. `started_per_s` is how many units'
processes the pump starts in a second. `data_mb` is how much the SQLite file grew, without attachments
and the Word files of letters, which `word_files_mb` counts. Prints one JSON object. A step may take 20 ms, a
cycle of 300 units 50 MB.
"""

from __future__ import annotations

import outside  # noqa: F401  # isort: skip
import argparse
import gc
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

import engine.task
from bench.filled import filled
from command.clock import MovableClock
from command.play.answers import StageSources, judge, page_app
from command.play.stage import Stage
from command.prepare import prepare
from command.settings import read_settings
from engine.actor import SYSTEM_ACTOR
from engine.deadline.shanghai import SHANGHAI, date_of
from engine.errors import InvalidData, NotAllowed
from engine.instance import start, task_view
from engine.store.base import table_of
from engine.store.tables import Instance, Task, TaskCandidate
from forms.form_files import form_of
from supervision.account.table import Account
from supervision.account.viewer import actor_of
from supervision.document.table import DocumentFile
from supervision.guards.recusal import Undeclared
from supervision.identity.vault import seal
from supervision.organisation.grants import holders
from supervision.organisation.table import InnerOrgan, RoleGrant, Unit
from supervision.recusal.declare import declare

HERE = Path(__file__).resolve().parent
PROCESSES = ("self_check", "unit_self_check", "annual_inspection", "unit_inspection", "unit_conclusion")
"""What a cycle is: what follows from it (整改, 问责) has a life of its own."""
CHECKED, INSPECTED = "2026-06-01T09:00", "2026-10-08T09:00"
TYPES = ("街办", "区政府部门", "授权组织")
STAFF = {"U_CONTACT": "联络员", "U_INNER_HEAD": "负责人", "U_HEAD": "主要领导"}
TEAM = ("clerk1", "clerk2")
SAID: Mapping[str, Any] = {
    "teams": [{"team_no": 1, "team_lead": TEAM[0], "members": [TEAM[1]]}],
    "conflicts": [],
    "inspectors": list(TEAM),
    "calibrations": [],
    "scope": [],
    "evaluation_on": "false",
    "result": "一般问题",
    "grounds": [],
    "mode": "短信",
    "basis_override": "",
}
"""Answers that the story needs otherwise than the first choice. `mode` is also 督查性质: see `_said`."""
GOVERNMENT = "信息公开主管部门监督检查"
MOST = 100_000
"""Tasks after which something goes in circles."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=300)
    args = parser.parse_args(argv)
    (HERE.parent / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HERE.parent / "build") as folder:
        result = measure(Path(folder), args.units)
    print(json.dumps(result, ensure_ascii=False))
    return 0


def measure(folder: Path, units: int) -> dict[str, Any]:
    """One cycle of a district of so many units."""
    clock = MovableClock(_at(CHECKED))
    stage = Stage(prepare(read_settings({"DUCHA_DATA": str(folder)}), clock).system, clock)
    _populate(stage, units)
    before = _size(stage)
    gc.freeze()  # as `ducha serve` does before it answers
    crowd, begun = Crowd(stage, units), time.perf_counter()
    crowd.cycle("self_check", {"label": "2026H1", "cycle_on": CHECKED[:10]})
    stage.move(_at(INSPECTED))
    crowd.cycle("annual_inspection", {"label": "2026", "cycle_on": INSPECTED[:10]})
    seconds = time.perf_counter() - begun
    steps, cpu = _medians(crowd.taken), _medians(crowd.worked)
    of_units = {name: ms for name, ms in steps.items() if len(crowd.taken[name]) >= units}
    grown, files = _size(stage) - before, _word_files(stage)
    grown -= files
    stage.system.database.dispose()
    return {
        "units": units,
        "tasks": sum(map(len, crowd.taken.values())),
        "slowest": _dearest(of_units),
        "once": _dearest({name: ms for name, ms in steps.items() if name not in of_units}),
        "step_ms": steps,
        "cpu_ms": cpu,
        "median_ms": round(statistics.median(one for taken in crowd.taken.values() for one in taken), 2),
        "started_per_s": round(crowd.started / crowd.starting_s, 1) if crowd.starting_s else 0.0,
        "data_mb": round(grown / 2**20, 2),
        "kb_per_unit": round(grown / 1024 / units, 1),
        "word_files_mb": round(files / 2**20, 2),
        "seconds": round(seconds, 1),
    }


class Crowd:
    """Everybody at work: does what waits until nothing is left."""

    def __init__(self, stage: Stage, units: int) -> None:
        self._stage, self._units, self._pages = stage, units, page_app(stage)
        self.taken: defaultdict[str, list[float]] = defaultdict(list)
        self.worked: defaultdict[str, list[float]] = defaultdict(list)
        self.started, self.starting_s = 0, 0.0

    def cycle(self, process: str, data: Mapping[str, Any]) -> None:
        """Starts it and does all its tasks, and those of what it calls and starts."""
        with self._stage.session() as session:
            context, now = self._stage.system.context, self._stage.clock.at
            start(
                session, context, process, data, actor=SYSTEM_ACTOR, now=now, business_key=f"{process}:bench"
            )
            session.commit()
        for _ in range(MOST):
            if not (waiting := self._waiting()) and not self._pump():
                return
            for task_id in waiting:
                self._do(task_id)
        raise RuntimeError("Expected the cycle to come to its end, but its tasks go in circles")

    def _waiting(self) -> Sequence[str]:
        with self._stage.session() as session:
            return session.scalars(
                select(Task.id)
                .join(Instance, Instance.id == Task.instance_id)
                .where(Task.status == "open", Instance.process_id.in_(PROCESSES))
                .order_by(Task.created_at, Task.id)
            ).all()

    def _pump(self) -> bool:
        """Lets the pump do what is due now; whether that gave anybody something to do."""
        known, begun = self._count(), time.perf_counter()
        self._stage.move(self._stage.clock.at)
        if (more := self._count() - known) >= self._units:
            self.started, self.starting_s = self.started + more, self.starting_s + time.perf_counter() - begun
        return bool(self._waiting())

    def _count(self) -> int:
        with self._stage.session() as session:
            return session.scalar(select(func.count()).select_from(Instance)) or 0

    def _do(self, task_id: str) -> None:
        """By the first of those who may; whoever has to declare first does."""
        with self._stage.session() as session:
            task = session.get_one(Task, task_id)
            people = list(dict.fromkeys(_people(session, task, self._stage.clock.at)))
        refused: NotAllowed | None = None
        for login in people:
            try:
                return self._complete(task_id, login)
            except Undeclared:
                self._declare(task_id, login)
                return self._complete(task_id, login)
            except NotAllowed as reason:
                refused = reason
        raise refused or RuntimeError(f"Expected somebody who may do {task.element_id}, but there is nobody")

    def _declare(self, task_id: str, login: str) -> None:
        with self._stage.session() as session:
            instance = session.get_one(Instance, session.get_one(Task, task_id).instance_id)
            actor = actor_of(session, session.get_one(Account, login), self._stage.clock.at)
            answers = {"has_conflict": "无", "confidentiality_pledge": True}
            context, now = self._stage.system.context, self._stage.clock.at
            declare(session, context, instance, answers, actor=actor, now=now)
            session.commit()

    def _complete(self, task_id: str, login: str) -> None:
        stage, now = self._stage, self._stage.clock.at
        with stage.session() as session:
            actor = actor_of(session, session.get_one(Account, login), now)
            task = engine.task.open_task(session, task_id, actor)
            name, data = f"{task.process_id}/{task.element_id}", {}
            if task.form:
                instance = session.get_one(Instance, task.instance_id)
                case = task_view(session, stage.system.context, task, now).data
                form = form_of(session, instance.definition_id, task.form)
                sources = StageSources(session, instance.id, data=lambda: case)
                with self._pages.app_context():
                    given = filled(form, sources, _said(name), now)
                data, sealed = judge(
                    stage, session, form, given, case=case, instance_id=instance.id, actor=actor
                )
                if sealed:
                    seal(session, stage.system.keys, instance.id, sealed, now)
            begun, worked = time.perf_counter(), time.process_time()
            try:
                engine.task.complete(session, stage.system.context, task_id, data, actor=actor, now=now)
            except InvalidData as error:
                raise RuntimeError(f"Expected the answers of {name} to stand: {error.errors}") from error
            session.commit()
            self.taken[name].append((time.perf_counter() - begun) * 1000)
            self.worked[name].append((time.process_time() - worked) * 1000)


def _said(name: str) -> Mapping[str, Any]:
    return {**SAID, "mode": GOVERNMENT} if name == "annual_inspection/ut_plan" else SAID


def _people(session: Session, task: Task, now: datetime) -> Iterator[str]:
    for row in session.scalars(select(TaskCandidate).where(TaskCandidate.task_id == task.id)):
        if row.kind == "user":
            yield row.value
        else:
            yield from holders(session, row.value, row.unit_code or "", date_of(now))


def _populate(stage: Stage, count: int) -> None:
    """So many units instead of the demo's, each with 督查内设机构, contact, its head and the unit's head."""
    now, codes = stage.clock.at, [f"B{number:03}" for number in range(count)]
    units = [
        {"code": code, "name": f"第 {place + 1} 单位", "unit_type": TYPES[place % 3], "position": place,
         "self_check_duty": "mandatory"}
        for place, code in enumerate(codes)
    ]  # fmt: skip
    organs = [
        {"unit_code": code, "name": "办公室", "head": "甲", "contact": "乙", "phone": "0000"}
        for code in codes
    ]
    people = [
        {"login": f"{role}-{code}".lower(), "name": f"{code}{post}", "password_hash": "", "created_at": now,
         "unit_code": code}
        for code in codes
        for role, post in STAFF.items()
    ]  # fmt: skip
    grants = [
        {"login": f"{role}-{code}".lower(), "role": role, "unit_code": code, "since": date_of(now),
         "granted_by": "bench"}
        for code in codes
        for role in STAFF
    ]  # fmt: skip
    with stage.session() as session:
        session.execute(update(table_of(Unit)).where(Unit.unit_type != "机构").values(active=False))
        for entity, rows in ((Unit, units), (InnerOrgan, organs), (Account, people), (RoleGrant, grants)):
            session.execute(insert(table_of(entity)), rows)
        session.commit()


def _medians(taken: Mapping[str, Sequence[float]]) -> dict[str, float]:
    return {name: round(statistics.median(one), 2) for name, one in sorted(taken.items())}


def _dearest(steps: Mapping[str, float]) -> dict[str, float]:
    return dict([max(steps.items(), key=lambda step: step[1])]) if steps else {}


def _size(stage: Stage) -> int:
    """Bytes of the database file with all that was committed in it."""
    with stage.session() as session:
        pages = session.scalar(text("PRAGMA page_count")) or 0
        free = session.scalar(text("PRAGMA freelist_count")) or 0
        return int(pages - free) * int(session.scalar(text("PRAGMA page_size")) or 0)


def _word_files(stage: Stage) -> int:
    """Bytes of the Word files of what was issued."""
    with stage.session() as session:
        return session.scalar(select(func.sum(func.length(DocumentFile.content)))) or 0


def _at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


if __name__ == "__main__":
    sys.exit(main())
