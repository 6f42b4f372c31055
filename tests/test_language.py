"""The language is that of the person who asks, not of the machine that failed."""

from __future__ import annotations

import pytest

from bot.paste.language import detect
from tests.reading import reading


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        pytest.param("what am I doing wrong here?", "en", id="English"),
        pytest.param("这个怎么解决？", "zh", id="Chinese"),
        pytest.param("請問這個錯誤該怎麼處理", "zh-TW", id="traditional Chinese"),
        pytest.param("今朝からこのエラーが出ます", "ja", id="Japanese"),
        pytest.param("認証エラーの対処法", "ja", id="Japanese with more Han than kana"),
        pytest.param("이거 왜 이러죠", "ko", id="Korean"),
        pytest.param("подскажите, что делать", "ru", id="Russian"),
        pytest.param("كيف أصلح هذا الخطأ", "ar", id="Arabic"),
        pytest.param("แก้ยังไงครับ", "th", id="Thai"),
        pytest.param("hola, desde ayer no me deja entrar con la cuenta", "es", id="Spanish"),
        pytest.param("alguém sabe o que fazer com esse erro? não consigo entrar", "pt", id="Portuguese"),
        pytest.param("salut, depuis hier je ne peux pas me connecter", "fr", id="French"),
        pytest.param("moin, seit gestern bekomme ich das hier", "de", id="German"),
        pytest.param("merhaba, dün beri bu hata neden oluyor", "tr", id="Turkish"),
        pytest.param("what does 无效的令牌 mean in this API?", "en", id="Chinese message, English question"),
        pytest.param("报错 Incorrect API key provided 怎么解决", "zh", id="English message, Chinese question"),
        pytest.param("无效的令牌", "zh", id="only a Chinese message"),
        pytest.param("", "en", id="nothing"),
        pytest.param("12345 !!", "en", id="no letters"),
        pytest.param("ok", "en", id="one word"),
    ],
)
def test_detect(text: str, lang: str) -> None:
    assert detect(text) == lang


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        pytest.param(
            "大家好，登录一直失败：\nError: invalid_grant\n    at f (/a/b.js:1:2)",
            "zh",
            id="Chinese chatter, English error",
        ),
        pytest.param(
            'why do I get this?\n{"code":10003,"msg":"签名错误，请检查密钥"}', "en", id="English question, Chinese body"
        ),
        pytest.param('{"code":10003,"msg":"签名错误，请检查密钥"}', "zh", id="only a Chinese body"),
        pytest.param('{"error":"invalid_grant"}', "en", id="only an English body"),
        pytest.param("配置好了，status code 401: Header中未收到Authorization参数", "zh", id="mixed in one line"),
    ],
)
def test_the_language_of_a_paste(text: str, lang: str) -> None:
    assert reading(text).lang == lang
