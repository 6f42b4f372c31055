"""Names in a sentence: who or what it is about, told by the words round them."""

from __future__ import annotations

import re

from bot.paste.varying.values import TELLS
from bot.paste.varying.vendors import VENDORS, masked
from bot.paste.varying.wire import NO_NAME, is_common, is_wire_word

_THING = (
    r"user(?:name)?|login|account|role|principal|member|tenant|database|db|bucket|repository|repo|project|organi[sz]ation"
    r"|org|workspace|host|hostname|server|node|pod|instance|cluster|namespace|realm|domain|queue|topic|image|client"
    r"|customer|device|machine|computer|workstation|site|app|application|team|channel|group|table|schema|collection"
    r"|index|vhost|container|registry|issuer|audience|resource|subject|serviceaccount|service|policy|named|secret|vault"
    r"|stream|partition|deployment|model|endpoint|connection|broker|share|volume|dataset|warehouse|keyspace|store|shop"
    r"|page|profile|package|bundle|job|prefix|guild|requirement|directory|merchant|session|catalog|branch"
)
_BEFORE_THING = rf"(?<![\w.-])(?:{_THING})"
_THINGS = frozenset(
    word + ending
    for kind in _THING.replace("user(?:name)?", "user|username")
    .replace("organi[sz]ation", "organisation|organization")
    .split("|")
    for word in (kind, "token")
    for ending in ("", "s")
)
_LETTERS = re.compile(r"[a-z]+")
_ABOUT_QUOTED = re.compile(
    rf"(?i)({_BEFORE_THING})(s?(?: ?[:=] ?| )[\[(]?|s?[\[(])(?=.[\w@/{{*<$.-])(?!.(?:system:)?anonymous\W)"
    r"(?:\"[^\"]{1,120}\"|'[^']{1,120}'|`[^`]{1,120}`|“[^”]{1,120}”|「[^」]{1,120}」)"
    r"(?:@(?:'[^']{1,120}'|\"[^\"]{1,120}\"|[\w.%-]{1,120}))?"
)
# In brackets, a bare word is a name too.
_ABOUT_BRACKETED = re.compile(rf"(?i)((?:{_BEFORE_THING}|(?<!\w)token)s? ?)\[[^\[\]]{{1,120}}\]")
_BRACKETED = re.compile(r"\[([A-Za-z][\w.@-]{0,60})(?=[\]/])")
_APPOSITION = re.compile(r"(?<=\})( ?)\(([A-Za-z][\w.-]{1,60})\)")  # user {id} (shop)
_BEFORE_ID = re.compile(rf"(?i)({_BEFORE_THING} )[\w-]{{1,80}}(?= ?\(['\"]?\{{)")  # application shop ({{id}})
_LABELLED_NAME = re.compile(rf"(?i)({_BEFORE_THING} name ?[:=] ?)(?!{{)[^\s,;\"'(){{}}]{{1,80}}")
_LABELLED_THING = re.compile(rf"(?i)({_BEFORE_THING}: )([A-Za-z][\w-]{{1,80}})(?=[;,)]|$)")
_LABELLED_ID = re.compile(r"(?<![\w.-])((?:[Ii]d|ID|[Nn]once|kid|sid|cid|rid|uid)[ :=]{1,2})([A-Za-z]{3,40})(?![\w.-])")
_SQL_THING = re.compile(r"(?a)(?<!\w)(ON (?:TABLE |DATABASE )?)[A-Za-z][\w-]{0,60}\.[\w*-]{1,60}")
_THROWN_BY = re.compile(r"(?a)((?:Exception|Error): )([a-z][\w.@-]{1,60})(?=: [A-Z])")
_OWNED = re.compile(r"(?a)(?<![\w.-])[\w.-]{1,60}:[\w.-]{1,60}:(?=[d-][rwxst-]{9})")  # HDFS: "alice:hdfs:drwxr-xr-x"
_APP_BLOCKED = re.compile(
    r"(?<=Access blocked: ).{1,60}?(?='s request| can only | has not )"
)  # Google's consent screen
# A bare word is a name where it does not look like a word …
_ABOUT_ODD = re.compile(
    rf"(?a)((?i:{_BEFORE_THING}) )(?=[^\s\"']{{0,80}}[\d@/.-]\w)([A-Za-z0-9][\w@/.+:-]{{1,120}})(?<![.:])"
)
# … where it is no word of the language …
_ABOUT_UNKNOWN = re.compile(
    rf"(?a)((?:{_BEFORE_THING}|(?<![\w.-])(?:for|by|as|of|from|to|in|on|with|at)) (?:the )?)([a-z][a-z0-9_]{{2,60}})"
    r"(?![\w:=(/@]|[.-]\w)"
)
_SLASHED = re.compile(r"(?a)(?<![^\s(\[|'\"`,=])[A-Za-z][\w.-]{0,60}(?:/[\w.@-]{1,80}){2,12}(?![\w(=/])")
_JOINED = re.compile(r"(?a)(?<![^\s(\[|'\"`,=])[a-z][a-z0-9]{0,40}(?:[-_/.][a-z0-9]{1,40}){1,8}(?![\w(=/-]|[.:]\w|: )")
_NAMED_KIND = re.compile(
    r"(?a)(?<![\w./-])([A-Z][a-z]+(?:[A-Z][a-z]+){0,4}/)[a-z][\w.-]{1,120}"
)  # Kubernetes: "Secret/shop"
_KIND = frozenset("dev prod stage staging qa uat ci svc srv infra preprod prd stg tst".split())
# … or where the sentence goes on as it does after a person's name.
_ABOUT_PERSON = re.compile(
    r"(?i)\b((?:for|as|by|of|from|invalid|unknown|user:) (?:invalid |unknown )?(?:user(?:name)?|login|account|role) )"
    rf"{NO_NAME}([^\s\"',;:(){{}}\[\]]{{1,80}})(?<!\.)"
    r"|\b((?:user(?:name)?|login|account|role|principal|member|customer|identity) )"
    rf"{NO_NAME}([^\s\"',;:(){{}}\[\]]{{1,80}})"
    r"(?=:|(?: port)? \{(?:host|time)\}|$"
    r"| (?:is|was|has|does|did|not|cannot|can't|could|from|on|to|failed|lacks|must|doesn't|isn't|and/or)\b)"
)
_OF_THING = re.compile(
    rf"(?i)(?<![\w.-])((?:for|on|to|in|of|from|with|into|as|at) (?:the )?(?:{_THING}) )(?!{{)([A-Za-z][\w-]{{1,80}})"
    r"(?![\w-])"
)
_FOR_FROM = re.compile(
    rf"(?i)\b(?:(for (?:invalid user |illegal user )?){NO_NAME}[^\s\"':{{}}]{{1,80}}(?= from )"
    rf"|(denied (?:to|for) ){NO_NAME}[^\s\"':{{}}]{{1,80}}$)"
)
_ACCESS_LOG = re.compile(r"(?<=\{host\} - )\S{1,80}(?= \[\{time\})")
_ABOUT_ZH = re.compile(
    r"((?:用户名?|账[号户]|帐[号户]|应用|主机|数据库|租户)\s?[:\[「“\"']?\s?)[A-Za-z0-9][A-Za-z0-9._@-]{0,80}"
)
_PERSON_ZH = re.compile(
    r"((?:用户|姓名|员工|账号|账户|客户|商家|店铺|管理员)(?:[ :]{1,2}|(?=[「“\"'])))"
    r"(?!不|未|无|没|已|名|密码|登|权|被|的|错|验|信)[「“\"']?[\u4e00-\u9fff·]{2,4}?[」”\"']?"
    r"(?=[^\u4e00-\u9fff]|反馈|登录|无|没|不|已|的|于|在|被|$)"
)


