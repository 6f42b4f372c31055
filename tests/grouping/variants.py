"""Variants of a paste: what differs from one occurrence of an error to the next, made by a seed.

A problem is a paste with slots: `‹uuid›`, `‹iso›`, `‹host›` … (the names of `SLOTS`); `‹user:1›` twice is one value twice.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
import string
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

HERE = Path(__file__).parent
_SLOT = re.compile(r"‹([a-z0-9]+)(?::(\w+))?›")
_HEADING = re.compile(r"(?m)^=== (\S+)\n")

_PEOPLE = (
    "alice bob carol dmitri erin farid grace hao ingrid jdoe kwame lena mikkel nadia oscar priya quinn rosa".split()
)
_FAMILY = "smith okafor nguyen garcia mueller kim ivanova santos weber tanaka rossi larsen".split()
_CJK = "张伟 王芳 李娜 刘洋 陈静 赵磊 黄敏 周杰 吴秀英 徐丽 山田太郎 佐藤花子".split()
_WORDS = (
    "orders billing catalog search media ledger profile cart mailer report ingest edge gateway payments users notify"
    " inventory reviews export scheduler audit pricing analytics".split()
)
_FIRMS = (
    "acme globex initech northwind hooli vandelay umbra tyrell stark wonka cyberdyne soylent bluebird redwood".split()
)
_ENDS = "com io net dev de cn co.uk app cloud org".split()
_REGIONS = (
    "us-east-1 us-west-2 eu-central-1 eu-west-3 ap-southeast-1 cn-hangzhou cn-north-4 ap-guangzhou sa-east-1".split()
)


def _digits(r: Random, count: int) -> str:
    return str(r.randint(1, 9)) + "".join(r.choices(string.digits, k=count - 1))


def _hex(r: Random, count: int) -> str:
    return "".join(r.choices("0123456789abcdef", k=count))


def _opaque(r: Random, count: int) -> str:
    return "".join(r.choices(string.ascii_letters + string.digits, k=count))


def _lower(r: Random, count: int) -> str:
    return "".join(r.choices("bcdfghjklmnpqrstvwxz2456789", k=count))


def _uuid(r: Random) -> str:
    return "-".join((_hex(r, 8), _hex(r, 4), "4" + _hex(r, 3), "a" + _hex(r, 3), _hex(r, 12)))


def _moment(r: Random) -> dt.datetime:
    return dt.datetime(2021, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=r.randrange(5 * 31_536_000 * 10**6))


def _time(form: str) -> Callable[[Random], str]:
    return lambda r: _moment(r).strftime(form)


def _iso(r: Random) -> str:
    at = _moment(r)
    return r.choice(
        [
            at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            at.strftime("%Y-%m-%dT%H:%M:%S.") + _digits(r, 3) + "Z",
            at.strftime("%Y-%m-%dT%H:%M:%S.%f") + "+00:00",
            at.strftime("%Y-%m-%dT%H:%M:%S+08:00"),
            at.strftime("%Y-%m-%d %H:%M:%S"),
        ]
    )


def _user(r: Random) -> str:
    one, family = r.choice(_PEOPLE), r.choice(_FAMILY)
    return r.choice(
        [
            one,
            f"{one}.{family}",
            f"{one[0]}{family}",
            f"{one}{r.randint(1, 99)}",
            f"svc_{r.choice(_WORDS)}",
            f"{one}-ci",
        ]
    )


def _fqdn(r: Random) -> str:
    first = r.choice([*_WORDS, "www", "auth", "sso", "db", "git", "id"])
    number = r.choice(["", str(r.randint(1, 40)), f"-{r.randint(1, 9)}", f"-{r.randint(1, 9):02}"])
    tail = r.choice(
        [
            f"{r.choice(_FIRMS)}.{r.choice(_ENDS)}",
            f"{r.choice(_FIRMS)}-{r.choice(_WORDS)}.{r.choice(_ENDS)}",
            "prod.internal",
            "corp.local",
            f"{r.choice(_REGIONS)}.compute.internal",
            "example.com",
            f"{r.choice(_WORDS)}.svc.cluster.local",
        ]
    )
    return f"{first}{number}.{tail}"


def _ip4(r: Random) -> str:
    return ".".join(str(r.randint(1, 250)) for _ in range(4))


def _ip6(r: Random) -> str:
    return r.choice(
        [
            ":".join(_hex(r, 4) for _ in range(8)),
            f"fe80::{_hex(r, 4)}:{_hex(r, 3)}",
            f"2001:db8:{_hex(r, 2)}::{_hex(r, 2)}",
        ]
    )


def _inner(r: Random) -> str:
    return f"{r.choice(_WORDS)}-{r.randint(1, 30):02}.prod.internal"


def _host(r: Random) -> str:
    return r.choice((_fqdn, _fqdn, _ip4, _inner))(r)


def _slug(r: Random) -> str:
    return r.choice(
        [
            f"{r.choice(_FIRMS)}-{r.choice(_WORDS)}",
            f"{r.choice(_WORDS)}_{r.choice(['prod', 'dev', 'v2'])}",
            r.choice(_WORDS),
        ]
    )


def _project(r: Random) -> str:
    return f"{r.choice(_FIRMS)}-{r.choice(_WORDS)}-{_digits(r, 6)}"


def _duration(r: Random) -> str:
    n = r.randint(1, 90)
    return r.choice(
        [
            f"{n}s",
            f"{n}ms",
            f"{n} seconds",
            "1 second",
            f"{n}m{r.randint(1, 59)}s",
            f"{n}.{r.randint(1, 9)}s",
            f"{n} min",
        ]
    )


def _upath(r: Random) -> str:
    folder = r.choice(
        ["/srv", "/home/" + r.choice(_PEOPLE), "/opt/app", "/usr/src/app", "/var/lib/" + r.choice(_WORDS)]
    )
    return f"{folder}/{r.choice(_WORDS)}/{r.choice(_WORDS)}{r.choice(['', str(r.randint(1, 9))])}"


def _wpath(r: Random) -> str:
    return rf"C:\{r.choice(['Users', 'work', 'inetpub'])}\{r.choice(_PEOPLE)}\{r.choice(_WORDS)}"


def _jwt(r: Random) -> str:
    def part(data: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")

    return f"{part({'alg': 'RS256', 'kid': _hex(r, 6)})}.{part({'sub': _user(r), 'exp': r.randrange(10**9)})}.{_opaque(r, 43)}"


def _url(r: Random) -> str:
    tail = r.choice(
        ["callback", "auth/callback", "oauth2/code/" + r.choice(_WORDS), f"api/v1/{r.choice(_WORDS)}/{_digits(r, 4)}"]
    )
    return r.choice([f"https://{_fqdn(r)}/{tail}", f"http://localhost:{r.randint(1025, 9999)}/{tail}"])


SLOTS: Final[dict[str, Callable[[Random], str]]] = {
    "uuid": lambda r: r.choice([_uuid(r), _uuid(r), _uuid(r).upper()]),
    "hex": lambda r: r.choice([_hex(r, 8), _hex(r, 16), _hex(r, 24)]),
    "hex32": lambda r: r.choice([_hex(r, 32), _hex(r, 32).upper()]),
    "sha": lambda r: _hex(r, r.choice([40, 64])),
    "addr": lambda r: "0x" + r.choice([_hex(r, 12), _hex(r, 16)]),
    "opaque": lambda r: _opaque(r, r.randint(14, 26)),
    "short": lambda r: _opaque(r, r.randint(5, 9)),
    "req": lambda r: r.choice(["req_", "req-", ""]) + _opaque(r, 20),
    "b64": lambda r: base64.b64encode(_opaque(r, 24).encode()).decode(),
    "jwt": _jwt,
    "token": lambda r: _opaque(r, 40),
    "iso": _iso,
    "isoms": lambda r: _moment(r).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
    "log4j": lambda r: _moment(r).strftime("%Y-%m-%d %H:%M:%S,%f")[:-3],
    "rfc2822": _time("%a, %d %b %Y %H:%M:%S GMT"),
    "syslog": lambda r: _moment(r).strftime("%b %e %H:%M:%S"),
    "go": _time("%Y/%m/%d %H:%M:%S"),
    "asctime": _time("%a %b %d %H:%M:%S %Y"),
    "apache": _time("%d/%b/%Y:%H:%M:%S +0000"),
    "clock": _time("%H:%M:%S"),
    "date": _time("%Y-%m-%d"),
    "cntime": lambda r: r.choice([_moment(r).strftime("%Y年%m月%d日 %H:%M"), _moment(r).strftime("%Y-%m-%d %H:%M:%S")]),
    "klog": lambda r: _moment(r).strftime("E%m%d %H:%M:%S.%f") + f" {r.randint(1, 99999):7}",
    "epoch": lambda r: str(int(_moment(r).timestamp())),
    "epochms": lambda r: str(int(_moment(r).timestamp() * 1000)),
    "dur": _duration,
    "ms": lambda r: str(r.randint(1, 30_000)),
    "n": lambda r: str(r.choice([r.randint(1, 9), r.randint(10, 399), r.randint(1000, 99_999)])),
    "line": lambda r: str(r.randint(1, 2400)),
    "size": lambda r: str(r.randint(20, 65_000)),
    "port": lambda r: str(r.choice([443, 5432, 3306, 8080, 8443, r.randint(1025, 65_000)])),
    "pid": lambda r: str(r.randint(2, 70_000)),
    "thread": lambda r: r.choice([f"http-nio-{r.randint(80, 9000)}-exec-{r.randint(1, 99)}", f"pool-{r.randint(1, 9)}-thread-{r.randint(1, 32)}", "main", f"worker-{r.randint(1, 9)}"]),
    "ip4": _ip4,
    "ip6": _ip6,
    "ip": lambda r: r.choice([_ip4, _ip4, _ip6])(r),
    "host": _host,
    "fqdn": _fqdn,
    "label": lambda r: f"{r.choice(_WORDS)}-{r.choice(['', 'a', 'prod-'])}{r.randint(1, 60)}",
    "sub": lambda r: r.choice([f"{r.choice(_FIRMS)}", f"dev-{_digits(r, 6)}", f"{r.choice(_FIRMS)}-{r.randint(1, 9)}"]),
    "region": lambda r: r.choice(_REGIONS),
    "account": lambda r: _digits(r, 12),
    "num": lambda r: _digits(r, r.choice([6, 7, 8, 9])),
    "appid": lambda r: "wx" + _hex(r, 16),
    "cnid": lambda r: "20" + _digits(r, 14),
    "project": _project,
    "clientid": lambda r: r.choice([_opaque(r, 32), _uuid(r), f"{r.choice(_FIRMS)}-web"]),
    "email": lambda r: f"{_user(r)}@{r.choice(_FIRMS)}.{r.choice(_ENDS)}",
    "user": _user,
    "person": lambda r: f"{r.choice(_PEOPLE).title()} {r.choice(_FAMILY).title()}",
    "cjk": lambda r: r.choice(_CJK),
    "db": _slug,
    "slug": _slug,
    "upath": _upath,
    "wpath": _wpath,
    "ver": lambda r: f"{r.randint(0, 20)}.{r.randint(0, 40)}.{r.randint(0, 20)}",
    "url": _url,
    "container": lambda r: r.choice([_hex(r, 12), f"{r.choice(_WORDS)}-{r.randint(1, 9)}"]),
    "pod": lambda r: f"{r.choice(_WORDS)}-{_lower(r, 9)}-{_lower(r, 5)}",
    "ns": lambda r: r.choice([r.choice(_WORDS), f"team-{r.choice(_WORDS)}", f"{r.choice(_WORDS)}-prod"]),
    "arn": lambda r: f"arn:aws:iam::{_digits(r, 12)}:{r.choice(['user', 'role'])}/{r.choice([_user(r), r.choice(_WORDS) + '-role'])}",
    "amz": lambda r: r.choice([_uuid(r), _hex(r, 16).upper()]),
    "phone": lambda r: "1" + _digits(r, 10),
    "bucket": lambda r: f"{r.choice(_FIRMS)}-{r.choice(_WORDS)}-{r.choice(['logs', 'media', 'backup'])}",
    "repo": lambda r: f"{r.choice(_FIRMS)}/{r.choice(_WORDS)}-{r.choice(['api', 'web', 'infra'])}",
    "image": lambda r: f"{r.choice(_FIRMS)}/{r.choice(_WORDS)}:{r.randint(0, 9)}.{r.randint(0, 30)}",
}  # fmt: skip

LOG_PREFIXES: Final = (
    "‹iso› ERROR ",
    "‹log4j› [‹thread›] ERROR c.e.Auth - ",
    "[‹iso›] [error] ",
    "‹syslog› web-‹pid› app[‹pid›]: ",
    "‹go› ",
    "web-‹port›  | ",
    "ERROR: ",
)


def problems() -> dict[str, str]:
    """Return the problems of problems.txt: name to paste with slots. Many differ from their neighbour in a code only."""
    parts = _HEADING.split((HERE / "problems.txt").read_text(encoding="utf-8"))
    return {title: text.strip("\n") for title, text in zip(parts[1::2], parts[2::2], strict=True)}


def variants(problem: str, seed: str, count: int = 8) -> Iterator[str]:
    """Yield `count` occurrences of one problem: ids, times, hosts, names and numbers changed, nothing else."""
    for n in range(count):
        yield filled(problem, Random(f"{seed}/{n}"))


def filled(problem: str, random: Random) -> str:
    """Return a problem with a value in each slot."""
    known: dict[str, str] = {}

    def value(found: re.Match[str]) -> str:
        kind, number = found.groups()
        if number is None:
            return SLOTS[kind](random)
        return known.setdefault(found[0], SLOTS[kind](random))

    return _SLOT.sub(value, problem)


def reshaped(text: str, random: Random) -> str:
    """Return the same error as it looks elsewhere: JSON in another order and layout, in a log line, in other quotes."""
    changes = [_other_json, _logged, _upper_hex, _punctuated]
    return random.choice(changes)(text, random)


def _objects(text: str) -> Iterator[tuple[int, int, Any]]:
    decoder = json.JSONDecoder()
    at = 0
    while (at := text.find("{", at)) >= 0:
        try:
            data, end = decoder.raw_decode(text, at)
        except ValueError:
            at += 1
            continue
        yield at, end, data
        at = end


def _shuffled(data: Any, random: Random) -> Any:
    if isinstance(data, dict):
        pairs = [(key, _shuffled(value, random)) for key, value in data.items()]
        random.shuffle(pairs)
        return dict(pairs)
    return [_shuffled(each, random) for each in data] if isinstance(data, list) else data


def _other_json(text: str, random: Random) -> str:
    parts, at = [], 0
    for start, end, data in _objects(text):
        indent, separators = random.choice([(None, None), (2, None), (4, None), (None, (",", ":"))])
        ascii_only = random.random() < 0.3
        layout = json.dumps(_shuffled(data, random), indent=indent, separators=separators, ensure_ascii=ascii_only)
        parts += [text[at:start], layout]
        at = end
    return "".join(parts) + text[at:]


def _logged(text: str, random: Random) -> str:
    if "\n" in text or re.match(r"[<\[]?(?:\d|\w{3} +\d|E\d{4} )", text):
        return text
    return filled(random.choice(LOG_PREFIXES), random) + text


def _upper_hex(text: str, random: Random) -> str:
    return re.sub(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", lambda found: found[0].upper(), text)


def _punctuated(text: str, random: Random) -> str:
    return random.choice(
        [text + ".", text + "\n", "```\n" + text + "\n```", "> " + text.replace("\n", "\n> "), text.rstrip(".")]
    )
