"""`ducha coverage`: what implements each clause and requirement; exit 1 when something is missing."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path

from command.bundles import bundles_at
from command.say import DONE, FAILED, say, say_json
from command.settings import read_settings
from engine.definition.bundle import Files
from engine.errors import Problem
from supervision.basis.coverage import FILE, Coverage, Item, cover
from supervision.basis.program_uses import named, program_uses
from supervision.basis.uses import Use, uses_of


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("coverage", help="条款对照")
    parser.add_argument("--processes", type=Path, metavar="DIR", help="流程文件所在的文件夹")
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when every clause of articles 2 to 14 and every requirement is implemented, 1 otherwise.

    Raises:
        InvalidData: requirements.toml or clauses.toml. Refused: no process files.
    """
    processes = args.processes or read_settings().processes
    found = coverage_of(processes, bundles_at([processes]))
    missing = [*found.uncovered, *found.unknown]
    if args.json:
        say_json(
            {
                "ok": not missing, "articles": _articles(found.items),
                "requirements": [_as_json(item) for item in found.required],
                "uncovered": found.uncovered, "unknown": found.unknown, "without_scenario": found.unproved,
            }
        )  # fmt: skip
        return FAILED if missing else DONE
    for item in [*found.items, *found.required]:
        say(f"{item.code}  {'、'.join(_counted(item)) or '没有落实'}")
    say(f"没有落实：{'、'.join(found.uncovered) or '无'}")
    for line in found.unknown:
        say(line)
    if found.unproved:
        say(f"没有情景演练：{'、'.join(found.unproved)}")
    return FAILED if missing else DONE


def coverage_of(processes: Path, bundles: Mapping[str, Files]) -> Coverage:
    """Of these bundles beside the lists of `processes`, this program and its pages."""
    pages = named(_pages(), processes)
    return cover(processes, [*uses_of(bundles, processes), *program_uses(processes), *pages])


def coverage_problems(processes: Path, bundles: Mapping[str, Files]) -> list[Problem]:
    """What these bundles leave without anything that implements it; nothing where no regulation is kept.

    Raises:
        InvalidData: requirements.toml or clauses.toml.
    """
    if not (processes / "regulation" / FILE).is_file():
        return []
    return coverage_of(processes, bundles).problems()


def _pages() -> list[Use]:
    from flask import Flask  # other verbs start without the pages

    from forms.pages import all_pages
    from forms.pages.law.page_uses import page_uses

    app = Flask("pages")
    for blueprint in all_pages():
        app.register_blueprint(blueprint)
    return page_uses(app)


def _articles(items: Iterable[Item]) -> list[dict[str, object]]:
    found: dict[str, list[dict[str, object]]] = {}
    for item in items:
        article = item.code.split("¶")[0].split("(")[0]
        found.setdefault(article, []).append(_as_json(item))
    return [{"article": article, "items": entries} for article, entries in found.items()]


def _as_json(item: Item) -> dict[str, object]:
    by = [{"kind": use.kind, "where": use.where, "name": use.name} for use in item.uses]
    return {"code": item.code, "text": item.text, "covered": item.covered, "implemented_by": by}


def _counted(item: Item) -> list[str]:
    kinds = [use.kind for use in item.uses]
    return [f"{kind} {kinds.count(kind)}" for kind in dict.fromkeys(kinds)]
