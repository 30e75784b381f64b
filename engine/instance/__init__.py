"""Process instances: started, advanced and recorded through one door."""

from engine.instance.context import Assignment, Context, GuardCall, MessageType, ServiceCall
from engine.instance.start import start
from engine.instance.view import Progress, TaskView, calls, progress, task_view, variables

__all__ = [
    "Assignment",
    "Context",
    "GuardCall",
    "MessageType",
    "Progress",
    "ServiceCall",
    "TaskView",
    "calls",
    "progress",
    "start",
    "task_view",
    "variables",
]
