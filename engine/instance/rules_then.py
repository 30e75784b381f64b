"""The rules a deadline began under: a change of the rules touches only what starts later."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.rule import Rule, RuleSet
from engine.deadline.rule_file import parse_rules
from engine.errors import NotFound
from engine.instance.context import Context
from engine.store.base import table_of
from engine.store.tables import Deadline, RuleVersion

_versions = table_of(RuleVersion)


class RulesThen:
    """Looks rules up by version; each version is read and parsed once."""

    def __init__(self, session: Session, context: Context) -> None:
        self._session = session
        newest = context.rules(session)
        self._newest = newest.version
        self._sets: dict[str, RuleSet] = {newest.version: newest}

    def of(self, row: Deadline) -> Rule:
        """The rule of `row`, as it was when the deadline began. Raises NotFound when it is not on file."""
        return self.at(row.rule_version, row.key)[0]

    def at(self, version: str | None, key: str) -> tuple[Rule, str]:
        """The rule `key` of a version, None for the newest, and that version. Raises NotFound."""
        version = version or self._newest
        rules = self._sets.get(version) or self._read(version)
        if key not in rules:
            raise NotFound(f"期限规则“{key}”在版本 {version[:8]} 中不存在")
        return rules[key], version

    def _read(self, version: str) -> RuleSet:
        text = self._session.scalar(select(_versions.c.content).where(_versions.c.digest == version))
        if text is None:
            raise NotFound(f"期限规则的版本 {version[:8]} 不在数据库里：请检查数据是否完整")
        return self._sets.setdefault(version, parse_rules(text))


def rule_then(session: Session, context: Context, row: Deadline) -> Rule:
    """The rule of one deadline. Raises NotFound."""
    return RulesThen(session, context).of(row)
