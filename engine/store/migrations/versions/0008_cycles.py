"""Occasions of cycles as rows of their own, pauses of cycles, and addresses of feeds."""

import json
from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
SHANGHAI = timedelta(hours=8)
SINCE = ":since"


def upgrade() -> None:
    op.create_table(
        "cycle_state",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("since", AT, nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.Column("paused_at", AT, nullable=True),
        sa.Column("paused_by", sa.String(length=100), nullable=False),
        sa.Column("pause_reason", sa.Text(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_cycle_state")),
    )
    op.create_table(
        "cycle_run",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("cycle", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("process", sa.String(length=100), nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column("cycle_on", sa.Date(), nullable=False),
        sa.Column("due_at", AT, nullable=False),
        sa.Column("moved", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("started_at", AT, nullable=True),
        sa.Column("started_by", sa.String(length=100), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_cycle_run")),
    )
    op.create_index("ix_cycle_run_cycle_drawn_on", "cycle_run", ["cycle", "drawn_on"])
    op.create_index(op.f("ix_cycle_run_instance_id"), "cycle_run", ["instance_id"])
    op.create_table(
        "calendar_feed",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=100), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("revoked_at", AT, nullable=True),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["login"], ["account.login"], name=op.f("fk_calendar_feed_login_account")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_calendar_feed")),
    )
    op.create_index(op.f("ix_calendar_feed_login"), "calendar_feed", ["login"])
    _carry_over()


def _carry_over() -> None:
    """Until now a cycle's jobs were its only record: none of what they started may be started again."""
    metadata, bind = sa.MetaData(), op.get_bind()
    job, instance, state, run = (
        sa.Table(name, metadata, autoload_with=bind)
        for name in ("job", "instance", "cycle_state", "cycle_run")
    )
    for row in bind.execute(sa.select(job).where(job.c.kind == "cycle")).all():
        day = (row.due_at + SHANGHAI).date()
        if row.key.endswith(SINCE):
            values = {"key": row.key.removesuffix(SINCE), "since": row.due_at, "looked_on": day}
            bind.execute(state.insert().values(**values, paused_by="", pause_reason="", changes=0))
            continue
        cycle, _, label = row.key.partition(":")
        done = row.status == "done"
        values = {
            "key": row.key, "cycle": cycle, "label": label, "process": json.loads(row.payload)["process"],
            "drawn_on": day, "cycle_on": day, "due_at": row.due_at, "moved": "", "reason": "",
            "status": "started" if done else "planned",
            "instance_id": bind.scalar(sa.select(instance.c.id).where(instance.c.business_key == row.key)),
            "started_at": row.done_at, "started_by": "system" if done else "", "created_at": row.created_at,
        }  # fmt: skip
        bind.execute(run.insert().values(**values))


def downgrade() -> None:
    op.drop_table("calendar_feed")
    op.drop_table("cycle_run")
    op.drop_table("cycle_state")
