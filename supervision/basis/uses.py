"""什么引用了什么: everything in the process files that names a clause or a legal basis, as one list."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from engine.bpmn.xml import parse_xml
from engine.definition.bundle import BPMN, Files
from engine.errors import DiagramError, InvalidData
from supervision.document.template import Templates

CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
NAMING = ("clause", "requirement")
"""Properties of a node: the clauses it follows, the requirements (RQ-01 …) it meets."""
DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"


@dataclass(frozen=True)
class Use:
    """One thing that names clauses or bases; `cited` is how it does, e.g. ``R8(3)；S:XXGK art.12``."""

    kind: str
    """节点, 规则, 字段, 期限, 公文, 检查项, 周期, 设置, 情景, 守则, 登记, 页面, 主题."""
    where: str
    """``complaint/ut_triage``: what `requirements.toml` calls it."""
    name: str
    cited: str


def uses_of(bundles: Mapping[str, Files], processes: Path) -> list[Use]:
    """All uses in the bundles (as published, or as they lie on disk) and in the lists of `processes`."""
    found: list[Use] = []
    for key, files in sorted(bundles.items()):
        for path, content in sorted(files.items()):
            found += _in_file(key, path, content)
    return [*found, *_in_lists(processes), *_scenarios(processes)]


def _in_file(key: str, path: str, content: bytes) -> list[Use]:
    try:
        if path.endswith(".bpmn"):
            return list(_nodes(key, parse_xml(content, path)))
        if path.endswith(".dmn"):
            return list(_rules(key, parse_xml(content, path)))
        if path.endswith(".form"):
            return list(_fields(key, Path(path).stem, json.loads(content)))
    except (DiagramError, ValueError):  # said with its place when that bundle is checked
        return []
    return []


def _nodes(key: str, root: etree._Element) -> Iterator[Use]:
    for properties in root.iter(f"{CAMUNDA}properties"):
        holder = properties.getparent().getparent()
        cited = [p.get("value", "") for p in properties if p.get("name") in NAMING]
        if cited and holder is not None and str(holder.tag).startswith(BPMN):
            name = holder.get("name") or holder.get("id", "")
            yield Use("节点", f"{key}/{holder.get('id')}", name, "；".join(cited))


def _rules(key: str, root: etree._Element) -> Iterator[Use]:
    for decision in root.iter(f"{DMN}decision"):
        for number, rule in enumerate(decision.iter(f"{DMN}rule"), start=1):
            cited = " ".join("".join(rule.itertext()).split())
            yield Use(
                "规则",
                f"{key}/{decision.get('id')}#{number}",
                f"{decision.get('name')} 第 {number} 行",
                cited,
            )


def _fields(key: str, form: str, component: Mapping[str, Any]) -> Iterator[Use]:
    for child in component.get("components", []):
        if child.get("key"):
            options = [str(option.get("value", "")) for option in child.get("values") or []]
            cited = "；".join([str((child.get("properties") or {}).get("clause", "")), *options])
            yield Use("字段", f"{key}/{form}.{child['key']}", child.get("label", child["key"]), cited)
        yield from _fields(key, form, child)


def _in_lists(processes: Path) -> Iterator[Use]:
    for rule, entry in _sections(processes / "deadlines.toml"):
        if "step" in entry:
            yield Use("期限", rule, entry["step"], str(entry.get("reference", "")))
    for key, entry in _sections(processes / "cycles.toml"):
        yield Use("周期", key, entry.get("name", key), str(entry.get("clause", "")))
    for key, entry in _sections(processes / "settings.toml"):
        yield Use("设置", key, entry.get("label", key), _joined(entry.get("clause", "")))
    for code, entry in _documents(processes):
        cited = _joined(entry.get("cites", entry.get("clause", "")))
        yield Use("公文", code, str(entry.get("title", code)), cited)
    for path in sorted((processes / "checklist").glob("*.toml")):
        yield from _checklist(_read(path))


def _checklist(read: Mapping[str, Any]) -> Iterator[Use]:
    for code, group in read.get("group", {}).items():
        yield Use("检查项", code, str(group.get("name", code)), _joined(group.get("clause", "")))
    for item in read.get("item", []):
        cited = f"{_joined(item.get('source', ''))}；{_joined(item.get('grounds', ''))}"
        yield Use("检查项", str(item.get("id", "")), str(item.get("item", "")), cited)


def _documents(processes: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    read = _read(processes / "documents" / "documents.toml")
    entries = read.get("document", read)
    if isinstance(entries, list):
        entries = {str(entry.get("code", "")): entry for entry in entries}
    known = {code: entry for code, entry in entries.items() if isinstance(entry, Mapping)}
    for path in sorted((processes / "documents").glob("D[0-9][0-9]*.docx")):
        if (code := path.stem[:3]) not in known:
            known[code] = {"cites": _quoted(processes, code)}
    yield from known.items()


def _quoted(processes: Path, code: str) -> list[str]:
    try:
        return Templates(processes).cited(code)
    except InvalidData:  # said with its paragraph when the templates are checked
        return []


def _scenarios(processes: Path) -> Iterator[Use]:
    for path in sorted(processes.glob("*/scenarios/*.toml")):
        read = _read(path)
        where = f"{path.parts[-3]}/{path.stem}"
        yield Use("情景", where, str(read.get("name", path.stem)), _joined(read.get("clause", "")))


def _sections(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key, entry in _read(path).items():
        if isinstance(entry, Mapping) and key != "sources":
            yield key, entry


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError):  # whoever owns the list says what is wrong with it
        return {}


def _joined(cited: Any) -> str:
    return (
        cited if isinstance(cited, str) else "；".join(map(str, cited)) if isinstance(cited, Iterable) else ""
    )