def without_labelled(line: str) -> str:
    """Return `line` without names that a label and quotes set off: user "al", and those of some well-known lines."""
    if "{time}" in line:
        line = _ACCESS_LOG.sub("{name}", line)
    line = _APP_BLOCKED.sub("{name}", line)
    if not _names_thing(line):
        return line
    return _ABOUT_QUOTED.sub(lambda found: f"{found[1]}{found[2]}{masked(found[0], '{name}')}", line)


def without_names(line: str) -> str:
    """Return `line` with the names of people and things in its sentences as {name}; quoted ones are out already."""
    about = _names_thing(line)  # most rules are about a kind of thing: one look spares them
    if about:
        line = _ABOUT_PERSON.sub(lambda found: f"{found[1] or found[3]}{{name}}", line)
    if "[" in line:
        line = _ABOUT_BRACKETED.sub(r"\1[{name}]", line)
        line = _BRACKETED.sub(lambda found: _unless_wire(found, 1, "[{name}"), line)
    if about:
        line = _of_things(line)
    if "(" in line:
        line = _APPOSITION.sub(lambda found: _unless_wire(found, 2, f"{found[1]}({{name}})"), line)
    line = _LABELLED_ID.sub(_unless_common, line)
    line = _SQL_THING.sub(r"\1{name}", line)
    if ":" in line:
        line = _THROWN_BY.sub(lambda found: _unless_wire(found, 2, f"{found[1]}{{name}}"), line)
        line = _OWNED.sub("{name}:", line)
    line = _FOR_FROM.sub(lambda found: f"{found[1] or found[2]}{{name}}", line)
    if about:
        line = _ABOUT_ODD.sub(lambda found: found[0] if found[2] in VENDORS else f"{found[1]}{{name}}", line)
    line = _ABOUT_UNKNOWN.sub(_unless_common, line)
    if "/" in line:
        line = _NAMED_KIND.sub(r"\1{name}", line)
        line = _SLASHED.sub("{path}", line)
    line = _JOINED.sub(_joined, line)
    if line.isascii():
        return line
    line = _PERSON_ZH.sub(r"\1{name}", line)
    return _ABOUT_ZH.sub(r"\1{name}", line)


