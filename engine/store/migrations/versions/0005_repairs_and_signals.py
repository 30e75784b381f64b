"""What failed and how it was resolved; signals beside messages."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ADDED = (
    ("incident", "command", sa.Text(), ""),
    ("incident", "task_id", sa.String(length=32), ""),
    ("incident", "resolution", sa.String(length=20), ""),
    ("incident", "reason", sa.Text(), ""),
    ("subscription", "kind", sa.String(length=10), "message"),
    ("subscription", "place", sa.Integer(), "0"),
    ("definition_process", "start_signals", sa.Text(), "{}"),
)


def upgrade() -> None:
    for table, name, kind, value in ADDED:
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default=value))


def downgrade() -> None:
    for table, name, _, _ in ADDED:
        op.drop_column(table, name)
