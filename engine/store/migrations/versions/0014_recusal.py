"""回避: declarations, requests and decisions."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "declaration",
        _text("id", 32),
        _text("case_id", 32),
        _text("login", 100),
        sa.Column("has_conflict", sa.Boolean(), nullable=False),
        _text("conflict_type"),
        _text("detail"),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
        sa.UniqueConstraint("case_id", "login", name=op.f("uq_declaration_case_id_login")),
        sa.ForeignKeyConstraint(["case_id"], ["instance.id"], name=op.f("fk_declaration_case_id_instance")),
    )
    op.create_table(
        "recusal",
        _text("instance_id", 32),
        _text("case_id", 32),
        _text("login", 100),
        _text("applicant", 100),
        _text("origin", 10),
        _text("reason"),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        _text("decision", 10),
        _text("decision_reason"),
        _text("decided_by", 100),
        sa.Column("decided_on", sa.Date(), nullable=True),
        _text("replacement", 100),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_recusal")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instance.id"], name=op.f("fk_recusal_instance_id_instance")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["instance.id"], name=op.f("fk_recusal_case_id_instance")),
    )
    op.create_index(op.f("ix_recusal_case_id"), "recusal", ["case_id"])


def downgrade() -> None:
    op.drop_table("recusal")
    op.drop_table("declaration")


def _text(name: str, length: int = 0) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=False)
