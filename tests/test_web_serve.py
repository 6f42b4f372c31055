"""Serving the desk's pages: where that is allowed, and one sentence for what an operator can get wrong."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from bot.web.config import WebError, listen
from bot.web.oauth import api_base

SECRETS = {"DISCORD_CLIENT_ID": "1", "DISCORD_CLIENT_SECRET": "of-the-" + "tests"}


@pytest.mark.parametrize(
    ("address", "url", "origin"),
    [
        pytest.param("127.0.0.1:0", None, "http://127.0.0.1:{port}", id="this machine"),
        pytest.param("localhost:0", None, "http://localhost:{port}", id="by its name"),
        pytest.param("127.0.0.1:0", "https://review.example", "https://review.example", id="behind a proxy"),
        pytest.param("127.0.0.1:0", "https://Review.Example:443/", "https://review.example", id="as browsers write it"),
        pytest.param("127.0.0.1:0", "https://review.example:8443", "https://review.example:8443", id="another port"),
        pytest.param("0.0.0.0:0", "https://review.example", "https://review.example", id="reached by others, https"),
        pytest.param("127.0.0.1:0", "http://localhost:9000", "http://localhost:9000", id="a tunnel to this machine"),
    ],
)
def test_where_it_may_be(address: str, url: str | None, origin: str) -> None:
    place, listener = listen(address, url)
    with listener:
        assert place.origin == origin.format(port=listener.getsockname()[1])
        assert place.secure == origin.startswith("https")


@pytest.mark.parametrize(
    ("address", "url", "reason"),
    [
        pytest.param("0.0.0.0:0", None, "https", id="all of the network, no address"),
        pytest.param("[::]:0", None, "https", id="the same of IPv6"),
        pytest.param("192.0.2.7:0", "http://review.example", "AUTHBOT_WEB_URL", id="others, without TLS"),
        pytest.param("127.0.0.1:0", "http://review.example", "AUTHBOT_WEB_URL", id="a public address without TLS"),
        pytest.param("127.0.0.1:0", "https://review.example/desk", "without a path", id="a path"),
        pytest.param("127.0.0.1:0", "https://me:x@review.example", "without a path", id="a password"),
        pytest.param("127.0.0.1:0", "review.example", "AUTHBOT_WEB_URL", id="no scheme"),
        pytest.param("127.0.0.1:0", "https://review.example:x", "AUTHBOT_WEB_URL", id="no port"),
        pytest.param("127.0.0.1", None, "host:port", id="a host alone"),
        pytest.param("127.0.0.1:99999", None, "host:port", id="too high a port"),
        pytest.param("8765", None, "host:port", id="a port alone"),
    ],
)
def test_where_it_may_not_be(address: str, url: str | None, reason: str) -> None:
    with pytest.raises(WebError, match=reason) as wrong:
        listen(address, url)
    assert "\n" not in str(wrong.value)


def test_a_host_may_say_the_usual_port() -> None:
    place, listener = listen("127.0.0.1:0", "https://review.example")
    listener.close()
    assert place.hosts == {"review.example", "review.example:443"}


@pytest.mark.parametrize(
    ("given", "base"),
    [
        (None, "https://discord.com/api/v10"),
        ("http://127.0.0.1:9", "http://127.0.0.1:9/api/v10"),
        ("http://127.0.0.1:9/api/", "http://127.0.0.1:9/api/v10"),
        ("http://127.0.0.1:9/api/v10", "http://127.0.0.1:9/api/v10"),
    ],
)
def test_the_base_of_discords_routes(given: str | None, base: str) -> None:
    assert api_base(given) == base


def command(folder: Path, settings: dict[str, str]) -> tuple[list[str], dict[str, str]]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AUTHBOT_", "DISCORD_"))}
    root = str(Path(__file__).parents[1])
    environment = {**kept, "PYTHONPATH": root, "AUTHBOT_DATABASE_URL": str(folder / "authbot.sqlite3"), **settings}
    return [sys.executable, "-m", "bot", "review", "serve"], environment


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        pytest.param({}, "DISCORD_CLIENT_ID: is not set", id="no client id"),
        pytest.param({"DISCORD_CLIENT_ID": "1"}, "DISCORD_CLIENT_SECRET: is not set", id="no client secret"),
        pytest.param({**SECRETS, "AUTHBOT_WEB_ADDRESS": "0.0.0.0:0"}, "AUTHBOT_WEB_URL to the https", id="no https"),
        pytest.param({**SECRETS, "AUTHBOT_WEB_ADDRESS": "{taken}"}, "can't be listened at", id="port taken"),
    ],
)
def test_what_is_set_wrong_ends_in_one_sentence(tmp_path: Path, settings: dict[str, str], says: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        words, environment = command(tmp_path, {name: value.format(taken=address) for name, value in settings.items()})
        done = subprocess.run(
            words, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert line.startswith("authbot: ")
    assert says in line
    assert SECRETS["DISCORD_CLIENT_SECRET"] not in done.stdout + done.stderr


def test_it_says_where_it_is_and_ends_when_told_to(tmp_path: Path) -> None:
    words, environment = command(tmp_path, {**SECRETS, "AUTHBOT_WEB_ADDRESS": "127.0.0.1:0"})
    with subprocess.Popen(
        words, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        said = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert found, said + process.stderr.read()
        with urllib.request.urlopen(found[0], timeout=60) as answer:  # noqa: S310 (the pattern says http)
            assert "Sign in with Discord" in answer.read().decode()
        process.send_signal(signal.SIGINT)
        process.wait(60)
        assert "Traceback" not in process.stderr.read()
