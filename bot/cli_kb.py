"""`authbot kb`: lint, schema, list, eval."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.knowledge.load import KnowledgeError, load, parse, shipped

kb = typer.Typer(help="The knowledge base and its checks.", no_args_is_help=True)
FolderOption = Annotated[Path | None, typer.Option("--knowledge", help="Folder used in place of the shipped one.")]


@kb.command()
def lint(
    files: Annotated[list[Path] | None, typer.Argument(help="Report on these files only.")] = None,
    knowledge: FolderOption = None,
) -> None:
    """Check every file, every reference and every example; exit 1 with `file:line: field: reason` lines."""
    from bot import examples
    from bot.knowledge import lint as rules

    folder = knowledge or shipped()
    if not folder.is_dir():
        raise KnowledgeError([f"{folder}: there is no such folder of knowledge files"])
    paths = sorted(folder.glob("*.yaml"))
    sources = [(path, path.read_text(encoding="utf-8", errors="replace")) for path in paths]
    try:
        models = parse(sources)
    except KnowledgeError as error:
        found = list(error.faults)
    else:
        found = [*rules.faults(sources, models), *examples.faults(sources, models)]
    wanted = {path.resolve() for path in files or ()}
    if wanted:
        found = [fault for fault in found if Path(fault.partition(":")[0]).resolve() in wanted]
    for fault in found:
        print(fault)
    if found:
        print(f"{len(found)} things to mend", file=sys.stderr)
        raise typer.Exit(1)
    print(f"{len(paths)} files are in order")


@kb.command()
def schema() -> None:
    """Print the JSON Schema of a knowledge file."""
    from bot.knowledge.schema import schema_text

    print(schema_text(), end="")


@kb.command("list")
def list_providers(knowledge: FolderOption = None) -> None:
    """Print each provider's id, its number of entries and its name."""
    for file in load(knowledge or shipped()).files:
        print(f"{file.provider.id}\t{len(file.entries)}\t{file.provider.name['en']}")


@kb.command("eval")
def evaluate_files(
    files: Annotated[list[Path], typer.Argument(help="JSONL files of labelled pastes.")],
    mode: Annotated[str, typer.Option(help="lookup or listen.")] = "lookup",
    wrong: Annotated[int, typer.Option(min=0, help="Show so many cases that were not right.")] = 10,
    knowledge: FolderOption = None,
) -> None:
    """Grade the answers to labelled pastes: accuracy, precision, calibration, per provider."""
    from bot.console.report import print_report
    from bot.evaluate import CaseError, evaluate, load_cases
    from bot.service import Explainer

    if mode not in ("lookup", "listen"):
        raise typer.BadParameter("has to be lookup or listen", param_hint="--mode")
    try:
        cases = load_cases(files)
    except CaseError as error:
        raise KnowledgeError([str(error)]) from None
    report = evaluate(cases, Explainer(load(knowledge or shipped())), "listen" if mode == "listen" else "lookup")
    print_report(report, wrong=wrong)
