"""How much the knowledge covers: the table of `authbot kb stats` and of the README."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.knowledge.models import Entry, KnowledgeFile

# The providers that people ask about, by the room they are looked for in. A provider that stands nowhere is "other".
GROUPS: dict[str, tuple[str, ...]] = {
    name: tuple(ids.split())
    for name, ids in {
        "standards": "oauth2 oidc jwt http saml",
        "identity": "entra-id google-oauth okta auth0 keycloak cognito firebase supabase apple-signin authjs "
        "spring-security",
        "llm": "openai azure-openai anthropic gemini deepseek dashscope zhipu moonshot new-api openrouter huggingface "
        "mistral groq",
        "cloud": "aws gcp azure aliyun tencent-cloud huawei-cloud cloudflare",
        "dev": "github gitlab bitbucket git-ssh docker-registry npm pypi kubernetes atlassian sentry vault terraform",
        "saas": "pinterest tapkey x-twitter meta linkedin reddit tiktok youtube spotify twitch discord slack telegram "
        "zoom shopify stripe paypal square salesforce hubspot notion dropbox microsoft-graph amazon-sp-api twilio "
        "sendgrid strava",
        "china": "wechat wecom wechat-pay alipay taobao jd pinduoduo eleme meituan douyin feishu dingtalk weibo baidu "
        "bilibili",
        "infra": "postgres mysql mongodb redis smtp ldap kerberos elasticsearch kafka rabbitmq s3",
    }.items()
}
OTHER = "other"

BEGIN, END = "<!-- authbot kb stats --readme writes this -->", "<!-- until here -->"
_BETWEEN = re.compile(f"{re.escape(BEGIN)}\n.*?{re.escape(END)}", re.DOTALL)
_HEADS = ("group", "providers", "entries", "fixes", "messages", "codes", "examples", "sources", "oldest check")


class ReadmeError(ValueError):
    """The README has no place for the table."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one group of providers holds. `fixes` counts entries whose steps are the same once."""

    group: str
    written: int
    wanted: int
    entries: int
    fixes: int
    messages: int
    codes: int
    examples: int
    sources: int  # different addresses
    oldest: dt.date | None


def group_of(provider: str) -> str:
    """Return the group of a provider's id."""
    return next((group for group, ids in GROUPS.items() if provider in ids), OTHER)


def coverage(files: Sequence[KnowledgeFile]) -> list[Coverage]:
    """Return one row a group, in the order of GROUPS, and the total."""
    rows = []
    for group in (*GROUPS, OTHER):
        own = [file for file in files if group_of(file.provider.id) == group]
        wanted = GROUPS.get(group, ())
        if own or wanted:
            rows.append(_row(group, own, len(wanted) or len(own)))
    return [*rows, _row("all", files, sum(row.wanted for row in rows))]


def missing(files: Sequence[KnowledgeFile]) -> list[str]:
    """Return the ids of the providers that have no file yet, in the order of GROUPS."""
    written = {file.provider.id for file in files}
    return [provider for ids in GROUPS.values() for provider in ids if provider not in written]


def table(rows: Sequence[Coverage]) -> str:
    """Return the rows as a Markdown table without a closing newline; the last one, the total, is bold."""
    lines = ["| " + " | ".join(_HEADS) + " |", "|---|" + "---:|" * (len(_HEADS) - 1)]
    for row in rows:
        providers = str(row.written) if row.written == row.wanted else f"{row.written} of {row.wanted}"
        counts = (row.entries, row.fixes, row.messages, row.codes, row.examples, row.sources)
        cells = [row.group, providers, *(f"{count:,}" for count in counts), str(row.oldest or "–")]
        if row is rows[-1]:
            cells = [f"**{cell}**" for cell in cells]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def into_readme(readme: str, table_text: str) -> str:
    """Return the README with the table between its two markers. Raises ReadmeError where they are not there."""
    if not _BETWEEN.search(readme):
        raise ReadmeError(
            f"README.md: has no place for the table; put these two lines where it shall stand: {BEGIN} {END}"
        )
    return _BETWEEN.sub(lambda _: f"{BEGIN}\n\n{table_text}\n\n{END}", readme, count=1)


def _row(group: str, files: Sequence[KnowledgeFile], wanted: int) -> Coverage:
    entries = [entry for file in files for entry in file.entries]
    return Coverage(
        group=group,
        written=len(files),
        wanted=wanted,
        entries=len(entries),
        fixes=len({_fix(entry) for entry in entries}),
        messages=sum(len(entry.messages) for entry in entries),
        codes=sum(len(entry.codes) for entry in entries),
        examples=sum(len(entry.examples) for entry in entries),
        sources=len({url for entry in entries for url in entry.sources}),
        oldest=min((entry.verified for entry in entries), default=None),
    )


def _fix(entry: Entry) -> str:
    return "|".join(_bare(step for cause in entry.causes for step in cause.fix["en"]))


def _bare(steps: Iterable[str]) -> list[str]:
    """Return the steps by their letters and digits: punctuation and case make no other fix of it."""
    return ["".join(filter(str.isalnum, step.lower())) for step in steps]
