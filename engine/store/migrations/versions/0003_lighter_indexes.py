"""Indexes of what is open only; candidates clustered by their key."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DROPPED = (
    ("task", "ix_task_status_due_at_id"),
    ("task", "ix_task_assignee_status"),
    ("task", "ix_task_unit_code"),
    ("task", "ix_task_completed_by"),
    ("job", "ix_job_queue_status_due_at"),
    ("job", "ix_job_instance_id"),
    ("history", "ix_history_actor_at"),
)
PARTIAL = (
    ("ix_task_open_due_at_id", "task", ["due_at", "id"], "status = 'open'"),
    ("ix_task_assignee_status", "task", ["assignee", "status"], "assignee IS NOT NULL"),
    ("ix_task_completed_by", "task", ["completed_by"], "completed_by IS NOT NULL"),
    ("ix_job_ready_queue_due_at", "job", ["queue", "due_at"], "status = 'ready'"),
    ("ix_job_ready_instance_id", "job", ["instance_id"], "status = 'ready'"),
)
WHOLE = (
    ("ix_task_status_due_at_id", "task", ["status", "due_at", "id"]),
    ("ix_task_assignee_status", "task", ["assignee", "status"]),
    ("ix_task_unit_code", "task", ["unit_code"]),
    ("ix_task_completed_by", "task", ["completed_by"]),
    ("ix_job_queue_status_due_at", "job", ["queue", "status", "due_at"]),
    ("ix_job_instance_id", "job", ["instance_id"]),
    ("ix_history_actor_at", "history", ["actor", "at"]),
)


def upgrade() -> None:
    for table, index in DROPPED:
        op.drop_index(index, table_name=table)
    for index, table, columns, where in PARTIAL:
        condition = sa.text(where)
        op.create_index(index, table, columns, sqlite_where=condition, postgresql_where=condition)
    _cluster(with_rowid=False)


def downgrade() -> None:
    _cluster(with_rowid=True)
    for index, table, _, _ in PARTIAL:
        op.drop_index(index, table_name=table)
    for index, table, columns in WHOLE:
        op.create_index(index, table, columns)


def _cluster(with_rowid: bool) -> None:
    """SQLite keeps such a table in the order of its key, as one tree instead of two."""
    if op.get_bind().dialect.name != "sqlite":
        return
    kept = {"sqlite_with_rowid": with_rowid}
    with op.batch_alter_table("task_candidate", recreate="always", table_kwargs=kept):
        pass
