"""Names and descriptions of the bot's commands, as Discord lists them in each language.

Discord wants these at registration, by its own locale tags and within its limits (names 32 characters, descriptions
100; a slash command's and an option's name is one lower-case word), so they stand together here and not in bot/words.
"""

from __future__ import annotations

import discord
from discord import app_commands

# Each key has the default words, those for zh-CN and those for zh-TW.
_NAMES = {
    "explain": ("explain", "解释", "解釋"),
    "explain.description": (
        "Explain an authentication error: its cause and how to fix it",
        "解释一条认证报错：原因与解决办法",
        "解釋一則驗證錯誤：原因與解決辦法",
    ),
    "error": ("error", "报错", "錯誤"),
    "error.description": (
        "The error as it was printed; secrets in it are removed first",
        "报错原文；其中的密钥会先被去除",
        "錯誤原文；其中的金鑰會先被移除",
    ),
    "provider": ("provider", "服务商", "服務商"),
    "provider.description": (
        "Whose error it is, if you know",
        "是哪家服务的报错（知道的话）",
        "是哪家服務的錯誤（知道的話）",
    ),
    "language": ("language", "语言", "語言"),
    "language.description": ("The language of the answer", "用哪种语言回答", "用哪種語言回答"),
    "menu": ("Explain this error", "解释这个错误", "解釋這個錯誤"),
}
_COLUMNS = {discord.Locale.chinese: 1, discord.Locale.taiwan_chinese: 2}


def name(key: str) -> app_commands.locale_str:
    """Return the words of `key` in the default language, marked so that Translations finds the others.

    Raises KeyError for a key that is not in the table.
    """
    return app_commands.locale_str(_NAMES[key][0], key=key)


class Translations(app_commands.Translator):
    """Gives discord.py the localised names while it builds the registration."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        key = string.extras.get("key")
        column = _COLUMNS.get(locale)
        return _NAMES[key][column] if key is not None and column is not None else None


def answer_language(locale: discord.Locale) -> str | None:
    """Return the language to answer in for a person's locale: "zh", "en", or None to go by the paste itself."""
    tag = str(locale.value).split("-", maxsplit=1)[0]
    return tag if tag in ("en", "zh") else None
