"""`ducha try FILE…`: runs a diagram in memory on a virtual clock and tells how it went."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from command.clock import system_clock
from command.say import DONE, FAILED, MISUSED, Refused, say, say_json
from command.trial.answers import GUIDE, Answers, read_answers
from command.trial.files import as_named, choose_process, read_files
from command.trial.outcome import Outcome
from command.trial.run import run as run_trial
from command.trial.warnings import warnings
from command.trial.world import World
from engine.bpmn.compile import compile_bundle
from engine.errors import DiagramError, InvalidData

PURPOSE = "试走一张流程图：不用数据库，时钟随定时器跳动"
STEPS = 1000


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser(
        "try", help=PURPOSE, description=PURPOSE, epilog=GUIDE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE",
        help="要试走的 .bpmn 文件，其后可有它调用的 .bpmn 和 .dmn；也可以是流程文件夹",
    )  # fmt: skip
    parser.add_argument("--process", metavar="ID", help="文件中有几个流程时，试走哪一个")
    parser.add_argument("--data", default="{}", metavar="JSON", help="开始时的流程变量，一个 JSON 对象")
    parser.add_argument("--answers", type=Path, metavar="FILE", help="答案文件，写法见下；不写则一律交空白")
    parser.add_argument("--steps", type=_positive, default=STEPS, metavar="N", help=f"最多走几步（{STEPS}）")
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when it ended or waits, 1 when the diagram is refused or an incident stopped it.

    Raises:
        Refused: the command was called wrongly.
    """
    files = read_files(args.files)
    answers = read_answers(args.answers) if args.answers else Answers()
    outcome = tried(files, args.process, _data(args.data), answers, args.steps)
    if args.json:
        say_json(outcome.as_json())
    else:
        for line in outcome.lines():
            say(line)
    return DONE if outcome.good else FAILED


def tried(
    files: Mapping[str, bytes], process: str | None, data: Mapping[str, Any], answers: Answers, steps: int
) -> Outcome:
    """Compiles and runs. Raises Refused."""
    try:
        program = compile_bundle(files)
    except DiagramError as error:
        return Outcome(problems=as_named(error.problems))
    process_id, note = choose_process(program, files, process)
    world = World(program, answers, answers.start_at or system_clock(), steps)
    world.outcome.problems = as_named(warnings(files))
    if note:
        world.outcome.notes.append(note)
    try:
        return run_trial(world, process_id, data)
    except InvalidData as error:
        reasons = "；".join(text for texts in error.errors.values() for text in texts)
        raise Refused(f"给出的变量或答案不能用：{reasons}", MISUSED) from error


def _data(text: str) -> dict[str, Any]:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(f"--data 不是正确的 JSON（{error}）", MISUSED) from error
    if not isinstance(read, dict):
        raise Refused('--data 应为 JSON 对象，例如 {"urgent": true}', MISUSED)
    return read


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"应为正整数，但是“{text}”")
    return int(text)
