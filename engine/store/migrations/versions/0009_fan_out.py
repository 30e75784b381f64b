"""Fan-outs and their members."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fan_out",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("element_id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("message", sa.String(length=100), nullable=False),
        sa.Column("joined_by", sa.String(length=100), nullable=False),
        sa.Column("correlation", sa.String(length=100), nullable=False),
        sa.Column("selection", sa.Text(), nullable=False),
        sa.Column("handed", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("total", "started", "reported", "dropped")
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fan_out")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instance.id"], name=op.f("fk_fan_out_instance_id_instance")
        ),
    )
    op.create_index(op.f("ix_fan_out_instance_id"), "fan_out", ["instance_id"])
    _members()


def downgrade() -> None:
    op.drop_table("fan_out_member")
    op.drop_table("fan_out")


def _members() -> None:
    op.create_table(
        "fan_out_member",
        sa.Column("fan_out_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("parent_id", sa.String(length=32), nullable=False),
        sa.Column("item", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("fan_out_id", "position", name=op.f("pk_fan_out_member")),
        sa.ForeignKeyConstraint(
            ["fan_out_id"], ["fan_out.id"], name=op.f("fk_fan_out_member_fan_out_id_fan_out")
        ),
        sa.UniqueConstraint("fan_out_id", "item", name=op.f("uq_fan_out_member_fan_out_id_item")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_fan_out_member_instance_id")),
    )
    for index, condition in (("pending", "status = 'pending'"), ("open", "ended_at IS NULL")):
        where = sa.text(condition)
        op.create_index(
            f"ix_fan_out_member_{index}", "fan_out_member", ["fan_out_id", "position"],
            sqlite_where=where, postgresql_where=where,
        )  # fmt: skip
