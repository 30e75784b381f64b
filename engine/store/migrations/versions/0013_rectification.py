"""整改: one row each."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rectification",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("rect_no", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("source_case_no", sa.String(length=60), nullable=False),
        sa.Column("unit_code", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("report_to", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("repeat", sa.Boolean(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("on_time", sa.Boolean(), nullable=True),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("lookback", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_rectification")),
        sa.UniqueConstraint("rect_no", name=op.f("uq_rectification_rect_no")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instance.id"], name=op.f("fk_rectification_instance_id_instance")
        ),
    )
    op.create_index(op.f("ix_rectification_source_case_no"), "rectification", ["source_case_no"])
    op.create_index(op.f("ix_rectification_unit_code"), "rectification", ["unit_code"])


def downgrade() -> None:
    op.drop_table("rectification")
