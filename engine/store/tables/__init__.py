"""All tables of the engine, one file per kind. Importing this package registers them with the base."""

from engine.store.tables.attachment import Attachment, Blob
from engine.store.tables.deadline import CalendarVersion, Deadline, DeadlineEvent, RuleVersion
from engine.store.tables.definition import Definition, DefinitionFile, DefinitionProcess
from engine.store.tables.fan_out import FanOut, FanOutMember
from engine.store.tables.history import HistoryChain, HistoryEntry, HistoryPayload
from engine.store.tables.incident import Incident
from engine.store.tables.instance import Instance, InstanceScope, StateShard
from engine.store.tables.job import Job, Lease
from engine.store.tables.message import KeptMessage, Subscription
from engine.store.tables.task import Task, TaskCandidate, TaskDraft

__all__ = [
    "Attachment",
    "Blob",
    "CalendarVersion",
    "Deadline",
    "DeadlineEvent",
    "Definition",
    "DefinitionFile",
    "DefinitionProcess",
    "FanOut",
    "FanOutMember",
    "HistoryChain",
    "HistoryEntry",
    "HistoryPayload",
    "Incident",
    "Instance",
    "InstanceScope",
    "Job",
    "KeptMessage",
    "Lease",
    "RuleVersion",
    "StateShard",
    "Subscription",
    "Task",
    "TaskCandidate",
    "TaskDraft",
]
