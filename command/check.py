"""`ducha check PATH…`: all problems of process folders, each with its file and element."""

from __future__ import annotations

import argparse
from pathlib import Path

from command.bundles import bundles_at
from command.checks import checker_for
from command.clock import system_clock
from command.coverage import coverage_problems
from command.cycle_check import cycle_problems
from command.say import DONE, FAILED, problem_lines, say, say_json
from command.settings import read_settings
from command.template_check import only_templates, problems_of, templates_at
from engine.deadline.shanghai import date_of


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("check", help="检查流程文件，列出全部问题")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="流程文件夹，或其中的一个文件")
    parser.add_argument("--processes", type=Path, metavar="DIR", help="角色、消息、期限清单所在的文件夹")
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 without errors (warnings may stand), 1 with errors, 2 when nothing could be read."""
    processes = args.processes or read_settings().processes
    templates = templates_at(args.paths)
    bundles = bundles_at(path for path in args.paths if not only_templates(path))
    neighbours = bundles_at([processes]) if processes.is_dir() else {}
    check = checker_for(processes, neighbours | bundles)
    problems = [problem for key, files in bundles.items() for problem in check(key, files)]
    problems += problems_of(templates)
    problems += coverage_problems(processes, neighbours | bundles)
    problems += cycle_problems(args.paths, processes, neighbours | bundles, date_of(system_clock()))
    errors = sum(problem.severity == "error" for problem in problems)
    if args.json:
        say_json({"ok": not errors, "bundles": sorted(bundles), "problems": [vars(p) for p in problems]})
    else:
        for line in problem_lines(problems):
            say(line)
        beside = f"、{len(templates)} 个公文模板" if templates else ""
        say(f"检查了 {len(bundles)} 个流程{beside}：{errors} 个错误，{len(problems) - errors} 个提醒")
    return FAILED if errors else DONE
