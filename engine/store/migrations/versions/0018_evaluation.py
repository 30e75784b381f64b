"""公开评议: who is invited, ballots without a name, results."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluator",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("evaluation_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("employer", sa.String(length=100), nullable=False),
        sa.Column("barred_for", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluator")),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["instance.id"], name=op.f("fk_evaluator_evaluation_id_instance")
        ),
    )
    op.create_index(op.f("ix_evaluator_evaluation_id"), "evaluator", ["evaluation_id"])
    op.create_table(
        "evaluation_ballot",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("evaluation_id", sa.String(length=32), nullable=False),
        sa.Column("unit_code", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(length=10), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_ballot")),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["instance.id"], name=op.f("fk_evaluation_ballot_evaluation_id_instance")
        ),
    )
    op.create_index(op.f("ix_evaluation_ballot_evaluation_id"), "evaluation_ballot", ["evaluation_id"])
    op.create_table(
        "evaluation_result",
        sa.Column("evaluation_id", sa.String(length=32), nullable=False),
        sa.Column("unit_code", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("invited_score", sa.Double(), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("public_score", sa.Double(), nullable=True),
        sa.Column("satisfied", sa.Double(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("evaluation_id", "unit_code", name=op.f("pk_evaluation_result")),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["instance.id"], name=op.f("fk_evaluation_result_evaluation_id_instance")
        ),
    )
    op.create_index(op.f("ix_evaluation_result_year"), "evaluation_result", ["year"])


def downgrade() -> None:
    op.drop_table("evaluation_result")
    op.drop_table("evaluation_ballot")
    op.drop_table("evaluator")
