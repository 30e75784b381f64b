"""What was archived, and until when it is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "archived_file",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("retention", sa.String(length=10), nullable=False),
        sa.Column("kept_until", sa.Date(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "number", name=op.f("pk_archived_file")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instance.id"], name=op.f("fk_archived_file_instance_id_instance")
        ),
    )


def downgrade() -> None:
    op.drop_table("archived_file")
