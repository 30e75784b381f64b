"""问责: clues, respondents, evidence, meetings, executions, barred awards."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _clue()
    _respondent()
    _evidence()
    _meeting()
    _execution()
    _award()


def downgrade() -> None:
    for table in (
        "award_disqualification", "accountability_execution", "accountability_meeting",
        "accountability_evidence", "respondent", "accountability_clue",
    ):  # fmt: skip
        op.drop_table(table)


def _text(name: str, length: int = 0, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=optional)


def _of_instance(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["instance_id"], ["instance.id"], name=op.f(f"fk_{table}_instance_id_instance")
    )


def _of_respondent(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["respondent_id"], ["respondent.id"], name=op.f(f"fk_{table}_respondent_id_respondent")
    )


def _clue() -> None:
    op.create_table(
        "accountability_clue",
        _text("instance_id", 32),
        _text("number", 40),
        _text("source_process", 60),
        _text("source_case_no", 60),
        _text("unit_code", 40),
        _text("grounds"),
        _text("rect_no", 40),
        _text("summary"),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_accountability_clue")),
        sa.UniqueConstraint("number", name=op.f("uq_accountability_clue_number")),
        _of_instance("accountability_clue"),
    )
    op.create_index(op.f("ix_accountability_clue_unit_code"), "accountability_clue", ["unit_code"])


def _respondent() -> None:
    op.create_table(
        "respondent",
        _text("id", 32),
        _text("instance_id", 32),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("subject_kind", 10),
        _text("name", 100),
        _text("unit_code", 40),
        _text("post", 100),
        _text("person_type", 20),
        _text("case_role"),
        _text("approval_path", 20),
        _text("responsibility", 10),
        _text("manual_reason"),
        _text("level", 20),
        sa.Column("crime_suspected", sa.Boolean(), nullable=False),
        _text("proposed"),
        _text("outcome", 10),
        _text("told"),
        _text("told_doc", 32, optional=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("told_rounds", sa.Integer(), nullable=False),
        _text("defence", 10),
        sa.Column("new_facts", sa.Boolean(), nullable=False),
        _text("final"),
        _text("decision", 10),
        _text("decision_doc", 32, optional=True),
        _text("decision_no", 60),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("served_on", sa.Date(), nullable=True),
        _text("changed_by", 60),
        _text("standing", 10),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_respondent")),
        _of_instance("respondent"),
    )
    op.create_index(op.f("ix_respondent_instance_id"), "respondent", ["instance_id"])
    op.create_index(op.f("ix_respondent_decision_no"), "respondent", ["decision_no"])
    op.create_index("ix_respondent_unit_code_name", "respondent", ["unit_code", "name"])


def _evidence() -> None:
    op.create_table(
        "accountability_evidence",
        _text("id", 32),
        _text("instance_id", 32),
        _text("ev_type", 20),
        _text("source", 200),
        _text("collectors"),
        sa.Column("collected_on", sa.Date(), nullable=False),
        _text("files"),
        _text("proves"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        _text("recorded_by", 100),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accountability_evidence")),
        _of_instance("accountability_evidence"),
    )
    op.create_index(
        op.f("ix_accountability_evidence_instance_id"), "accountability_evidence", ["instance_id"]
    )


def _meeting() -> None:
    op.create_table(
        "accountability_meeting",
        _text("id", 32),
        _text("instance_id", 32),
        _text("kind", 10),
        sa.Column("held_on", sa.Date(), nullable=False),
        _text("chair", 100),
        *(_text(name) for name in ("attendees", "recused", "principles", "views", "votes", "decisions")),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        _text("recorded_by", 100),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accountability_meeting")),
        _of_instance("accountability_meeting"),
    )
    op.create_index(op.f("ix_accountability_meeting_instance_id"), "accountability_meeting", ["instance_id"])


def _execution() -> None:
    op.create_table(
        "accountability_execution",
        _text("id", 32),
        _text("instance_id", 32),
        _text("respondent_id", 32),
        _text("measure", 20),
        _text("power", 10),
        _text("state", 10),
        _text("executor", 100),
        sa.Column("executed_on", sa.Date(), nullable=True),
        _text("result", 20),
        _text("detail"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accountability_execution")),
        _of_instance("accountability_execution"),
        _of_respondent("accountability_execution"),
    )
    for column in ("instance_id", "respondent_id"):
        op.create_index(op.f(f"ix_accountability_execution_{column}"), "accountability_execution", [column])


def _award() -> None:
    op.create_table(
        "award_disqualification",
        _text("id", 32),
        _text("instance_id", 32),
        _text("respondent_id", 32),
        _text("unit_code", 40),
        _text("person", 100),
        sa.Column("year", sa.Integer(), nullable=False),
        _text("awards"),
        _text("decision_no", 60),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("restored_on", sa.Date(), nullable=True),
        _text("restored_by", 60),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_disqualification")),
        _of_instance("award_disqualification"),
        _of_respondent("award_disqualification"),
    )
    op.create_index(op.f("ix_award_disqualification_instance_id"), "award_disqualification", ["instance_id"])
    op.create_index(
        "ix_award_disqualification_unit_code_year", "award_disqualification", ["unit_code", "year"]
    )
