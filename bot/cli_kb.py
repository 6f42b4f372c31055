"""`authbot kb`: new, lint, stats, stale, confusables, links, site, schema, list, eval, export, import."""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.knowledge.folders import IN_REPOSITORY, PACKAGED, shipped
from bot.mendable import MendableError

if TYPE_CHECKING:
    from bot.curate.export import Commit, Held
    from bot.knowledge.links import Link
    from bot.knowledge.load import Knowledge

kb = typer.Typer(help="The knowledge base and its checks.", no_args_is_help=True)
FolderOption = Annotated[Path | None, typer.Option("--knowledge", help="Folder used in place of the shipped one.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@kb.command("new")
def new_provider(
    provider: Annotated[str, typer.Argument(help="The provider's id: lower-case words and hyphens.")],
    knowledge: FolderOption = None,
) -> None:
    """Write the skeleton of a provider's file, to be filled in."""
    from bot.knowledge.new import NewProviderError, skeleton

    folder = knowledge or shipped()
    if folder == PACKAGED:
        raise MendableError(
            "kb new: the knowledge of an installed program is not to be edited: name a folder with --knowledge"
        )
    path = folder / f"{provider}.yaml"
    own = folder.resolve() == IN_REPOSITORY
    check = f"authbot kb lint {path}" + ("" if own else f" --knowledge {folder}")
    try:
        text = skeleton(provider, schema=_schema_from(folder), lint=check)
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except NewProviderError as error:
        raise MendableError(f"kb new: {error}") from None
    except FileExistsError:
        raise MendableError(f"{path}: is there already; add entries to it, or choose another id") from None
    except OSError as error:
        raise MendableError(f"{path}: cannot be written: {error.strerror}") from None
    print(f"{path} is written. Fill in its empty fields, then: {check}")


@kb.command()
def stats(
    readme: Annotated[bool, typer.Option("--readme", help="Write the table into README.md, too.")] = False,
    knowledge: FolderOption = None,
) -> None:
    """Print how much is covered, by group of providers."""
    from bot.knowledge.stats import ReadmeError, coverage, into_readme, missing, table

    files = _loaded(knowledge).files
    text = table(coverage(files))
    print(text)
    if lacking := missing(files):
        print(f"not written yet: {' '.join(lacking)}", file=sys.stderr)
    if readme:
        path = IN_REPOSITORY.parent / "README.md"
        try:
            path.write_text(into_readme(path.read_text(encoding="utf-8"), text), encoding="utf-8", newline="\n")
        except ReadmeError as error:
            raise MendableError(str(error)) from None
        except OSError as error:
            raise MendableError(f"{path}: {error.strerror}; --readme is for a checkout of the sources") from None


@kb.command()
def confusables(
    undeclared: Annotated[bool, typer.Option("--undeclared", help="Only pairs that no entry declares.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Pairs at most.")] = 50,
    knowledge: FolderOption = None,
) -> None:
    """Print the pairs of entries that are easily taken for each other, the most dangerous first."""
    from bot.confusables import pairs

    found = pairs(_loaded(knowledge))
    wanted = [pair for pair in found if not (undeclared and pair.declared)]
    for pair in wanted[:limit]:
        print(f"{pair.danger:.2f}\t{pair.one}\t{pair.other}\t{'declared' if pair.declared else '-'}\t{pair.because}")
    print(f"{len(wanted)} pairs; {sum(not pair.declared for pair in found)} are not declared", file=sys.stderr)


@kb.command()
def links(
    online: Annotated[bool, typer.Option("--online", help="Ask each address, too.")] = False,
    knowledge: FolderOption = None,
) -> None:
    """Check the form of every cited address, with --online that it is there; exit 1 with `file:line: field: reason`."""
    from bot.knowledge.links import faults
    from bot.knowledge.links import links as cited
    from bot.knowledge.load import parse

    folder = knowledge or shipped()
    sources = _sources(folder)
    every = list(cited(sources, parse(sources)))
    found = faults(every)
    for fault in found:
        print(fault)
    bad = len(found) + (_ask_online(every) if online else 0)
    different = len({link.url for link in every})
    print(f"{different} addresses, {bad or 'none'} to mend", file=sys.stderr if bad else sys.stdout)
    if bad:
        raise typer.Exit(1)


@kb.command()
def site(
    out: Annotated[Path, typer.Argument(help="Folder to write to: new, empty, or of an earlier site.")],
    base_url: Annotated[
        str, typer.Option(help="Address it will be published at, for canonical addresses and a sitemap.")
    ] = "",
    knowledge: FolderOption = None,
) -> None:
    """Write the knowledge as a searchable web site that needs no server."""
    from bot.site.pages import SiteError, pages
    from bot.site.write import write

    if base_url and not base_url.startswith(("https://", "http://")):
        raise MendableError(f"--base-url: {base_url!r} is no address; it begins with https://")
    try:
        count = write(out, pages(_loaded(knowledge), base_url.rstrip("/")))
    except SiteError as error:
        raise MendableError(f"kb site: {error}") from None
    print(f"{count} files are in {out}; open {out / 'index.html'}")


@kb.command()
def lint(
    files: Annotated[list[Path] | None, typer.Argument(help="Report on these files only.")] = None,
    knowledge: FolderOption = None,
    cache: Annotated[
        bool, typer.Option("--cache/--no-cache", help="Take over what a change can't have touched since the last run.")
    ] = True,
) -> None:
    """Check every file, every reference and every example; exit 1 with `file:line: field: reason` lines."""
    from bot.knowledge import lint as rules
    from bot.knowledge.load import KnowledgeError, load, parse
    from bot.knowledge.new import explain_gaps

    gc.disable()  # nothing of it is garbage before the end: a quarter of the time is saved
    folder = knowledge or shipped()
    sources = _sources(folder)
    count = number = 0
    try:
        models = load(folder).files if cache else parse(sources)
    except KnowledgeError as error:
        found = explain_gaps(sources, error.faults)
    else:
        from bot.examples import faults
        from bot.examples_kept import tried

        results, number = tried(folder, models, cache=cache)
        count = len(results)
        found = [*rules.faults(sources, models), *faults(sources, models, results)]
    wanted = {path.resolve() for path in files or ()}
    if wanted:
        found = [fault for fault in found if Path(fault.partition(":")[0]).resolve() in wanted]
    if found:
        _say_faults(found)
    print(f"{len(sources)} files are in order; of {count} examples {number} were tried anew")


@kb.command()
def stale(
    days: Annotated[int, typer.Option(min=0, max=100_000, help="Verified so many days ago or more.")] = 365,
    as_json: JsonOption = False,
    knowledge: FolderOption = None,
) -> None:
    """List the entries whose sources were looked at long ago, the oldest first."""
    from bot.knowledge.stale import stale as verified_long_ago

    today = dt.datetime.now(dt.UTC).date()
    found = verified_long_ago(_loaded(knowledge).files, today=today, days=days)
    for row in found:
        if as_json:
            said = {"provider": row.provider, "entry": row.entry, "verified": str(row.verified), "hosts": row.hosts}
            print(json.dumps(said, ensure_ascii=False))
        else:
            print(f"{row.verified}\t{row.provider}/{row.entry}\t{' '.join(row.hosts)}")
    print(f"{len(found) or 'no'} entries were verified {days} days ago or more", file=sys.stderr)


@kb.command("export")
def export_decisions(
    out: Annotated[
        Path | None, typer.Option("--out", help="New folder for the files, one folder a commit; nothing else changes.")
    ] = None,
    one: Annotated[
        int | None, typer.Option("--one", min=1, help="Only what this decision, by its number, is in.")
    ] = None,
    as_json: JsonOption = False,
    database: Annotated[str | None, typer.Option("--database", help="Store to read: a file or a database URL.")] = None,
    knowledge: FolderOption = None,
) -> None:
    """Write what maintainers decided for all into the knowledge files; say for each commit its files and message."""
    import asyncio

    from bot.curate.export import Exported, export, folders
    from bot.knowledge.write import write_files
    from bot.settings import load_settings
    from bot.store.store import Store

    gc.disable()
    settings = load_settings()
    folder = knowledge or settings.authbot_knowledge or shipped()
    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise MendableError(f"--out: {out} is not empty; name a new folder")

    async def work() -> Exported:
        store = await Store.open(database or settings.authbot_database_url)
        try:
            return await export(store, folder, schema=_schema_from(folder), one=one)
        finally:
            await store.close()

    found = asyncio.run(work())
    places = folders(found, out) if out else dict.fromkeys(found.commits, folder)
    if out is None:
        write_files(folder, found.texts)
    else:
        for commit, place in places.items():
            write_files(place, commit.files)
    for commit in found.commits:
        files = [str(places[commit] / name) for name in commit.files]
        if as_json:
            print(json.dumps({**_who(commit), "message": commit.message, "files": files}, ensure_ascii=False))
        else:
            print("\n    ".join((f"{commit.origin}\t{commit.message}", *files)))
    for held in found.held:
        if as_json:
            print(json.dumps({**_who(held), "missing": held.missing, "faults": held.faults}, ensure_ascii=False))
        else:
            lacks = [f"not ready: {'; '.join(held.missing)}"] if held.missing else ["refused:", *held.faults]
            print(
                "\n    ".join((f"{held.origin}\t{held.entry or 'a message that is no error'} {lacks[0]}", *lacks[1:]))
            )
    print(
        f"{len(found.commits) or 'no'} commits in {out or folder}; {len(found.held) or 'none'} held back",
        file=sys.stderr,
    )
    if any(held.faults for held in found.held) or (one is not None and not found.commits):
        raise typer.Exit(1)


@kb.command("import")
def import_files(
    files: Annotated[list[Path], typer.Argument(help="Others' knowledge files, or folders of them.")],
    check: Annotated[bool, typer.Option("--check", help="Only say what would be done.")] = False,
    as_json: JsonOption = False,
    knowledge: FolderOption = None,
) -> None:
    """Take others' entries into the knowledge: all of them or, where one conflicts or is at fault, none."""
    from bot.curate.imports import plan
    from bot.knowledge.load import KnowledgeError
    from bot.knowledge.write import write_files

    gc.disable()
    folder = knowledge or shipped()
    try:
        found = plan(files, folder)
    except KnowledgeError as error:
        _say_faults(error.faults)
    for row in found.compared:
        said = {"status": row.status, "name": row.name, "place": row.place, "says": row.says}
        plain = f"{row.status}\t{row.name}\t{row.place}" + (f"\t{row.says}" if row.says else "")
        print(json.dumps(said, ensure_ascii=False) if as_json else plain)
    if found.conflicts:
        print(
            f"nothing was taken in: {len(found.conflicts)} entries conflict; take them out or rename them",
            file=sys.stderr,
        )
        raise typer.Exit(1)
    if not check:
        write_files(folder, found.texts)
    done = "would be written" if check else "written"
    print(f"{len(found.texts) or 'no'} files {done} in {folder}", file=sys.stderr)


@kb.command()
def schema() -> None:
    """Print the JSON Schema of a knowledge file."""
    from bot.knowledge.schema import schema_text

    print(schema_text(), end="")


@kb.command("list")
def list_providers(knowledge: FolderOption = None) -> None:
    """Print each provider's id, its number of entries and its name."""
    for file in _loaded(knowledge).files:
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
        raise MendableError(str(error)) from None
    report = evaluate(cases, Explainer(_loaded(knowledge)), "listen" if mode == "listen" else "lookup")
    print_report(report, wrong=wrong)


def _loaded(folder: Path | None) -> Knowledge:
    from bot.knowledge.load import load

    return load(folder or shipped())


def _who(of: Commit | Held) -> dict[str, object]:
    return {"decisions": of.decisions, "origin": of.origin, "entry": of.entry}


def _schema_from(folder: Path) -> str:
    """Return the address of the JSON Schema as seen from a folder of knowledge files."""
    schema = IN_REPOSITORY.parent / "docs" / "knowledge.schema.json"
    relative = os.path.relpath(schema, folder.resolve()) if schema.is_file() else "knowledge.schema.json"
    return Path(relative).as_posix()


def _sources(folder: Path) -> list[tuple[Path, str]]:
    if not folder.is_dir():
        raise MendableError(f"{folder}: there is no such folder of knowledge files")
    return [(path, path.read_text(encoding="utf-8", errors="replace")) for path in sorted(folder.glob("*.yaml"))]


def _say_faults(faults: Sequence[str]) -> NoReturn:
    for fault in faults:
        print(fault)
    print(f"{len(faults)} things to mend", file=sys.stderr)
    raise typer.Exit(1)


def _ask_online(every: Sequence[Link]) -> int:
    """Print what became of the addresses that are not simply there; return how many have to be mended."""
    import asyncio

    from bot.reach import NoNetworkError, reach

    try:
        reached = asyncio.run(reach(link.url for link in every))
    except NoNetworkError:
        raise MendableError("kb links: no host at all could be reached: --online needs a network") from None
    bad = unknown = 0
    for link in every:
        result = reached[link.url]
        if result.found in ("gone", "unreachable"):
            bad += 1
            print(f"{link.place}: {link.url} is {result.found}: {result.detail}")
        elif result.found == "moved":
            print(f"{link.place}: {link.url} has moved for good to {result.detail}")
        unknown += result.found == "unknown"
    if unknown:
        print(
            f"{unknown} addresses would not say (they want a login, or no programs): open them by hand", file=sys.stderr
        )
    return bad
