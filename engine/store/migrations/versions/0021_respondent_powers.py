"""Who may decide each measure of a respondent, and how and when their 陈述申辩 was closed."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("respondent", sa.Column("powers", sa.Text(), nullable=False, server_default="{}"))
    op.add_column("respondent", sa.Column("defence_closed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("respondent", sa.Column("defence_words", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("respondent", "defence_words")
    op.drop_column("respondent", "defence_closed_at")
    op.drop_column("respondent", "powers")
