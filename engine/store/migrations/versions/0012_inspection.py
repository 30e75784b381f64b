"""Checklist versions, inspections of a year, results of units, scores of items."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checklist_version",
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_checklist_version")),
    )
    _inspection()
    _result()
    _score()


def downgrade() -> None:
    for table in ("inspection_score", "inspection_result", "inspection", "checklist_version"):
        op.drop_table(table)


def _of_instance(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["instance.id"], name=op.f(f"fk_{table}_{column}_instance"))


def _inspection() -> None:
    op.create_table(
        "inspection",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("holds_year", sa.Integer(), nullable=True),
        sa.Column("checklist", sa.String(length=20), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bulletin_no", sa.String(length=60), nullable=False),
        _of_instance("inspection", "instance_id"),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_inspection")),
        sa.UniqueConstraint("holds_year", name=op.f("uq_inspection_holds_year")),
    )


def _result() -> None:
    op.create_table(
        "inspection_result",
        sa.Column("child_id", sa.String(length=32), nullable=False),
        sa.Column("inspection_id", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("checklist", sa.String(length=20), nullable=False),
        sa.Column("unit_code", sa.String(length=40), nullable=False),
        sa.Column("unit_name", sa.String(length=100), nullable=False),
        sa.Column("unit_type", sa.String(length=20), nullable=False),
        sa.Column("silent", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=True) for name in ("self_total", "first_total", "total")),
        sa.Column("grade", sa.String(length=20), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("bonus", sa.Double(), nullable=False),
        sa.Column("vetoes", sa.Text(), nullable=False),
        sa.Column("inflated", sa.Boolean(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("served_on", sa.Date(), nullable=True),
        _of_instance("inspection_result", "child_id"),
        sa.PrimaryKeyConstraint("child_id", name=op.f("pk_inspection_result")),
    )
    for column in ("inspection_id", "unit_code", "year"):
        op.create_index(op.f(f"ix_inspection_result_{column}"), "inspection_result", [column])


def _score() -> None:
    op.create_table(
        "inspection_score",
        sa.Column("child_id", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.String(length=10), nullable=False),
        *(
            sa.Column(name, sa.Double(), nullable=True)
            for name in ("self_score", "score", "original", "calibrated")
        ),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("inspectors", sa.Text(), nullable=False),
        sa.Column("scored_by", sa.String(length=100), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        _of_instance("inspection_score", "child_id"),
        sa.PrimaryKeyConstraint("child_id", "item_id", name=op.f("pk_inspection_score")),
    )
