"""Idempotency keys of posts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "posted_once",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_posted_once")),
    )
    with op.batch_alter_table("posted_once") as batch_op:
        batch_op.create_index(batch_op.f("ix_posted_once_at"), ["at"], unique=False)


def downgrade() -> None:
    op.drop_table("posted_once")
