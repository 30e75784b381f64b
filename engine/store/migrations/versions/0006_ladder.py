"""When the ladder looks at a deadline; cards, and what a person decides about a late unit."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deadline", sa.Column("watch_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE deadline SET watch_at = started_at WHERE status IN ('running', 'suspended')")
    there = sa.text("watch_at IS NOT NULL")
    op.create_index(
        "ix_deadline_watch_at", "deadline", ["watch_at"], sqlite_where=there, postgresql_where=there
    )
    _cards()
    _follow_ups()


def downgrade() -> None:
    op.drop_table("follow_up")
    op.drop_table("card")
    op.drop_index("ix_deadline_watch_at", table_name="deadline")
    op.drop_column("deadline", "watch_at")


def _cards() -> None:
    op.create_table(
        "card",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("deadline_id", sa.String(length=32), nullable=False),
        sa.Column("unit_code", sa.String(length=40), nullable=False),
        sa.Column("colour", sa.String(length=10), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("step", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=100), nullable=False),
        sa.Column("withdrawn_why", sa.Text(), nullable=False),
        *_keys("card"),
        sa.UniqueConstraint(
            "deadline_id", "unit_code", "colour", name=op.f("uq_card_deadline_id_unit_code_colour")
        ),
    )
    op.create_index(op.f("ix_card_instance_id"), "card", ["instance_id"])
    op.create_index("ix_card_unit_code_issued_on", "card", ["unit_code", "issued_on"])


def _follow_ups() -> None:
    op.create_table(
        "follow_up",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("deadline_id", sa.String(length=32), nullable=False),
        sa.Column("unit_code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("step", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("grounds", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by", sa.String(length=100), nullable=False),
        sa.Column("letter_id", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_keys("follow_up"),
        sa.UniqueConstraint(
            "deadline_id", "unit_code", "kind", "serial",
            name=op.f("uq_follow_up_deadline_id_unit_code_kind_serial"),
        ),
        sa.UniqueConstraint("number", name=op.f("uq_follow_up_number")),
    )  # fmt: skip
    op.create_index(op.f("ix_follow_up_instance_id"), "follow_up", ["instance_id"])
    op.create_index(op.f("ix_follow_up_status"), "follow_up", ["status"])


def _keys(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instance.id"], name=op.f(f"fk_{table}_instance_id_instance")
        ),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadline.id"], name=op.f(f"fk_{table}_deadline_id_deadline")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
