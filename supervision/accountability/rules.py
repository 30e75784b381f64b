"""The numbers and lists of processes/accountability/rules.toml: ranks, levels, quorum, settings."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from engine.errors import InvalidData
from supervision.setting import get_setting

DISCIPLINE = "处分建议"
AWARDS = "取消评优评先"


@dataclass(frozen=True)
class Rules:
    """As the file says; what a district may set otherwise is asked for with `setting`."""

    rank: Mapping[str, int]
    levels: Sequence[str]
    collective_from: int
    quorum: tuple[int, int]
    principles: Sequence[str]
    members: Sequence[str]
    unit_members: Sequence[str]
    supplements: int
    heaviest: Sequence[str]
    leaders: Sequence[str]
    heads: Sequence[str]
    optional_rules: Sequence[str]
    linked_grounds: Sequence[str]
    settings: Mapping[str, str]
    known_measures: Sequence[str]
    corrective: Sequence[str]
    """Measures that a 整改 carries out."""
    dropped: Mapping[str, Sequence[str]]
    """死亡, 离职, 退休 → measures that fall away."""

    def weight(self, measures: Iterable[str]) -> int:
        """Rank of the heaviest; 0 of none, and of those that only correct or hand over."""
        return max((self.rank.get(measure, 0) for measure in measures), default=0)

    def heavier(self, final: Collection[str], told: Collection[str]) -> list[str]:
        """Measures that were not announced, or all of a higher rank than what was: aggravation.

        Source: R13¶1; 公务员法第六十三条, 政务处分法第四十三条 (analog).
        """
        most = self.weight(told)
        return [one for one in final if one not in told or self.rank.get(one, 0) > most]

    def level_no(self, level: str) -> int:
        """1 to 3; 0 where none was found."""
        return self.levels.index(level) + 1 if level in self.levels else 0

    def collective(self, level: str, measures: Collection[str]) -> bool:
        """Whether 集体讨论 is mandatory; from which level is a default.

        Source: 行政机关公务员处分条例第三十九条第五项.
        """
        return self.level_no(level) >= self.collective_from or DISCIPLINE in measures

    def setting(self, session: Session, key: str) -> str:
        """What the district set, else the file's value."""
        return str(get_setting(session, key, self.settings[key]))


@lru_cache(maxsize=8)
def read_rules(processes: Path) -> Rules:
    """Reads the file once. Raises InvalidData when it is missing or broken."""
    path = processes / "accountability" / "rules.toml"
    try:
        return _rules(tomllib.loads(path.read_text()))
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise InvalidData({path.name: [f"读不出问责规则 {path}：{error}"]}) from error


def _rules(read: Mapping[str, Any]) -> Rules:
    meeting, who = read["meeting"], read["responsibility"]
    many, of = meeting["quorum"]
    return Rules(
        rank=dict(read["rank"]),
        levels=list(read["levels"]["order"]),
        collective_from=int(read["levels"]["collective_from"]),
        quorum=(int(many), int(of)),
        principles=list(meeting["principles"]),
        members=list(meeting["members"]),
        unit_members=list(meeting["unit_members"]),
        supplements=int(read["limits"]["supplements"]),
        heaviest=list(who["heaviest"]),
        leaders=list(who["leaders"]),
        heads=list(who["heads"]),
        optional_rules=list(who["optional_rules"]),
        linked_grounds=list(read["grounds"]["linked"]),
        settings=dict(read["settings"]),
        known_measures=list(read["measures"]["known"]),
        corrective=list(read["measures"]["corrective"]),
        dropped={word: list(gone) for word, gone in read["standing"].items()},
    )
