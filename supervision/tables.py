"""All tables of the 督查 rooms. Importing this module registers them, and the engine's, with the base."""

from engine.store.tables import Instance
from supervision.account.table import Account, ApiToken, LoginSession
from supervision.accountability.table import (
    AwardDisqualification,
    Clue,
    Evidence,
    Execution,
    Meeting,
    Respondent,
)
from supervision.archive.table import ArchivedFile
from supervision.basis.table import BasisVersion
from supervision.case.table import Case, CaseLink, CaseSeries
from supervision.complaint.table import PublicAct
from supervision.cycles.table import CycleRun, CycleState
from supervision.document.table import Delivery, Document, DocumentFile, DocumentSeries
from supervision.draft.table import DefinitionDraft
from supervision.escalation.table import Card, FollowUp
from supervision.evaluation.table import Ballot, EvaluationResult, Evaluator
from supervision.feed.table import CalendarFeed
from supervision.identity.table import IdentityAccess, IdentityField, IdentityKey, QueryTry, Receipt
from supervision.inspection.table import ChecklistVersion, Inspection, InspectionTeam, ItemScore, UnitResult
from supervision.notice.table import Notice, NoticeAddress, NoticeDelivery
from supervision.once.table import AnsweredOnce, PostedOnce
from supervision.organisation.table import BoxOpening, Channel, InnerOrgan, Role, RoleGrant, Unit
from supervision.publication.table import Publication
from supervision.rectification.table import Rectification
from supervision.recusal.table import Declaration, Recusal
from supervision.self_check.table import SelfCheckReport
from supervision.setting.table import Setting
from supervision.yearly.table import YearFigures

__all__ = [
    "Account",
    "AnsweredOnce",
    "ApiToken",
    "ArchivedFile",
    "AwardDisqualification",
    "Ballot",
    "BasisVersion",
    "BoxOpening",
    "CalendarFeed",
    "Card",
    "Case",
    "CaseLink",
    "CaseSeries",
    "Channel",
    "ChecklistVersion",
    "Clue",
    "CycleRun",
    "CycleState",
    "Declaration",
    "DefinitionDraft",
    "Delivery",
    "Document",
    "DocumentFile",
    "DocumentSeries",
    "EvaluationResult",
    "Evaluator",
    "Evidence",
    "Execution",
    "FollowUp",
    "IdentityAccess",
    "IdentityField",
    "IdentityKey",
    "InnerOrgan",
    "Inspection",
    "InspectionTeam",
    "Instance",
    "ItemScore",
    "LoginSession",
    "Meeting",
    "Notice",
    "NoticeAddress",
    "NoticeDelivery",
    "PostedOnce",
    "PublicAct",
    "Publication",
    "QueryTry",
    "Receipt",
    "Rectification",
    "Recusal",
    "Respondent",
    "Role",
    "RoleGrant",
    "SelfCheckReport",
    "Setting",
    "Unit",
    "UnitResult",
    "YearFigures",
]
