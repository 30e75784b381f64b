"""What units report for a year."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "year_figures",
        sa.Column("unit_code", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("unit_code", "year", name=op.f("pk_year_figures")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instance.id"], name=op.f("fk_year_figures_instance_id_instance")
        ),
    )
    op.create_index(op.f("ix_year_figures_instance_id"), "year_figures", ["instance_id"])


def downgrade() -> None:
    op.drop_table("year_figures")
