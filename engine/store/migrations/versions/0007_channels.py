"""Where notices are sent beside the pages, and how each of them fared."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TO_ROUTE, SUBJECT = sa.text("routed_at IS NULL"), sa.text("subject IS NOT NULL")


def upgrade() -> None:
    op.add_column("notice", sa.Column("lines", sa.Text(), nullable=True))
    op.add_column("notice", sa.Column("subject", sa.String(length=32), nullable=True))
    op.add_column("notice", sa.Column("routed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE notice SET routed_at = created_at")  # told long ago: nobody is to be sent them now
    op.create_index(
        "ix_notice_to_route", "notice", ["created_at"], sqlite_where=TO_ROUTE, postgresql_where=TO_ROUTE
    )
    op.create_index(
        "ix_notice_subject", "notice", ["subject"], sqlite_where=SUBJECT, postgresql_where=SUBJECT
    )
    op.create_table(
        "notice_delivery",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("notice_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_delivery_notice_id_notice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_delivery")),
        sa.UniqueConstraint("notice_id", "channel", name=op.f("uq_notice_delivery_notice_id_channel")),
    )
    op.create_table(
        "notice_address",
        sa.Column("login", sa.String(length=100), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["login"], ["account.login"], name=op.f("fk_notice_address_login_account")),
        sa.PrimaryKeyConstraint("login", "channel", name=op.f("pk_notice_address")),
    )


def downgrade() -> None:
    op.drop_table("notice_address")
    op.drop_table("notice_delivery")
    op.drop_index("ix_notice_subject", "notice")
    op.drop_index("ix_notice_to_route", "notice")
    for name in ("routed_at", "subject", "lines"):
        op.drop_column("notice", name)
