"""The files operators take: the dashboard asks for figures there are, the guide names what the program does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

from bot import metrics
from bot.discord.invite import EXTRA, NEEDED
from bot.settings import Settings

ROOT = Path(__file__).parents[1]


def test_the_dashboard_asks_only_for_figures_there_are() -> None:
    text = (ROOT / "deploy" / "grafana.json").read_text(encoding="utf-8")
    shown = metrics.exposed(entries=0, rows={}, cached={}).decode()
    known = set(re.findall(r"^# TYPE (\w+)", shown, flags=re.MULTILINE))
    known |= {f"{name}_bucket" for name in known}

    asked = set(
        re.findall(r"\bauthbot_\w+", " ".join(re.findall(r'"(?:expr|query)": "([^"]*)', text.replace('\\"', "'"))))
    )

    assert len(json.loads(text)["panels"]) > 10
    assert len(asked) > 10
    assert asked <= known


def test_the_alerts_of_the_guide_ask_only_for_figures_there_are() -> None:
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    shown = metrics.exposed(entries=0, rows={}, cached={}).decode()

    for name in re.findall(r"\b(authbot_\w+)", text):
        assert name.removesuffix("_bucket") in shown


def test_the_guide_names_every_setting_and_every_permission() -> None:
    operating = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    guide = (ROOT / "docs" / "discord.md").read_text(encoding="utf-8")

    assert [name for name in Settings.model_fields if name.upper() not in operating] == []
    for reason in (*NEEDED.values(), *EXTRA.values()):
        assert reason in guide


def test_every_picture_of_the_guide_is_there() -> None:
    guide = (ROOT / "docs" / "discord.md").read_text(encoding="utf-8")

    pictures = re.findall(r"\]\((discord/[\w-]+\.png)\)", guide)
    assert len(pictures) == 8
    assert all((ROOT / "docs" / picture).is_file() for picture in pictures)


def test_the_compose_file_keeps_the_database_and_hides_the_figures() -> None:
    service = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))["services"]["authbot"]

    assert service["volumes"] == ["data:/data"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
