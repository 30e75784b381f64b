"""`ducha scenario [PATH…]`: plays scenario files against the process files beside them."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from command.play.perform import perform
from command.play.script import read_script
from command.play.stage import Theatre
from command.play.troupe import played as at_once
from command.say import DONE, FAILED, MISUSED, Refused, say, say_json
from command.settings import read_settings
from engine.errors import InvalidData


@dataclass(frozen=True)
class Played:
    """How one file went."""

    file: str
    name: str
    seconds: float
    problems: list[str]


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("scenario", help="用可拨动的时钟演练情景文件")
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="情景文件或流程文件夹；不写则演练全部"
    )
    parser.add_argument("--processes", type=Path, metavar="DIR", help="要演练的 processes 文件夹")
    parser.add_argument(
        "--database", metavar="URL", default="",
        help="在这台 PostgreSQL 服务器上演练（另建临时库，演练后删除）；不写则用临时的 SQLite 文件",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when all went as written, 1 when one did not.

    Raises:
        DiagramError: the process files cannot be published. Refused: nothing to play.
    """
    paths = [path.resolve() for path in args.paths]
    processes = (args.processes or _root_of(paths)).resolve()
    files = scripts_at(paths or [processes])
    listed: list[Played] = []
    with Theatre(processes, args.database) as theatre:
        theatre.prepare(_starts(files))
        for one in at_once(lambda path: play(theatre, path, processes), files):
            listed.append(one)
            if not args.json:
                _report(one)
    failed = sum(bool(one.problems) for one in listed)
    if args.json:
        rows = [{**vars(one), "passed": not one.problems} for one in listed]
        say_json({"passed": len(rows) - failed, "failed": failed, "files": rows})
    else:
        say(f"演练了 {len(listed)} 个情景：{len(listed) - failed} 个通过，{failed} 个不符")
    return FAILED if failed else DONE


def play(theatre: Theatre, path: Path, processes: Path) -> Played:
    """One file on a stage of its own."""
    begun = time.perf_counter()
    name, problems = path.stem, []
    try:
        script = read_script(path)
        name = script.name
        stage = theatre.stage(script.start)
        try:
            problems = perform(stage, script)
        finally:
            stage.close()
    except InvalidData as error:
        problems = [str(error)]
    shown = path.relative_to(processes) if path.is_relative_to(processes) else path
    return Played(shown.as_posix(), name, round(time.perf_counter() - begun, 3), problems)


def _starts(files: Iterable[Path]) -> Iterator[datetime]:
    """When the scripts begin; what cannot be read is told when it is played."""
    for path in files:
        try:
            yield read_script(path).start
        except InvalidData:
            continue


def scripts_at(paths: Iterable[Path]) -> list[Path]:
    """Raises Refused when a path is missing or there is nothing to play."""
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise Refused(f"没有这个文件或文件夹：{path}", MISUSED)
        inside = [path] if path.is_file() else _inside(path)
        if not inside:
            raise Refused(f"文件夹“{path.name}”里没有情景文件：应为其中的 scenarios/*.toml", MISUSED)
        found += [file for file in inside if file not in found]
    return found


def _inside(folder: Path) -> list[Path]:
    """A folder of scenarios itself holds nothing else; a process folder has other files of that kind."""
    own = () if (folder / "process.toml").is_file() else folder.glob("*.toml")
    return sorted(folder.glob("**/scenarios/*.toml")) or sorted(own)


def _root_of(paths: list[Path]) -> Path:
    """The processes folder around the first path, else the one of the settings."""
    for folder in (paths[0], *paths[0].parents) if paths else ():
        if (folder / "deadlines.toml").is_file():
            return folder
    return read_settings().processes


def _report(one: Played) -> None:
    say(f"{'不符' if one.problems else '通过'}  {one.file}  {one.name}（{one.seconds:.2f} 秒）")
    for problem in one.problems:
        say(f"      {problem}")
