"""Choices and files that a form may offer to this person, in this case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.store.tables import Attachment, Deadline
from forms.fields import FileRef, GridItem, Option
from forms.fields.sources import CASE_UNITS
from forms.grids import grid_items
from forms.services import now, services, today
from forms.words import day
from supervision.account.table import Account
from supervision.case.assign import acting_role
from supervision.case.find import case_concerned, merged_into
from supervision.case.table import Case
from supervision.document.table import Document
from supervision.inspection.versions import versions
from supervision.organisation.grants import in_force
from supervision.organisation.table import RoleGrant, Unit
from supervision.organisation.units import channels, supervised_units, unit_name

AT_MOST = 300
"""Choices offered in one list: above it nobody finds anything."""

CLAUSE_SHOWN = 30
"""Characters of a clause's text in a picker."""


@dataclass(frozen=True)
class PageSources:
    """`instance_id` is '' where there is no case yet; `held` are files that this post brought."""

    session: Session
    instance_id: str = ""
    held: Mapping[str, FileRef] = field(default_factory=dict)
    data: Callable[[], Mapping[str, Any]] = field(default=dict, compare=False)
    """Gives the variables of the case; only asked where a form's rows depend on them."""
    known_grids: dict[Any, Sequence[GridItem]] = field(default_factory=dict, compare=False)
    known: dict[Any, Sequence[Option]] = field(default_factory=dict, compare=False)
    """Choices that were asked for already: a page asks for the same list once for each field and answer."""

    def options(self, source: str, properties: Mapping[str, str]) -> Sequence[Option]:
        """Every choice; an unknown source has none (publishing refuses it)."""
        find = _FINDERS.get(source)
        if find is None:
            return ()
        asked = (source, *sorted(properties.items()))
        if asked not in self.known:
            self.known[asked] = find(self, properties)
        return self.known[asked]

    def files(self, ids: Sequence[str]) -> Sequence[FileRef]:
        """Files of this case that the person may see, and those the form holds."""
        found = {**self.held}
        rows = self.session.scalars(
            select(Attachment).where(
                Attachment.id.in_(list(ids)),
                Attachment.instance_id == self.instance_id,
                Attachment.sealed.is_(False),
            )
        )
        for row in rows:
            url = url_for("staff.attachment", attachment_id=row.id)
            found[row.id] = FileRef(row.id, row.filename, row.size_bytes, url)
        return [found[item] for item in ids if item in found]

    def units(self, properties: Mapping[str, str]) -> list[Option]:
        """Units under supervision by type; bodies come from the form's own list."""
        rows: Sequence[Unit] = supervised_units(self.session)
        return [Option(unit.code, unit.name, unit.unit_type) for unit in rows]

    def people(self, properties: Mapping[str, str]) -> list[Option]:
        """Active people with one of `properties.role` (comma list); without it everybody.

        A role of 督查室 stands for that of the body that handles this case. `properties.unit` (lead_unit or
        target_unit) leaves those whose role is in that unit of the case: nobody where there is none yet.
        """
        case = case_concerned(self.session, self.instance_id, {}) if self.instance_id else None
        asked = [part.strip() for part in properties.get("role", "").split(",") if part.strip()]
        roles = [acting_role(case, role) for role in asked]
        query = (
            select(Account.login, Account.name, Account.unit_code)
            .join(RoleGrant, RoleGrant.login == Account.login)
            .where(Account.active, in_force(date_of(now())))
            .distinct()
            .order_by(Account.unit_code, Account.name, Account.login)
            .limit(AT_MOST)
        )
        if roles:
            query = query.where(RoleGrant.role.in_(roles))
        if concerned := properties.get("unit"):
            unit = getattr(case, concerned, None) or "" if concerned in CASE_UNITS else ""
            query = query.where(RoleGrant.unit_code == unit, RoleGrant.unit_code != "")
        rows = self.session.execute(query)
        return [Option(row.login, row.name, unit_name(self.session, row.unit_code)) for row in rows]

    def channels(self, properties: Mapping[str, str]) -> list[Option]:
        """Active complaint channels, of `properties.kind` where one is named."""
        rows = channels(self.session, properties.get("kind"))
        return [
            Option(row.code, f"{row.name}（{row.address}）" if row.address else row.name, row.kind)
            for row in rows
        ]

    def documents(self, properties: Mapping[str, str]) -> list[Option]:
        """Issued documents of this case, and of the complaints merged into it: each names whose it is."""
        case = case_concerned(self.session, self.instance_id, {}) if self.instance_id else None
        if case is None:
            return []
        numbers = {one.instance_id: one.number for one in (case, *merged_into(self.session, case))}
        rows = self.session.scalars(
            select(Document)
            .where(Document.instance_id.in_(numbers), Document.status == "issued")
            .order_by(Document.issued_on, Document.drafted_at)
        )
        return [
            Option(row.id, f"{row.title} {row.doc_no}".strip() + f"（{numbers[row.instance_id]}）")
            for row in rows
        ]

    def cases(self, properties: Mapping[str, str]) -> list[Option]:
        """Other cases the person may see, newest first: of `properties.process`, else of this kind."""
        query = select(Case).where(Case.instance_id != self.instance_id)
        own = case_concerned(self.session, self.instance_id, {}) if self.instance_id else None
        if kind := properties.get("process") or (own.kind if own else ""):
            query = query.where(Case.kind == kind)
        rows = self.session.scalars(query.order_by(Case.received_at.desc()).limit(AT_MOST))
        return [
            Option(row.number, f"{row.number} {row.target_unit_name} {row.extract[:24]}".strip())
            for row in rows
        ]

    def deadlines(self, properties: Mapping[str, str]) -> list[Option]:
        """Running deadlines of this case."""
        rows = self.session.scalars(
            select(Deadline).where(Deadline.instance_id == self.instance_id, Deadline.status == "running")
        )
        return [Option(row.id, f"{row.name}（{day(row.due_on)}届满）") for row in rows]

    def clauses(self, properties: Mapping[str, str]) -> list[Option]:
        """Clauses of the regulation, in its order, with the beginning of their text."""
        return [
            Option(code, f"{code} {text[:CLAUSE_SHOWN]}")
            for code, text in services().settings.clauses.items()
        ]

    def checklists(self, properties: Mapping[str, str]) -> list[Option]:
        """Published versions of the checklist."""
        return [Option(row.version, row.name) for row in versions(self.session)]

    def checklist_items(self, properties: Mapping[str, str]) -> list[Option]:
        """The items that the unit of this case is asked, all or those of the 自查 (`items`)."""
        only = {"items": properties["items"]} if "items" in properties else {}
        return [Option(row.id, f"{row.id} {row.text}", row.group) for row in self.grid(only)]

    def grid(self, properties: Mapping[str, str]) -> Sequence[GridItem]:
        """The items that the unit of this case is asked, by the version that its inspection has chosen."""
        key = ("grid", *sorted(properties.items()))
        if key not in self.known_grids:
            self.known_grids[key] = grid_items(self.session, self.data(), properties, today())
        return self.known_grids[key]


_FINDERS: dict[str, Callable[[PageSources, Mapping[str, str]], list[Option]]] = {
    "unit": PageSources.units,
    "person": PageSources.people,
    "channel": PageSources.channels,
    "document": PageSources.documents,
    "case": PageSources.cases,
    "deadline": PageSources.deadlines,
    "clause": PageSources.clauses,
    "checklist": PageSources.checklists,
    "checklist_item": PageSources.checklist_items,
}
