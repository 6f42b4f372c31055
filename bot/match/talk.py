"""Talk about errors: is somebody in trouble, or explaining, planning, joking."""

from __future__ import annotations

import re

# What people say round an error of their own.
_TROUBLE = re.compile(
    r"(?<![-/.\w])(?:getting|gets?|got|keeps?|receiv(?:e|ing|ed)|seeing|help|why|fail(?:s|ed|ing)?|stuck|any ideas?"
    r"|what am i|what's wrong|wrong with|suddenly|not work(?:ing)?|broken|unable|can't|cannot|crash(?:es|ed)?"
    r"|anyone know)\b"
    r"|报错|一直|怎么(?!写)|为什么|失败|求助|无法|不了|提示|出现|遇到|有人知道"
    r"|なぜ|エラーが|出ます|できない|できません|返ってき|오류가|에러가|안 ?돼|왜|떠요"
    r"|me sale|no funciona|ayuda|alguien sabe|geht nicht|warum|klappt nicht|schlägt fehl|bekomme"
    r"|marche pas|pourquoi|aidez|j'ai|не работает|почему|помогите|выда[её]т|что делать|não funciona|ajuda|por que"
    r"|çalışmıyor|neden|yardım|alıyorum",
    re.IGNORECASE,
)
# What stands round an error that somebody explains, plans or tests.
_EXPLAINS = re.compile(
    r"(?<![/.\w-])(?:means|expected|should|mock|fixture|replace|rename|docs?|documentation|changelog|slide"
    r"|we (?:now )?(?:answer|return|give|send)|fixed|solved|no longer)(?![\w/.-])"
    r"|当.{0,40}时|错误码为|约定|文档|[应会就则]该?返回|仕様|場合|문서|반환|\b(?:wenn|falls|doku|antwortet|renvoie|responde|guía|guia)\b"
    r"|отвечает|если|документац|doküman|döner|resuelto|gelöst",
    re.IGNORECASE,
)


# What says that it is over, a test's, or somebody's example.
_OVER = re.compile(
    r"(?<![/.\w-])(?:fixtures?|mocks?|mocked|stub(?:s|bed)?|faq|macro|post-mortem|example response|solved!?"
    r"|closing (?:this|the|it)|closing:|gone (?:after|since|now|again)"
    r"|no action needed|turned out|(?:it|this) was|ignore it)(?!\w)"
    r"|закрыт|победили|erledigt|documentar|搞定|解决了|已解决|培训|^\s*[✓✔✅]|\.\.\. ok$",
    re.IGNORECASE | re.MULTILINE,
)


def over(text: str) -> bool:
    """Tell whether the error is told of after the fact, or as a test's or an example's, and troubles nobody now."""
    return bool(_OVER.search(text)) and not _TROUBLE.search(text)


def explained(text: str) -> bool:
    """Tell whether the person explains, plans or tests."""
    return bool(_EXPLAINS.search(text))


def in_trouble(text: str) -> bool:
    """Tell whether the person says that this error is theirs, now."""
    return bool(_TROUBLE.search(text)) and not _EXPLAINS.search(text)
