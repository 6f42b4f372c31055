"""Secrets in the places a command, a protocol or a file has for them, without a name: `curl -u`, .netrc, SMTP AUTH."""

from __future__ import annotations

import re

from bot.paste.redact.spans import Rank, Span
from bot.paste.redact.values import is_made_up, is_opaque, is_placeholder

_ARGUMENT = r"""(?:"(?P<{0}d>[^"\n]{{1,200}})"|'(?P<{0}s>[^'\n]{{1,200}})'|(?P<{0}p>[^\s"'\\;|&<>]{{1,200}}))"""
_LINE = r"[^\n|;&]{0,300}?"


def _place(words: str, pattern: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(words), re.compile(pattern)


def _flag(commands: str, flags: str, glued: str = r"[ =]{1,3}") -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return where the argument of `flags` of any of `commands` stands."""
    return _place(
        rf"(?<![\w-])(?:{commands})(?:\.exe)?[ \t]",
        rf"[ \t](?:{flags}){glued}" + _ARGUMENT.format("a"),
    )


# For each: what has to stand on the line, and where, from there to the line's end, the secret is.
_FLAGS = (
    _flag("sshpass", "-p", r" ?"),
    _flag("mysql|mysqldump|mysqladmin|mariadb|mysqlimport|mysqlcheck|mariadb-dump|mycli", "-p", r""),
    _flag("redis-cli|valkey-cli|keydb-cli", "-a|--pass"),
    _flag("docker login|podman login|helm registry login|nerdctl login|crane auth login|oc login|az login|cf login|skopeo login|buildah login|aws-vault|docker-compose login|mc alias set|influx|mongosh?|mongodump|mongorestore|mongoexport|mongoimport|az acr login|argocd login|harbor|rabbitmqadmin|mosquitto_(?:pub|sub)|sqlcl|ipmitool|net rpc|clickhouse-client|couchbase-cli|cbq|crackmapexec|duo|pscale", "-p|-P|--pw|-pw"),
    _flag("sqlcmd|bcp|isql|osql|tsql|mssql-cli|freebcp|ipmitool|mosquitto_(?:pub|sub)", "-P", r" ?"),
    _flag("ldapsearch|ldapadd|ldapmodify|ldapwhoami|ldappasswd|ldapdelete|nbtscan|iqn", "-w", r" ?"),
    _flag("plink|pscp|psftp|putty", "-pw"),
    _flag("htpasswd -[a-zA-Z]*b[a-zA-Z]*|htpasswd", "-b(?: \\S{1,100}){1,2}", r" "),
    _flag("openssl", "-(?:pass|passin|passout|k|passwd)", r" (?:pass:)?"),
    _flag("keytool|jarsigner", "-(?:storepass|keypass|srcstorepass|deststorepass)"),
    _flag("snmpwalk|snmpget|snmpset|snmpbulkwalk", "-(?:c|A|X)"),
    _flag("zip|unzip|7z|7za|rar|unrar|qpdf|pdftk", "-(?:P|p|hp)", r" ?"),
    _flag("cmdkey|net use|psexec|wmic|runas|xfreerdp|rdesktop", r"(?:/pass:|/p:|-p )", r""),
)
_USERS = _flag("curl|http|https|xh|wget|httpie|lwp-request|ab|lftp|smbclient|rpcclient|winexe|siege|nexec", "-u|--user|-a|--auth|--proxy-user|-U|-A|--userpwd|--oauth2-bearer", r"(?: ?=? ?)")
_FLAG = re.compile(r"[ \t](?:-[apuwPUAckXhb]|--(?:user|auth|pass|pw|proxy-user|oauth2)|/p)")
# One of these is on every line that _FLAGS and _USERS can match: a cheap first look.
_COMMANDS = (
    "sshpass", "mysql", "maria", "mycli", "-cli ", "docker", "podman", "helm", "oc login", "az login", "az acr", "cf login", "mongo", "sqlcmd",
    "bcp ", "isql", "osql", "ldap", "plink", "pscp", "psftp", "htpasswd", "openssl", "keytool", "jarsigner", "snmp", "zip -", "7z ", "cmdkey",
    "net use", "psexec", "rdp", "curl", "http -", "https -", "xh -", "wget", "ab -", "lftp", "smbclient", "rpcclient", "argocd", "influx",
    "mosquitto", "skopeo", "buildah", "nerdctl", "crane", "ipmitool", "mc alias", "rar ", "qpdf", "httpie", "clickhouse", "winexe", "siege",
)  # fmt: skip
_USER_SECRET = re.compile(r"[^\s:%,]{0,100}[:%,](?P<secret>[^\s]{1,200})\Z")

_PLACES = (
    # .netrc: machine HOST login USER password SECRET (the field `password SECRET` has no separator)
    (re.compile(r"\b(?:login|user)[ \t]+(?!or\b|and\b)\S{1,128}\s{1,8}password[ \t]+(?P<secret>\S{3,256})"), ("login ", "machine ", "default "), "password"),
    # .pgpass: host:port:database:user:SECRET
    (re.compile(r"^[\w.*-]{1,100}:(?:\d{2,5}|\*):[\w.*-]{1,63}:[\w.*@-]{1,63}:(?P<secret>\S{1,200})$", re.MULTILINE), (":543", ":643", ":*:", ":330"), "password"),
    # /etc/shadow and .htpasswd carry hashes: their shapes say so. DES crypt has none but its place.
    (re.compile(r":(?P<secret>[./0-9A-Za-z]{13}):\d{4,6}:\d{1,6}:\d{1,6}:"), (":::", ":7:"), "password-hash"),
    (re.compile(r"\bIDENTIFIED\s+(?:WITH\s+\S{1,40}\s+)?(?:BY|AS)\s+(?:PASSWORD\s+)?[\"'](?P<secret>[^\"'\n]{1,200})", re.IGNORECASE), ("dentified", "DENTIFIED"), "password"),
    (re.compile(r"\b(?:CREATE|ALTER)\s+USER\s+\S{1,64}\s+IDENTIFIED\s+BY\s+(?P<secret>[^\s\"';]{3,100})", re.IGNORECASE), ("dentified", "DENTIFIED"), "password"),
    (re.compile(r"(?:^[ \t]*|SET )(?:requirepass|masterauth|primaryauth)[ \t]+[\"']?(?P<secret>[^\s\"']{2,200})[\"']?[ \t]*$", re.MULTILINE | re.IGNORECASE), ("requirepass", "masterauth", "primaryauth"), "password"),
    # SMTP, IMAP, POP3, FTP and Redis sessions
    (re.compile(r"\bAUTH (?:PLAIN|LOGIN|XOAUTH2|CRAM-MD5|OAUTHBEARER|NTLM)[ \t]+(?P<secret>[A-Za-z0-9+/=]{8,2048})"), ("AUTH ",), "basic-credentials"),
    (re.compile(r"\bAUTH LOGIN\b[^\n]{0,40}\n(?:[^\n]{0,60}\n){0,4}?[^\n]{0,20}334 UGFzc3dvcmQ6[^\n]{0,10}\n(?:[^\n]{0,3}[CS]: ?|[<>] ?|-> ?)?(?P<secret>[A-Za-z0-9+/=]{4,200})"), ("UGFzc3dvcmQ6",), "password"),
    (re.compile(r"(?:^|[>:]\s?)\s*AUTH[ \t]+(?:\w{1,40}[ \t]+)?(?P<secret>[^\s\"']{6,200})\s*$", re.MULTILINE), ("AUTH ",), "password"),
    (re.compile(r"\b\w{1,8} LOGIN[ \t]+\"?[\w.@+-]{1,100}\"?[ \t]+\"?(?P<secret>[^\s\"]{2,200})"), (" LOGIN ",), "password"),
    (re.compile(r"(?:^|[>:]\s?)\s*PASS[ \t]+(?P<secret>[^\s<>:.]{4,100})\s*$", re.MULTILINE), ("PASS ",), "password"),
    (re.compile(r"\brabbitmqctl (?:add_user|change_password)[ \t]+\S{1,64}[ \t]+(?P<secret>[^\s\"']{2,128})"), ("rabbitmqctl",), "password"),
    (re.compile(r"\bnet user[ \t]+\S{1,64}[ \t]+(?P<secret>[^\s/\"'*]{2,128})"), ("net user",), "password"),
    (re.compile(r"\b(?:echo|printf)[ \t]+(?:-n[ \t]+)?[\"']?(?:[\w.-]{1,32}:)?(?P<secret>[^\s\"'|:]{2,200})[\"']?[ \t]*\|[^\n]{0,100}(?:-stdin\b|chpasswd|passwd\b|sudo -S|login\b)"), ("-stdin", "chpasswd", "sudo -S"), "password"),
    # A cookie jar (Netscape): domain, flag, path, secure, expiry, name, value
    (re.compile(r"^[\w#.-]{1,100}\t(?:TRUE|FALSE)\t\S{1,100}\t(?:TRUE|FALSE)\t\d{1,12}\t\S{1,100}\t(?P<secret>\S{1,4096})$", re.MULTILINE), ("\t",), "cookie"),
    (re.compile(r"\bcurl\b[^\n]{0,300}?[ \t](?:-b|--cookie)[ \t]+[\"']?[\w.-]{1,60}=(?P<secret>[^\s\"';]{2,400})"), ("curl",), "cookie"),
    (re.compile(r"\botpauth(?:-migration)?:\S{1,200}?[?&](?:secret|data)=(?P<secret>[A-Za-z0-9%+/=]{8,400})"), ("otpauth",), "otp-secret"),
    (re.compile(r"\bsnmp-server (?:community|user)[ \t]+(?P<secret>\S{3,64})"), ("snmp-server",), "password"),
    (re.compile(r"\b(?:secret|password|key-string|pre-shared-key)[ \t]+[0-9][ \t]+(?P<secret>[^\s\"']{4,200})"), (" 7 ", " 5 ", " 8 ", " 9 ", " 0 "), "password"),
    (re.compile(r"\bX-Amz-(?:Signature|Security-Token)(?:=|%3D)(?P<secret>[^\s&\"'<>]{16,4096})", re.IGNORECASE), ("mz-S", "MZ-S", "mz-s"), "signature"),
    (re.compile(r"\bX-Goog-Signature(?:=|%3D)(?P<secret>[^\s&\"'<>]{16,4096})", re.IGNORECASE), ("oog-S",), "signature"),
    (re.compile(r"\b(?:kubeadm join|--token|--discovery-token)[^\n]{0,80}?[ =](?P<secret>[a-z0-9]{6}\.[a-z0-9]{16})\b"), ("kubeadm", "--token", "discovery-token"), "token"),
    (re.compile(r"\bWIFI:[^\n]{0,120}P:(?P<secret>[^;\n]{4,100});"), ("WIFI:",), "password"),
    # OAuth 1.0 and signed requests outside a header
    (re.compile(r"\boauth_(?:signature|token|verifier)\\?[\"']?[=:]\s?\\?[\"']?(?P<secret>[\w%+/=.-]{6,400})"), ("oauth_",), "signature"),
    (re.compile(r"\b(?:Digest|digest)\b[^\n]{0,800}?\bresponse=\\?\"?(?P<secret>[0-9a-f]{16,128})"), ("response=",), "digest-response"),
)  # fmt: skip


def find_command_secrets(text: str) -> list[Span]:
    """Return the secrets that only their place in a command line, a session log or a file shows."""
    found: list[Span] = []
    if _is_command(text):
        at = 0
        for line in text.splitlines(keepends=True):
            if len(line) <= 4000 and _is_command(line):
                found += _on_line(line, at)
            at += len(line)
    for pattern, hints, kind in _PLACES:
        for hint in hints:
            if hint in text:
                found += _placed(text, pattern, kind)
                break
    return found


def _placed(text: str, pattern: re.Pattern[str], kind: str) -> list[Span]:
    return [
        Span(*match.span("secret"), kind, Rank.PLACE)
        for match in pattern.finditer(text)
        if not is_placeholder(match["secret"]) and not is_made_up(match["secret"])
    ]


def _is_command(text: str) -> bool:
    return _FLAG.search(text) is not None and any(command in text for command in _COMMANDS)


def _on_line(line: str, offset: int) -> list[Span]:
    found: list[Span] = []
    for words, argument in (*_FLAGS, _USERS):
        command = words.search(line)
        if command is None:
            continue
        for match in argument.finditer(line, command.end() - 1):
            group = next(name for name in ("ad", "as", "ap") if match[name] is not None)
            start, end = match.span(group)
            if argument is _USERS[1]:
                pair = _USER_SECRET.match(line, start, end)
                start = pair.start("secret") if pair else start
                if pair is None and not is_opaque(line[start:end], 12):
                    continue
            value = line[start:end]
            if not is_placeholder(value) and not is_made_up(value) and not value.startswith("-"):
                found.append(Span(offset + start, offset + end, "password", Rank.PLACE))
    return found
