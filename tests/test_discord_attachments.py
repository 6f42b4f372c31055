"""On Discord: attached text files are read, from Discord's own hosts, and never beyond the limits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.discord.attachments import MOST_BYTES, decoded, is_text
from tests.discord_server import DiscordServer
from tests.discord_server.harness import REVOKED, REVOKED_TITLE, SKEW, SKEW_TITLE, bot_on, explaining
from tests.discord_server.payloads import BOT_ID, GENERAL, Payload


@pytest.fixture
async def discord(tmp_path: Path) -> AsyncIterator[DiscordServer]:
    async with explaining(tmp_path) as (explainer, _), DiscordServer() as server, bot_on(server, explainer):
        yield server


@pytest.mark.parametrize("name", ["message.txt", "server.LOG", "response.json"])
async def test_an_attached_error_is_answered(discord: DiscordServer, name: str) -> None:
    paste = await discord.say(GENERAL, "it fails since today", attachments=[discord.keep(name, REVOKED.encode())])

    assert REVOKED_TITLE in (await discord.reply_to(paste)).text


async def test_a_file_in_utf_16_is_read(discord: DiscordServer) -> None:
    paste = await discord.say(GENERAL, "", attachments=[discord.keep("a.txt", REVOKED.encode("utf-16"))])

    assert REVOKED_TITLE in (await discord.reply_to(paste)).text


async def test_a_mention_with_nothing_but_a_file_is_about_the_file(discord: DiscordServer) -> None:
    asked = await discord.say(GENERAL, f"<@{BOT_ID}>", attachments=[discord.keep("a.txt", SKEW.encode())])

    assert SKEW_TITLE in (await discord.reply_to(asked)).text


async def test_the_token_is_not_sent_to_where_files_are(discord: DiscordServer) -> None:
    paste = await discord.say(GENERAL, "", attachments=[discord.keep("a.txt", REVOKED.encode())])
    await discord.reply_to(paste)

    [headers] = discord.file_headers
    assert "Authorization" not in headers


def at_the_end(filler: bytes) -> bytes:
    return filler * (MOST_BYTES // len(filler)) + b"\n" + REVOKED.encode()


@pytest.mark.parametrize(
    ("name", "body", "headers", "more"),
    [
        pytest.param("photo.png", REVOKED.encode(), {}, {"content_type": "image/png"}, id="a picture"),
        pytest.param("photo.txt", REVOKED.encode(), {}, {"content_type": "image/png"}, id="a picture named .txt"),
        pytest.param("tool.exe", REVOKED.encode(), {}, {}, id="a program"),
        pytest.param("a.txt", b"\x00\x01" + REVOKED.encode(), {}, {}, id="binary"),
        pytest.param("a.txt", at_the_end(b"all is well\n"), {}, {}, id="beyond the cap"),
        pytest.param("a.txt", b"", {"Location": "/files/other.txt"}, {}, id="redirected"),
        pytest.param("a.txt", REVOKED.encode(), {}, {"url": "http://127.0.0.2:9/a.txt"}, id="another host"),
        pytest.param("a.txt", REVOKED.encode(), {}, {"url": "file:///etc/hostname"}, id="no web address"),
    ],
)
async def test_what_is_no_text_of_discords_is_left_out_and_the_message_still_read(
    discord: DiscordServer, name: str, body: bytes, headers: dict[str, str], more: Payload
) -> None:
    discord.keep("other.txt", REVOKED.encode())
    attached = discord.keep(name, body, headers, **more)

    paste = await discord.say(GENERAL, SKEW, attachments=[attached])

    text = (await discord.reply_to(paste)).text
    assert SKEW_TITLE in text
    assert REVOKED_TITLE not in text
    assert "other.txt" not in discord.fetched


async def test_all_files_together_have_a_cap_too(discord: DiscordServer) -> None:
    filler = b"all is well\n" * (MOST_BYTES // 12)
    bodies = [filler + b" " * (MOST_BYTES - len(filler)), b" " * MOST_BYTES, REVOKED.encode()]
    attached = [discord.keep(f"{number}.txt", body) for number, body in enumerate(bodies)]

    paste = await discord.say(GENERAL, SKEW, attachments=attached)

    text = (await discord.reply_to(paste)).text
    assert SKEW_TITLE in text
    assert REVOKED_TITLE not in text


async def test_a_compressed_body_is_not_unfolded(discord: DiscordServer) -> None:
    attached = discord.keep("a.txt", REVOKED.encode(), {"Content-Encoding": "gzip"})

    paste = await discord.say(GENERAL, SKEW, attachments=[attached])

    assert SKEW_TITLE in (await discord.reply_to(paste)).text


async def test_three_files_of_a_message_are_read(discord: DiscordServer) -> None:
    names = [f"{number}.txt" for number in range(5)]
    attached = [discord.keep(name, b"nothing to see") for name in names]

    await discord.say(GENERAL, "logs", attachments=attached)
    later = await discord.say(GENERAL, SKEW)
    await discord.reply_to(later)
    paste = await discord.say(GENERAL, REVOKED, attachments=attached)
    await discord.reply_to(paste)

    assert sorted(set(discord.fetched)) == names[:3]


@pytest.mark.parametrize(
    ("filename", "content_type", "text"),
    [
        ("a.txt", None, True),
        ("a.log", "text/x-log; charset=utf-8", True),
        ("a.json", "application/json", True),
        ("a.log", "application/octet-stream", True),
        ("a.b.TXT", "text/plain", True),
        ("a.txt", "video/mp4", False),
        ("a.html", "text/html", False),
        ("txt", "text/plain", False),
        ("a.txt.zip", "application/zip", False),
        (".txt", "text/plain", False),
    ],
)
def test_which_files_are_text(filename: str, content_type: str | None, text: bool) -> None:
    assert is_text(filename, content_type) is text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param("无效的令牌".encode(), "无效的令牌", id="utf-8"),
        pytest.param(b"\xef\xbb\xbf{}", "{}", id="utf-8 with a mark"),
        pytest.param("令牌".encode("utf-16"), "令牌", id="utf-16"),
        pytest.param(b"\xfe\xff" + "令牌".encode("utf-16-be"), "令牌", id="utf-16, big end first"),
        pytest.param("caf\u00e9".encode("latin-1"), "caf\ufffd", id="something else"),
        pytest.param(b"PK\x03\x04\x00\x00", "", id="binary"),
        pytest.param(b"", "", id="empty"),
    ],
)
def test_how_a_file_is_decoded(body: bytes, text: str) -> None:
    assert decoded(body) == text
