"""督查组 of an inspection."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inspection_team",
        sa.Column("inspection_id", sa.String(length=32), nullable=False),
        sa.Column("team_no", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("lead", sa.String(length=100), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.Column("invitees", sa.Text(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("set_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_up_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("inspection_id", "team_no", name=op.f("pk_inspection_team")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["instance.id"], name=op.f("fk_inspection_team_inspection_id_instance")
        ),
    )


def downgrade() -> None:
    op.drop_table("inspection_team")
