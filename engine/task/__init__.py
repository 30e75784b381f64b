"""User tasks: the inbox, claiming, drafts, completing."""

from engine.task.claim import claim, unclaim
from engine.task.complete import Completed, complete
from engine.task.draft import draft_of, save_draft
from engine.task.find import candidate_condition, may_work, open_task

__all__ = [
    "Completed",
    "candidate_condition",
    "claim",
    "complete",
    "draft_of",
    "may_work",
    "open_task",
    "save_draft",
    "unclaim",
]
