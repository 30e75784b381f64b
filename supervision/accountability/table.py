"""Clues, evidence, respondents, meetings, measures to carry out, and awards that are barred."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import Json, UtcDateTime
from engine.store.visibility import owned_by_instance


class Clue(Base):
    """线索: what a case of 问责 began with. Source: R8, R9."""

    __tablename__ = "accountability_clue"

    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    """线索编号, e.g. XS-2026-0001."""
    source_process: Mapped[str] = mapped_column(String(60), default="")
    source_case_no: Mapped[str] = mapped_column(String(60), default="")
    unit_code: Mapped[str] = mapped_column(String(40), default="", index=True)
    grounds: Mapped[list[str]] = mapped_column(Json)
    rect_no: Mapped[str] = mapped_column(String(40), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Respondent(Base):
    """被问责对象: a unit or a person of one case, from the report of the investigation to the decision.

    Lists of measures hold the words of R11 as the tables of the process name them.
    """

    __tablename__ = "respondent"
    __table_args__ = (Index("ix_respondent_unit_code_name", "unit_code", "name"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    position: Mapped[int]
    """Counts from 0 and never changes: people and messages tell respondents apart by it, not by name."""
    subject_kind: Mapped[str] = mapped_column(String(10))
    """单位 or 个人."""
    name: Mapped[str] = mapped_column(String(100))
    unit_code: Mapped[str] = mapped_column(String(40))
    post: Mapped[str] = mapped_column(String(100), default="")
    person_type: Mapped[str] = mapped_column(String(20), default="")
    case_role: Mapped[list[str]] = mapped_column(Json)
    approval_path: Mapped[str] = mapped_column(String(20), default="")
    responsibility: Mapped[str] = mapped_column(String(10), default="")
    """R10, or 待认定, which counts only with `manual_reason`; '' of a unit."""
    manual_reason: Mapped[str] = mapped_column(Text, default="")
    level: Mapped[str] = mapped_column(String(20), default="")
    crime_suspected: Mapped[bool] = mapped_column(default=False)
    powers: Mapped[dict[str, list[str]]] = mapped_column(Json, default=dict)
    """Measure → 决定, 建议 or 不得, who carries it out, basis: what the table of R12 said for the body."""
    proposed: Mapped[list[str]] = mapped_column(Json)
    outcome: Mapped[str] = mapped_column(String(10), default="")
    """拟结论."""
    told: Mapped[list[str]] = mapped_column(Json)
    """The measures of the last 陈述申辩告知书 (D23)."""
    told_doc: Mapped[str | None] = mapped_column(String(32))
    told_on: Mapped[date | None]
    """Day on which it was served: the proof of service that a lapse needs."""
    told_rounds: Mapped[int] = mapped_column(default=0)
    defence: Mapped[str] = mapped_column(String(10), default="")
    """'' while it is open; heard, waived, lapsed, or none where nothing adverse was intended."""
    defence_closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When 陈述申辩 was closed: what was discussed before does not count as 集体讨论 of the case."""
    defence_words: Mapped[str] = mapped_column(Text, default="")
    """What the decision says about it: what was brought forward, and what was taken over, with reasons."""
    new_facts: Mapped[bool] = mapped_column(default=False)
    """The hearing brought facts that were not known when the person was told."""
    final: Mapped[list[str]] = mapped_column(Json)
    decision: Mapped[str] = mapped_column(String(10), default="")
    decision_doc: Mapped[str | None] = mapped_column(String(32))
    decision_no: Mapped[str] = mapped_column(String(60), default="", index=True)
    decided_on: Mapped[date | None]
    served_on: Mapped[date | None]
    changed_by: Mapped[str] = mapped_column(String(60), default="")
    """复核决定书 that changed or annulled the decision."""
    standing: Mapped[str] = mapped_column(String(10), default="")
    """'' as usual; 死亡, 离职 or 退休: measures that presuppose office fall away."""


class Evidence(Base):
    """One piece of evidence with the hashes of its files. Source: R13¶1."""

    __tablename__ = "accountability_evidence"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    ev_type: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(200))
    collectors: Mapped[list[str]] = mapped_column(Json)
    collected_on: Mapped[date]
    files: Mapped[list[dict[str, str]]] = mapped_column(Json)
    """id and digest (SHA-256) of each."""
    proves: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(String(100))


class Meeting(Base):
    """集体讨论, or the decision of the head alone: who was there, what each said, how they voted."""

    __tablename__ = "accountability_meeting"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    """集体讨论 or 负责人决定."""
    held_on: Mapped[date]
    chair: Mapped[str] = mapped_column(String(100))
    attendees: Mapped[list[str]] = mapped_column(Json)
    recused: Mapped[list[str]] = mapped_column(Json)
    principles: Mapped[list[str]] = mapped_column(Json)
    views: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    votes: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    decisions: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(String(100))


class Execution(Base):
    """One measure against one respondent, and how it was carried out. Source: R11."""

    __tablename__ = "accountability_execution"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    respondent_id: Mapped[str] = mapped_column(ForeignKey("respondent.id"), index=True)
    measure: Mapped[str] = mapped_column(String(20))
    power: Mapped[str] = mapped_column(String(10), default="")
    """决定 or 建议."""
    state: Mapped[str] = mapped_column(String(10))
    """open, done, or revoked by a 复核决定."""
    executor: Mapped[str] = mapped_column(String(100), default="")
    executed_on: Mapped[date | None]
    result: Mapped[str] = mapped_column(String(20), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(Json)


class AwardDisqualification(Base):
    """取消评优评先资格 of a unit or person in one year. Source: R11(2)(3)."""

    __tablename__ = "award_disqualification"
    __table_args__ = (Index("ix_award_disqualification_unit_code_year", "unit_code", "year"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    respondent_id: Mapped[str] = mapped_column(ForeignKey("respondent.id"))
    unit_code: Mapped[str] = mapped_column(String(40))
    person: Mapped[str] = mapped_column(String(100), default="")
    """'' where the unit itself is barred."""
    year: Mapped[int]
    awards: Mapped[list[str]] = mapped_column(Json)
    decision_no: Mapped[str] = mapped_column(String(60))
    since: Mapped[date]
    restored_on: Mapped[date | None]
    restored_by: Mapped[str] = mapped_column(String(60), default="")


for _table in (Clue, Respondent, Evidence, Meeting, Execution, AwardDisqualification):
    owned_by_instance(_table, "instance_id")
