"""The command line `python -m eval`: parses options and shows errors. Measures nothing itself."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from eval import commands
from index.errors import UserError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _make_parser().parse_args(arguments)
    try:
        return options.command(options)
    except UserError as error:
        print(error, file=sys.stderr)
        return error.exit_code


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__)
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")

    answers = subparsers.add_parser("answers", help="ask a question set, write the answer file")
    _add_set(answers)
    answers.add_argument("--out", type=Path, required=True, metavar="A.jsonl")
    answers.add_argument("--library", type=Path, metavar="DIR", help=_LIBRARY_HELP)
    answers.set_defaults(command=_answers)

    score = subparsers.add_parser("score", help="score an answer file")
    _add_set(score)
    score.add_argument("answers", type=Path, metavar="A.jsonl")
    _add_output(score)
    score.set_defaults(command=_score)

    run = subparsers.add_parser("run", help="ask and score")
    _add_set(run)
    run.add_argument("--out", type=Path, metavar="A.jsonl", help="keep the answer file")
    run.add_argument("--library", type=Path, metavar="DIR", help=_LIBRARY_HELP)
    _add_output(run)
    run.set_defaults(command=_run)

    retrieval = subparsers.add_parser("retrieval", help="measure search on a BEIR folder")
    retrieval.add_argument("folder", type=Path, metavar="BEIR_FOLDER")
    retrieval.add_argument("--json", type=Path, metavar="OUT")
    retrieval.set_defaults(command=_retrieval)

    audit = subparsers.add_parser("audit", help="audit reports, plant errors in copies, count those found")
    audit.add_argument("folder", type=Path, metavar="DIR")
    audit.add_argument("--plants", type=int, default=20, metavar="N")
    audit.add_argument("--seed", type=int, default=0)
    audit.add_argument("--min-found", type=float, default=0.0, metavar="SHARE", help="exit with 1 when a smaller share of the planted errors is found")
    audit.set_defaults(command=_audit)

    figures = subparsers.add_parser("figures", help="the register against figures marked by hand")
    figures.add_argument("folder", type=Path, metavar="DIR")
    figures.add_argument("--marked", type=Path, required=True, metavar="MARKED.jsonl")
    figures.add_argument("--show", action="store_true", help="show what does not agree")
    figures.set_defaults(command=_figures)

    drafts = subparsers.add_parser("drafts", help="check sentences reworded by hand, some with a wrong figure")
    drafts.add_argument("folders", type=Path, nargs="+", metavar="DIR")
    drafts.add_argument("--show", action="store_true", help="show what is judged wrongly")
    drafts.add_argument("--min-told", type=int, default=0, metavar="N", help="exit with 1 when fewer wrong sentences are told")
    drafts.add_argument("--max-doubted", type=int, metavar="N", help="exit with 1 when more right sentences are doubted")
    drafts.set_defaults(command=_drafts)

    scans = subparsers.add_parser("scans", help="make bad scans of a report's PDF, read them, count the figures that come through")
    scans.add_argument("pdf", type=Path, metavar="REPORT.pdf")
    scans.add_argument("text", type=Path, metavar="REPORT.txt", help="the same report as text")
    scans.add_argument("--dpi", type=int, nargs="+", default=[150, 300], metavar="N")
    scans.add_argument("--seed", type=int, default=0)
    scans.add_argument("--min-right", type=float, default=0.0, metavar="SHARE", help="exit with 1 when a smaller share of the figures is right")
    scans.set_defaults(command=_scans)

    speed = subparsers.add_parser("speed", help="measure speed and memory")
    speed.add_argument("--passages", type=int, default=100_000, metavar="N",
                       help="size of the synthetic library (default 100000; 0 leaves it out)")
    speed.add_argument("--reports", type=Path, default=Path("docs/reports"), metavar="DIR")
    speed.add_argument("--questions", type=Path, default=Path("eval/questions/sample.jsonl"),
                       metavar="QUESTIONS.jsonl")
    speed.add_argument("--library", type=Path, metavar="DIR",
                       help="keep the synthetic library here and use it again")
    speed.add_argument("--json", type=Path, metavar="OUT")
    speed.set_defaults(command=_speed)
    return parser


_LIBRARY_HELP = "library folder to use or make (default: a temporary one)"


def _add_set(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl")
    parser.add_argument("--reports", type=Path, required=True, metavar="DIR",
                        help="folder of the report files")
    parser.add_argument("--part", choices=("all", "seen", "held"), default="all",
                        help="the whole set, without its held-out fifth, or only that fifth")


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", type=Path, metavar="OUT", help="write everything as JSON")
    parser.add_argument("--min-cited", type=float, metavar="SHARE",
                        help="exit with 1 when correct and cited is below it")
    parser.add_argument("--show-held", action="store_true",
                        help="show the misses of the held-out fifth too")


def _shared(options: argparse.Namespace) -> commands.Options:
    return commands.Options(
        questions=options.questions, reports=options.reports, part=options.part,
        library=getattr(options, "library", None), json_out=getattr(options, "json", None),
        min_cited=getattr(options, "min_cited", None),
        show_held=getattr(options, "show_held", False),
    )


def _answers(options: argparse.Namespace) -> int:
    return commands.make_answers(_shared(options), out=options.out)


def _score(options: argparse.Namespace) -> int:
    return commands.score_answers(_shared(options), answers=options.answers)


def _run(options: argparse.Namespace) -> int:
    return commands.run(_shared(options), out=options.out)


def _retrieval(options: argparse.Namespace) -> int:
    from eval.retrieval import run_retrieval

    return run_retrieval(options.folder, json_out=options.json)


def _audit(options: argparse.Namespace) -> int:
    from eval.register.plants import run_audit

    return run_audit(options.folder, plants=options.plants, seed=options.seed, least_found=options.min_found)


def _scans(options: argparse.Namespace) -> int:
    from eval.scans import measure_scans

    return measure_scans(options.pdf, options.text, resolutions=options.dpi, seed=options.seed, least_right=options.min_right)


def _figures(options: argparse.Namespace) -> int:
    from eval.register.labels import run_figures

    return run_figures(options.folder, marked=options.marked, show=options.show)


def _drafts(options: argparse.Namespace) -> int:
    from eval.register.drafts import run_drafts

    return run_drafts(options.folders, show=options.show, least_told=options.min_told, most_doubted=options.max_doubted)


def _speed(options: argparse.Namespace) -> int:
    # LangChain is needed here only, and takes a second to import.
    from eval.speed import run_speed

    return run_speed(
        reports=options.reports, questions=options.questions, passages=options.passages,
        library=options.library, json_out=options.json,
    )


if __name__ == "__main__":
    sys.exit(main())
