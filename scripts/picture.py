"""Draws docs/answer.svg: a paste and its answer as the terminal shows them."""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.console.terminal import show
from bot.knowledge.folders import shipped
from bot.knowledge.load import load
from bot.paste.models import Paste
from bot.service import Explainer

PASTE = (
    "Error 400: redirect_uri_mismatch\n"
    "Request details: redirect_uri=http://localhost:3000/auth/callback flowName=GeneralOAuthFlow accounts.google.com"
)


def main() -> None:
    console = Console(record=True, width=100, force_terminal=True, file=io.StringIO())
    console.print(Text("error> ", style="bold green") + Text(PASTE))
    show(console, Explainer(load(shipped())).judge(Paste(PASTE, lang="en"), "lookup"), "en")
    svg = console.export_svg(title="authbot")
    # The picture has to look the same without a network: no fonts from elsewhere.
    svg = re.sub(r"@font-face \{[^}]*\}\s*", "", svg)
    Path(__file__).parents[1].joinpath("docs", "answer.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
