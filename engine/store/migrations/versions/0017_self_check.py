"""What units reported of each half-year."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "self_check_report",
        sa.Column("child_id", sa.String(length=32), nullable=False),
        sa.Column("self_check_id", sa.String(length=32), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("unit_code", sa.String(length=40), nullable=False),
        sa.Column("unit_name", sa.String(length=100), nullable=False),
        sa.Column("duty", sa.String(length=20), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("on_time", sa.Boolean(), nullable=False),
        sa.Column("self_total", sa.Double(), nullable=True),
        sa.Column("verified_total", sa.Double(), nullable=True),
        sa.Column("inner_notice", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("mismatches", sa.Text(), nullable=False),
        sa.Column("review", sa.String(length=10), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("child_id", name=op.f("pk_self_check_report")),
        sa.ForeignKeyConstraint(
            ["child_id"], ["instance.id"], name=op.f("fk_self_check_report_child_id_instance")
        ),
    )
    for column in ("self_check_id", "period", "unit_code"):
        op.create_index(op.f(f"ix_self_check_report_{column}"), "self_check_report", [column])


def downgrade() -> None:
    op.drop_table("self_check_report")
