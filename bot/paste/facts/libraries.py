"""Libraries: which SDK, driver or command printed a text, by imports, paths, class names and prompts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from bot.paste.facts.packages import DIRECTORIES, PACKAGES
from bot.paste.models import Fact

_MOST = 30
_MOST_PARTS = 4  # of a qualified name are looked up

# Packages in the paths of stack frames: what stands in the path, and what follows it.
_PATHS = {
    "-packages": re.compile(r"[/\\]{1,2}(?P<python>[\w.-]{2,60}+(?:[/\\]{1,2}(?:auth|cloud)\b)?)"),
    "node_modules": re.compile(
        r"[/\\]{1,2}(?:\.pnpm[/\\]{1,2}[^/\\\s]{1,100}[/\\]{1,2}node_modules[/\\]{1,2})?"
        r"(?P<node>(?:@[\w.-]{1,40}[/\\]{1,2})?[\w.-]{2,60}+)"
    ),
    "vendor": re.compile(r"[/\\]{1,2}(?P<php>[a-z0-9-]{2,40}[/\\]{1,2}[a-z0-9._-]{2,60}+)"),
    "gems": re.compile(r"[/\\](?P<ruby>[a-z][\w-]{1,50}?)-\d"),
    "pkg/mod": re.compile(r"[/\\](?P<go>[\w.!-]{3,60}(?:[/\\][\w.!-]{1,60}){1,4}?)@v"),
    ".cargo": re.compile(r"[/\\]registry[/\\]src[/\\][^/\\\s]{1,80}[/\\](?P<rust>[a-z][\w-]{1,50}?)-\d"),
}
_IMPORTING = (
    "import ",
    "from ",
    "using ",
    "use ",
    "require ",
    "export ",
    '"github.com/',
    "const ",
    "let ",
    "var ",
    "await ",
)
_IMPORTING_HEADS = frozenset(beginning[:2] for beginning in _IMPORTING)
_IMPORTS = re.compile(
    r"^[ \t]{0,12}(?:>>> )?(?:import|from)[ \t]{1,4}(?P<python>[A-Za-z_][\w.]{1,60}+)(?![\w.]*[ \t]*(?:\{|\"|'))"
    r"|^[ \t]{0,12}(?:import|export)\b[^\n\"']{0,120}[\"'](?P<node>[@\w][\w./@-]{1,80})[\"']"
    r"|\b(?:require|import)\([\"'](?P<required>[@\w][\w./@-]{1,80})[\"']\)"
    r"|^[ \t]{0,12}using[ \t](?P<dotnet>[A-Z][\w.]{2,80});"
    r"|^[ \t]{0,12}use[ \t](?P<use>[A-Za-z_][\w\\:]{2,80})[;\\:]"
    r"|^[ \t]{0,12}require[ \t][\"'](?P<ruby>[a-z][\w/-]{1,60})[\"']"
    r"|^[ \t]{0,12}\"(?P<go>github\.com/[\w./-]{3,100})\"",
    re.MULTILINE,
)
_COMMANDS = frozenset(
    "git docker podman kubectl helm aws az gcloud gsutil npm npx pnpm yarn pip twine poetry psql mysql "
    "mysqldump mongosh mongo "
    "redis-cli ssh scp sftp rsync ssh-copy-id curl wget http terraform vault gh glab heroku fly flyctl "
    "vercel netlify wrangler "
    "kinit ldapsearch smbclient sqlcmd sqlplus cargo gem composer mvn gradle dotnet nuget ansible "
    "ansible-playbook openssl "
    "claude codex gemini rclone s3cmd mc oc eksctl doctl aliyun tccli firebase supabase stripe snowsql "
    "bq cnpm skopeo crane buildah".split()
)
_PROMPTED = r"[ \t]{1,3}(?:sudo )?(?P<command>[a-z][\w-]{1,20}+)[ \t]+[\w-]"
_PROMPTS = {sign: re.compile(re.escape(sign) + _PROMPTED) for sign in "$#%>❯➜"}
_PROMPT = re.compile(rf"[^\n$#%>❯➜`]{{0,80}}+[$#%>❯➜]{_PROMPTED}")
# Without a prompt a first word is a command only before one of its own.
_TYPED = re.compile(
    r"(?:sudo )?(?P<command>git (?:push|pull|clone|fetch|ls-remote|submodule)|docker (?:login|push|pull"
    r"|build|run|compose)"
    r"|kubectl (?:get|apply|logs|auth|describe|exec)|npm (?:publish|install|login|i|ci|whoami|adduser)"
    r"|aws (?:s3|sts|ec2|configure|ecr|lambda|iam|eks|sso)|gcloud (?:auth|compute|projects|container)"
    r"|az (?:login|account|acr|ad|aks)"
    r"|twine upload|python -m twine|pip install|psql -|mysql -|ssh -|curl -|wrangler \w|terraform (?:init|plan|apply)"
    r"|gh (?:auth|pr|repo|api|run)|helm (?:install|repo|registry|pull|push))"
)
_TYPED_HEADS = frozenset(command[:2] for command in (*_COMMANDS, "python", "sudo"))
_SAID_BY = (  # how a command begins its own errors
    (("npm ERR!", "npm error"), "npm"),
    (
        (
            "remote: ",
            "fatal: Authentication failed",
            "fatal: unable to access",
            "fatal: could not read",
            "fatal: repository",
        ),
        "git",
    ),
    (("psql:", "psql ("), "psql"),
    (("curl: (",), "curl"),
    (("Error response from daemon", "docker: Error"), "docker"),
    (("Error from server", "error: You must be logged in to the server"), "kubectl"),
    (("kinit: ", "kinit("), "kinit"),
)
_SPOKEN_HEADS = frozenset(beginning[:2] for beginnings, _ in _SAID_BY for beginning in beginnings)
_COMMAND_HEADS = _TYPED_HEADS | _SPOKEN_HEADS
_SAID_ANYWHERE = (("Permission denied (publickey", "ssh"), ("NOAUTH Authentication", "redis"), ("WRONGPASS ", "redis"))

_QUOTED = {mark: re.compile(mark + "(?=[a-z]{2,9}+ )") for mark in '`"'}
_INSIDE = frozenset("./\\@-")
# Qualified names are found at their dots, in the text read backwards: there the first part follows its dot, and what
# stands before the dot is the beginning of the next part or the other half of `::`.
_FIRST_PARTS = frozenset(name.partition(".")[0][::-1] for name in PACKAGES)
_PART = re.compile(rf"[.\\:](?<=[A-Za-z_\\:].)([{''.join(sorted({name[0] for name in _FIRST_PARTS}))}]\w{{1,29}}+)")
_QUALIFIED = re.compile(r"[A-Za-z_]\w{1,30}+(?:(?:\.|\\{1,2}|::)[A-Za-z_]\w{1,50}+){1,10}+")
_SEPARATOR = re.compile(r"\.|\\{1,2}|::")
_STANDARD = frozenset(
    "os sys json re time datetime typing logging asyncio pathlib collections functools itertools io abc "
    "dataclasses subprocess traceback "
    "random string math urllib http socket ssl base64 hashlib hmac uuid threading unittest __future__ fs "
    "path util crypto https express "
    "react vue next dotenv System java javax the a this it that my your here there error where what them".split()
)


def libraries(text: str, lines: Sequence[str], exceptions: Sequence[str]) -> Iterator[Fact]:
    """Yield the libraries a decoded text shows; `exceptions` are the class names that were read off it."""
    return islice(_all(text, lines, exceptions), _MOST)


def _all(text: str, lines: Sequence[str], exceptions: Sequence[str]) -> Iterator[Fact]:
    for place, behind in _PATHS.items():
        known: dict[str, Fact] = {}  # traces go through one package many times
        at = text.find(place)
        while at >= 0:
            if match := behind.match(text, at + len(place)):
                path = match[0]
                if path not in known:
                    known[path] = Fact("library", _package(match), "path")
                yield known[path]
            at = text.find(place, match.end() if match else at + 1)
    requiring = "require(" in text
    for line in lines:
        stripped = line.lstrip(" \t>")
        if (stripped[:2] in _IMPORTING_HEADS and stripped.startswith(_IMPORTING)) or (requiring and "require(" in line):
            for match in _IMPORTS.finditer(line):
                yield from _imported(match)
    for name in exceptions:
        yield from _qualified(name)
    yield from _named(text)
    yield from _commands(text, lines)
    if "axios" in text or "Axios" in text:
        yield Fact("library", "axios", "name")


def _named(text: str) -> Iterator[Fact]:
    """Yield the packages of the qualified names that stand in running text."""
    backwards = text[::-1]
    if _FIRST_PARTS.isdisjoint(_PART.findall(backwards)):
        return
    starts = [len(text) - part.end() for part in _PART.finditer(backwards) if part[1] in _FIRST_PARTS]
    for start in reversed(starts):
        if (start == 0 or text[start - 1] not in _INSIDE) and (whole := _QUALIFIED.match(text, start)):
            yield from _qualified(whole[0])


def _package(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    name = match[kind].replace("\\\\", "/").replace("\\", "/")
    if kind != "python":
        return name
    first = name.partition("/")[0]
    return DIRECTORIES.get(name) or DIRECTORIES.get(first, first)


def _commands(text: str, lines: Sequence[str]) -> Iterator[Fact]:
    """Yield the commands that were typed, at a prompt or not, and those that speak."""
    prompts = _has_prompt(text)
    stripped = [line.lstrip() for line in lines]
    for line in stripped if prompts else [line for line in stripped if line[:2] in _COMMAND_HEADS]:
        prompt = _PROMPT.match(line) if prompts else None
        typed = prompt if prompt and prompt["command"] in _COMMANDS else _typed(line, 0)
        if typed:
            yield _command(typed)
        if line[:2] in _SPOKEN_HEADS:
            yield from (Fact("library", name, "command") for words, name in _SAID_BY if line.startswith(words))
    quotes = chain.from_iterable(quoted.finditer(text) for mark, quoted in _QUOTED.items() if mark in text)
    for at in sorted(quote.end() for quote in quotes):
        if quoted := _typed(text, at):
            yield _command(quoted)
    for words, name in _SAID_ANYWHERE:
        if words in text:
            yield Fact("library", name, "command")


def _has_prompt(text: str) -> bool:
    """Tell whether a command stands behind a prompt's sign anywhere in a text."""
    signs = [sign for sign in _PROMPTS if sign in text]
    return any(f"{sign} " in text for sign in signs) and any(
        not _COMMANDS.isdisjoint(_PROMPTS[sign].findall(text)) for sign in signs
    )


def _typed(text: str, at: int) -> re.Match[str] | None:
    return _TYPED.match(text, at) if text[at : at + 2] in _TYPED_HEADS else None


def _command(match: re.Match[str]) -> Fact:
    name = match["command"].partition(" ")[0]
    return Fact("library", "twine" if name == "python" else name, "command")


def _imported(match: re.Match[str]) -> Iterator[Fact]:
    kind = match.lastgroup or ""
    name = match[kind]
    if kind in ("node", "required"):
        parts = name.split("/")
        name = "/".join(parts[:2]) if name.startswith("@") else parts[0]
    elif kind == "python":
        known = list(_qualified(name + ".x"))
        if known:
            yield from known
            return
        name = name.partition(".")[0]
    if name and name not in _STANDARD:
        yield Fact("library", name, "import")


def _qualified(name: str) -> Iterator[Fact]:
    """Yield the packages a qualified class name belongs to, by its longest known first parts."""
    parts = _SEPARATOR.split(name, _MOST_PARTS)
    for count in range(len(parts) - 1, 0, -1):
        packages = PACKAGES.get(".".join(parts[:count]))
        if packages is not None:
            yield from (Fact("library", package, "name") for package in packages)
            return
