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
        "The error as it was printed; leave it out to paste many lines",
        "报错原文；不填则打开可粘贴多行的窗口",
        "錯誤原文；不填則開啟可貼上多行的視窗",
    ),
    "file": ("file", "文件", "檔案"),
    "file.description": (
        "A text file with the error (.txt, .log, .json)",
        "含有报错的文本文件（.txt、.log、.json）",
        "含有錯誤的文字檔（.txt、.log、.json）",
    ),
    "provider": ("provider", "服务商", "服務商"),
    "provider.description": (
        "Whose error it is, if you know",
        "是哪家服务的报错（知道的话）",
        "是哪家服務的錯誤（知道的話）",
    ),
    "language": ("language", "语言", "語言"),
    "language.description": ("The language of the answer", "用哪种语言回答", "用哪種語言回答"),
    "private": ("private", "仅自己可见", "僅自己可見"),
    "private.description": (
        "Whether only you see the answer (yes, if you leave it out)",
        "是否只有你能看到回答（默认是）",
        "是否只有你能看到回答（預設為是）",
    ),
    "lookup": ("lookup", "查询", "查詢"),
    "lookup.description": (
        "Look up a known error by its code, title or provider",
        "按错误码、标题或服务商查找已知错误",
        "依錯誤碼、標題或服務商查找已知錯誤",
    ),
    "entry": ("entry", "条目", "條目"),
    "entry.description": (
        "Type a code, some words or a provider, and choose",
        "输入错误码、关键字或服务商，然后选择",
        "輸入錯誤碼、關鍵字或服務商，然後選擇",
    ),
    "about-provider": ("provider", "服务商", "服務商"),
    "about-provider.description": (
        "Show what is known of a provider",
        "查看关于某个服务商的已知内容",
        "查看關於某個服務商的已知內容",
    ),
    "name": ("name", "名称", "名稱"),
    "name.description": ("The provider's name", "服务商的名称", "服務商的名稱"),
    "help": ("help", "帮助", "說明"),
    "help.description": ("How to use this bot", "如何使用这个机器人", "如何使用這個機器人"),
    "about": ("about", "关于", "關於"),
    "about.description": (
        "Version, knowledge and uptime of this bot",
        "这个机器人的版本、知识库与运行时间",
        "這個機器人的版本、知識庫與運行時間",
    ),
    "privacy": ("privacy", "隐私", "隱私"),
    "privacy.description": (
        "What this bot reads, keeps and never keeps",
        "这个机器人读取、保存以及绝不保存什么",
        "這個機器人讀取、保存以及絕不保存什麼",
    ),
    "forget-me": ("forget-me", "忘记我", "忘記我"),
    "forget-me.description": (
        "Erase what is kept of you, in this server or everywhere",
        "删除保存的关于你的内容（本服务器或所有地方）",
        "刪除保存的關於你的內容（本伺服器或所有地方）",
    ),
    "where": ("where", "范围", "範圍"),
    "where.description": ("Where to forget you", "在哪里忘记你", "在哪裡忘記你"),
    "where.here": ("In this server", "在本服务器", "在本伺服器"),
    "where.everywhere": ("Everywhere", "所有地方", "所有地方"),
    "export-my-data": ("export-my-data", "导出我的数据", "匯出我的資料"),
    "export-my-data.description": (
        "Get all that is kept of you as a JSON file",
        "以 JSON 文件获取保存的关于你的全部内容",
        "以 JSON 檔案取得保存的關於你的全部內容",
    ),
    "ignore-me": ("ignore-me", "忽略我", "忽略我"),
    "ignore-me.description": (
        "Have your messages overlooked unless you mention the bot; again to take it back",
        "不再留意你的消息（提到机器人时除外）；再次使用即取消",
        "不再留意你的訊息（提及機器人時除外）；再次使用即取消",
    ),
    "settings": ("settings", "设置", "設定"),
    "settings.description": (
        "Where and how this bot speaks in this server",
        "设置机器人在本服务器何处、如何发言",
        "設定機器人在本伺服器何處、如何發言",
    ),
    "review": ("review", "审阅", "審閱"),
    "review.description": (
        "For maintainers: what had no answer yet, and deciding on it",
        "维护者专用：查看尚无答案的报错并作出决定",
        "維護者專用：檢視尚無答案的錯誤並作出決定",
    ),
    "review-next": ("next", "下一个", "下一個"),
    "review-next.description": (
        "The case whose answer would help most people",
        "解决后能帮助最多人的一项",
        "解決後能幫助最多人的一項",
    ),
    "review-case": ("case", "查看", "檢視"),
    "review-case.description": ("One case by its name", "按名称查看一项", "依名稱檢視一項"),
    "case-name": ("name", "编号", "編號"),
    "case-name.description": ("The case's name, or words of it", "编号，或其中的文字", "編號，或其中的文字"),
    "review-search": ("search", "搜索", "搜尋"),
    "review-search.description": (
        "Cases by words, provider, language, status",
        "按文字、服务商、语言、状态查找",
        "依文字、服務商、語言、狀態尋找",
    ),
    "text": ("text", "文字", "文字"),
    "text.description": ("Words that stand in it", "其中出现的文字", "其中出現的文字"),
    "case-provider.description": ("Whose error it seems to be", "看起来是哪家服务的报错", "看起來是哪家服務的錯誤"),
    "case-language": ("language", "语言", "語言"),
    "case-language.description": ("The language people asked in", "提问者使用的语言", "提問者使用的語言"),
    "status": ("status", "状态", "狀態"),
    "status.description": (
        "What became of it (open, if you leave it out)",
        "处理状态（默认：待处理）",
        "處理狀態（預設：待處理）",
    ),
    "status.open": ("open", "待处理", "待處理"),
    "status.answered": ("answered", "已有答案", "已有答案"),
    "status.dismissed": ("dismissed", "已忽略", "已忽略"),
    "status.not_an_error": ("not an auth error", "不是认证错误", "不是驗證錯誤"),
    "status.merged": ("merged", "已合并", "已合併"),
    "status.any": ("any", "全部", "全部"),
    "review-history": ("history", "历史", "歷史"),
    "review-history.description": ("Who decided what, and when", "谁在何时作了什么决定", "誰在何時作了什麼決定"),
    "review-undo": ("undo", "撤销", "復原"),
    "review-undo.description": (
        "Take back your latest decision, or another one",
        "撤销你最近的决定，或指定的决定",
        "復原你最近的決定，或指定的決定",
    ),
    "decision": ("decision", "决定", "決定"),
    "decision.description": (
        "The decision's number, as the history has it",
        "历史中显示的决定编号",
        "歷史中顯示的決定編號",
    ),
    "review-promote": ("promote", "推广", "推廣"),
    "review-promote.description": (
        "For the bot's owner: servers' answers that everybody may have",
        "机器人所有者专用：可供所有人使用的服务器答案",
        "機器人擁有者專用：可供所有人使用的伺服器答案",
    ),
    "scope": ("scope", "队列", "佇列"),
    "scope.description": (
        "Whose queue: this server's, or the shared one",
        "谁的队列：本服务器或共享",
        "誰的佇列：本伺服器或共享",
    ),
    "scope.server": ("this server", "本服务器", "本伺服器"),
    "scope.shared": ("the shared base", "共享知识库", "共享知識庫"),
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
