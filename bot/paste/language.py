"""Language: which language a person writes, by script and by the small words of each."""

from __future__ import annotations

import re
from functools import cache

_NOT_ASCII = re.compile(r"[^\x00-\x7f]++")
_HAN_FIRST, _HAN_LAST = "\u3400", "\u9fff"  # a pattern of so many characters takes milliseconds to compile
_SCRIPTS = (
    ("ja", r"[\u3041-\u3096\u30a1-\u30fa]"),
    ("ko", r"[\uac00-\ud7a3]"),
    ("ru", r"[\u0400-\u04ff]"),
    ("ar", r"[\u0620-\u064a]"),
    ("th", r"[\u0e01-\u0e3a]"),
    ("he", r"[\u05d0-\u05ea]"),
    ("hi", r"[\u0904-\u0939]"),
    ("el", r"[\u0391-\u03c9]"),
)
# What an ASCII text is cut into words by: all but letters becomes a space; apostrophes may stand inside a word.
_LETTERS_ONLY = {code: chr(code).lower() if chr(code).isalpha() or chr(code) == "'" else " " for code in range(128)}
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]{1,3})?")

# Characters one of the two ways of writing Chinese does not have, from among the commonest thousand.
_TRADITIONAL = frozenset(
    "這個們來說為會對時請問嗎麼還沒開關錯誤無認證權碼帳號網頁點擊處發現該將試過後應當與從讓裡麗電腦檔資訊視窗設錄應環變數參傳遞遠連線輸顯示"
    "動態務員題實際獲寫轉換間體總結給進選擇單項類別執檢測確導"
)
_SIMPLIFIED = frozenset(
    "这个们来说为会对时请问吗么还没开关错误无认证权码帐号网页点击处发现该将试过后应当与从让里丽电脑档资讯视窗设录应环变数参传递远连线输显示"
    "动态务员题实际获写转换间体总结给进选择单项类别执检测确导"
)
_ONLY_TRADITIONAL = _TRADITIONAL - _SIMPLIFIED
_ONLY_SIMPLIFIED = _SIMPLIFIED - _TRADITIONAL

# How people ask, as against how machines state.
_ASKED_ZH = re.compile(
    r"怎么|如何|请问|请教|大家|有人|有没有|为什么|为啥|咋|谁|我|吗|呢|吧|求|帮|一直|今天|昨天|刚才|遇到|解决|报错|提示|老是|总是|啊|了"
)
_ASKED_EN = frozenset(
    "i i'm i've my we our me you how what why when where who anyone anybody does do did is are can could "
    "any idea help please thanks "
    "hey hi hello getting get got trying try tried keep keeps mean means someone this that it's don't "
    "fix wrong working works "
    "after since using use but and the".split()
)

_SMALL_WORDS = {
    "es": "el la los las de que en un una por con para no es me mi se del al como pero más qué hola tengo "
    "cuando este esta error alguien desde ayer sale sabe pasa estoy puedo".split(),
    "pt": "o a os as de que em um uma por com para não é me meu se do da ao como mas mais olá tenho quando "
    "este esta alguém desde ontem estou consigo erro isso já você ajuda".split(),
    "fr": "le la les de des que en un une pour avec dans ne pas est me mon ma se du au comme mais plus salut "
    "j'ai quand ce cette quelqu'un depuis hier je suis bonjour erreur une idée comment".split(),
    "de": "der die das und ist nicht ein eine ich mit für auf den dem von zu im wenn aber auch wie hallo moin "
    "habe seit gestern jemand hat bekomme hier kann mein keine fehler das idee warum".split(),
    "tr": "bir ve bu için ile ne de da mi ben benim çok ama gibi nasıl neden hata alıyorum merhaba dün beri "
    "bilen var mı yardım lütfen olarak değil".split(),
    "it": "il lo la i gli le di che in un una per con non è mi mio si del al come ma più ciao ho quando questo "
    "questa qualcuno da ieri errore sono posso perché aiuto".split(),
    "pl": "i w na z do nie jest się to że jak ale mam dla po od wczoraj ktoś wie błąd cześć mi mój co przez "
    "tylko proszę".split(),
    "nl": "de het een en van ik niet dat is op met voor maar ook hoe hallo heb sinds gisteren iemand krijg "
    "hier kan mijn geen fout waarom".split(),
    "vi": "tôi bị lỗi không là và của có được cho này khi với các một những đang như thế nào ai giúp mình".split(),
    "id": "saya yang dan di ini itu dengan untuk tidak ada dari kenapa bagaimana bisa tolong sudah error kak "
    "halo".split(),
}
_COUNTED = {tag: frozenset(words) for tag, words in _SMALL_WORDS.items()}
_FOREIGN = frozenset().union(*_COUNTED.values())
_ENGLISH = frozenset(
    "the is are a an to of in on for with and or not this that it i you we my your be have has was when "
    "how what from by at as do does "
    "can but if please get got any all here there invalid error".split()
)
_LONGEST = 4000  # characters looked at: more say nothing new
_LONGEST_LATIN = 1500


def detect(text: str) -> str:
    """Return the BCP 47 tag of the language `text` is written in; `en` where nothing tells.

    Of a text in two languages it is that of the person who asks: `what does 无效的令牌 mean` is English,
    `报错 invalid token 怎么解决` Chinese. Traditional Chinese is `zh-TW`.
    """
    text = text[:_LONGEST]
    if text.isascii():
        return _latin(text)
    others = "".join(_NOT_ASCII.findall(text))
    han = len([char for char in others if _HAN_FIRST <= char <= _HAN_LAST])
    for tag, script in _SCRIPTS:
        letters = _count(script, others)
        if letters >= 2 and (tag in ("ja", "ko") or letters * 2 >= han):
            return tag
    if han < 2:
        return _latin(text)
    if _english_asks(text, han):
        return "en"
    characters = set(others)
    return "zh-TW" if len(characters & _ONLY_TRADITIONAL) > len(characters & _ONLY_SIMPLIFIED) else "zh"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern that only texts beyond ASCII need: these ranges take long to compile."""
    return re.compile(pattern)


def _count(characters: str, text: str) -> int:
    return len(_compiled(characters).findall(text))


def _english_asks(text: str, han: int) -> bool:
    words = [word.lower() for word in _WORD.findall(text) if word.isascii()]
    asked = sum(word in _ASKED_EN for word in words)
    return asked >= 2 and len(words) * 2 > han and asked > 2 * len(_ASKED_ZH.findall(text))


def _words(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    if not text.isascii():
        return list(map(str.lower, _WORD.findall(text)))
    words = text.translate(_LETTERS_ONLY).split()
    if "'" in text:
        return [part for word in words for part in (_WORD.findall(word) if "'" in word else (word,))]
    return words


def _latin(text: str) -> str:
    words = _words(text[:_LONGEST_LATIN])
    if len(words) < 3 or _FOREIGN.isdisjoint(words):
        return "en"
    best, most = "en", sum(map(_ENGLISH.__contains__, words))
    foreign = list(filter(_FOREIGN.__contains__, words))
    if len(foreign) <= most:
        return best
    for tag, small in _COUNTED.items():
        count = sum(map(small.__contains__, foreign))
        if count > most and count >= 2:
            best, most = tag, count
    return best