def _names_thing(line: str) -> bool:
    return not _THINGS.isdisjoint(_LETTERS.findall(line.lower()))


def _of_things(line: str) -> str:
    line = _OF_THING.sub(_of_thing, line)
    if ":" in line or "=" in line:
        line = _LABELLED_NAME.sub(r"\1{name}", line)
        line = _LABELLED_THING.sub(lambda found: _unless_wire(found, 2, f"{found[1]}{{name}}"), line)
    return _BEFORE_ID.sub(r"\1{name}", line) if "(" in line else line


def _unless_wire(found: re.Match[str], group: int, masked: str) -> str:
    return found[0] if found[group].isupper() or is_wire_word(found[group]) else masked


def _unless_common(found: re.Match[str]) -> str:
    return found[0] if is_common(found[2]) or is_wire_word(found[2]) else f"{found[1]}{{name}}"


def _of_thing(found: re.Match[str]) -> str:
    name = found[2]
    if is_wire_word(name) or not re.match(NO_NAME, name, re.IGNORECASE):
        return found[0]
    return f"{found[1]}{{name}}"


def _joined(found: re.Match[str]) -> str:
    """Mask a name put together by signs (shop-edge, svc_mail) but for words of the language and of protocols."""
    word = found[0]
    before = found.string[max(0, found.start() - 40) : found.start()]
    if word in VENDORS or (before.endswith(("=", '"', "'")) and TELLS.search(before)):
        return word
    pieces = re.split(r"[-_/.]", word)
    if _KIND.isdisjoint(pieces) and (is_wire_word(word) or all(is_common(piece) for piece in pieces)):
        return word
    return "{name}"
