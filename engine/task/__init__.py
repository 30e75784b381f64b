"""User tasks: the inbox, claiming, drafts, completing."""

from engine.task.claim import claim, unclaim
from engine.task.complete import Completed, complete
from engine.task.draft import draft_of, save_draft
from engine.task.find import Found, candidate_condition, check_open, find_task, may_work, open_task

__all__ = [
    "Completed",
    "Found",
    "candidate_condition",
    "check_open",
    "claim",
    "complete",
    "draft_of",
    "find_task",
    "may_work",
    "open_task",
    "save_draft",
    "unclaim",
]
