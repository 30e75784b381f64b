"""流程草稿: a bundle is handed in by one person and published by another."""

from supervision.draft.store import Draft, draft_of, drafts, hand_in, release, withdraw

__all__ = ["Draft", "draft_of", "drafts", "hand_in", "release", "withdraw"]
