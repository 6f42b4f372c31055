"""What a change of the knowledge does to its own examples, and to the harmless messages kept beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.examples import Outcome, Trial, outcomes, trials
from bot.examples_kept import Run, as_run, key, tried, untouched
from bot.knowledge.harmless import FOLDER, harmless
from bot.knowledge.models import KnowledgeFile


@dataclass(frozen=True, slots=True)
class After:
    """How everything comes out after a change. What was at fault before it counts as behaving: it is not its doing."""

    results: dict[Trial, Outcome]
    answered: tuple[str, ...]  # a sentence for each harmless message that has an answer now
    run: Run


class Trials:
    """The examples of one folder's knowledge, tried once; of each change after that, only what it can have touched."""

    def __init__(self, folder: Path, files: Sequence[KnowledgeFile]) -> None:
        """`folder` is where the files stand; what the last lint of it found out is taken over."""
        results, _ = tried(folder, files)
        self._run = as_run(files, results)
        messages = harmless(folder) if (folder / FOLDER).is_dir() else ()
        self._silent = [Trial(message.id, "not", message.text) for message in messages]
        self._silent = [trial for trial, outcome in outcomes(self._silent, files).items() if not outcome.reason]

    def after(self, files: Sequence[KnowledgeFile]) -> After:
        """Return how everything comes out with these files in place of the last ones."""
        every = trials(files)
        held = untouched(self._run, files, every)
        fresh = dict.fromkeys(trial for trial in every if trial not in held)
        now = as_run(files, {})
        same = (now.wires, now.heads) == (
            self._run.wires,
            self._run.heads,
        )  # other words only: nothing is matched by them
        silent = [] if same else self._silent
        found = outcomes([*fresh, *silent], files)  # in one go: setting up the matcher costs as much as both
        results = held | {trial: found[trial] for trial in fresh}
        before = self._run.outcomes
        masked = {
            trial: outcome._replace(reason="") if (known := before.get(key(trial))) and known.reason else outcome
            for trial, outcome in results.items()
        }
        answered = [f"the message {trial.name} {reason}" for trial in silent if (reason := found[trial].reason)]
        return After(masked, tuple(answered), as_run(files, results))

    def keep(self, change: After) -> None:
        """Let the next change be one of what this one made."""
        self._run = change.run
