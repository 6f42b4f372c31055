"""What was answered and how it was taken: one row an answer, with all that its buttons need months later."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.engine import RowMapping

from bot.store.database import Database
from bot.store.models import Place
from bot.store.tables import answers, feedback

if TYPE_CHECKING:
    from bot.store.database import Insert

Kind = Literal["solved", "not_helped", "chose"]


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer that is about to be given. Holds nothing of the paste's text.

    `id` is the id of what it answers: the message, or the interaction. `place` is where it is given and to whom:
    `message` is the message replied to, None for a command's answer.
    """

    id: int
    decision: str  # answer | suggest | unmatched
    candidates: tuple[tuple[str, float], ...]  # entry id and confidence, best first
    lang: str
    place: Place
    sent_at: dt.datetime
    shown: str | None = None  # the entry that is shown, where it is an answer
    paste: int | None = None  # the message with the error, where that is another one than `place.message`
    provider: str | None = None  # the hint it was read with
    group: str | None = None  # the name under which an unmatched paste was kept
    secrets: tuple[tuple[str, str | None], ...] = ()  # kind and vendor of what was redacted
    facts: tuple[tuple[str, str], ...] = ()  # kind and value: status, grant, scheme; at most five
    private: bool = False  # only the person who asked can see it


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer that was given. `person` is a keyed hash (Answers.is_asker); `reply` is the bot's message."""

    id: int
    reply: int | None
    guild: int | None
    channel: int | None
    message: int | None
    paste: int | None
    person: str | None
    decision: str
    candidates: tuple[tuple[str, float], ...]
    shown: str | None
    provider: str | None
    lang: str
    group: str | None
    secrets: tuple[tuple[str, str | None], ...]
    facts: tuple[tuple[str, str], ...]
    private: bool
    sent_at: dt.datetime


class Answers:
    """The answers that were given, and what people said to them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._put = put_answer(database)

    async def add(self, answer: NewAnswer) -> None:
        """Keep an answer to an interaction, or put it in the place of the one with its id. (Messages: Handled.claim.)

        Of an answer that was already given the reply, the place, the person and the time stay.
        """
        async with self._database.write() as db:
            await db.execute(self._put, answer_row(self._database, answer))

    async def change(self, number: int, *, shown: str | None, lang: str) -> None:
        """Keep which entry an answer shows now, and in which language: a reading that was chosen."""
        async with self._database.write() as db:
            await db.execute(update(answers).where(answers.c.id == number).values(shown=shown, language=lang))

    def is_asker(self, answer: KeptAnswer, person: int) -> bool:
        """Return whether an answer was given to this person."""
        return answer.person == self._database.hashed(person)

    async def sent(self, number: int, reply: int) -> None:
        """Keep the id of the message that an answer became (a command's public answer)."""
        async with self._database.write() as db:
            await db.execute(update(answers).where(answers.c.id == number).values(reply_id=reply))

    async def get(self, number: int) -> KeptAnswer | None:
        """Return the answer a button names; None where it is not kept any more."""
        return await self._one(answers.c.id == number)

    async def by_reply(self, reply: int) -> KeptAnswer | None:
        """Return the answer that one of the bot's messages is."""
        return await self._one(answers.c.reply_id == reply)

    async def to(self, message: int) -> list[KeptAnswer]:
        """Return the answers about a message, or given to it, that stand as messages."""
        about = (answers.c.message_id == message) | (answers.c.paste_id == message)
        async with self._database.read() as db:
            rows = (await db.execute(select(answers).where(about, answers.c.reply_id.is_not(None)))).mappings().all()
        return [_kept(row) for row in rows]

    async def same_lately(
        self, person: int, entry: str, guild: int | None, channel: int, since: dt.datetime
    ) -> KeptAnswer | None:
        """Return the latest public answer with `entry` that a person got in this guild, or in this direct channel."""
        here = answers.c.guild_id == guild if guild is not None else answers.c.channel_id == channel
        query = (
            select(answers)
            .where(
                answers.c.person == self._database.hashed(person),
                answers.c.sent_at >= since,
                answers.c.shown == entry,
                answers.c.private == 0,
                answers.c.reply_id.is_not(None),
                here,
            )
            .order_by(answers.c.sent_at.desc())
            .limit(1)
        )
        async with self._database.read() as db:
            row = (await db.execute(query)).mappings().one_or_none()
        return _kept(row) if row is not None else None

    async def given_since(self, moment: dt.datetime) -> list[tuple[str, str, dt.datetime]]:
        """Return who was given which entry since a moment, the oldest first: the person as `person` hashes it."""
        query = (
            select(answers.c.person, answers.c.shown, answers.c.sent_at)
            .where(answers.c.sent_at >= moment, answers.c.shown.is_not(None), answers.c.person.is_not(None))
            .order_by(answers.c.sent_at)
        )
        async with self._database.read() as db:
            return [(row.person, row.shown, row.sent_at) for row in await db.execute(query)]

    def person(self, account: int) -> str:
        """Return what stands for an account in the rows."""
        return self._database.hashed(account)

    async def removed(self, number: int) -> None:
        """Forget an answer whose message is gone, and what was said to it."""
        async with self._database.write() as db:
            await db.execute(delete(answers).where(answers.c.id == number))

    async def rate(
        self,
        number: int,
        person: int,
        kind: Kind,
        at: dt.datetime,
        *,
        entry: str | None = None,
        note: str | None = None,
    ) -> bool:
        """Keep what a person said to an answer; return False where that answer is not kept any more.

        A person has one say of each kind, the last one counts, and «solved» and «not_helped» take each other back.
        `note` has to be redacted already.
        """
        who = self._database.hashed(person)
        values = {"entry": entry, "note": note, "at": at}
        async with self._database.write() as db:
            # Held, so that it is not removed, nor rated again by the same person, before this is done.
            if await db.scalar(select(answers.c.id).where(answers.c.id == number).with_for_update()) is None:
                return False
            if kind != "chose":
                other = "solved" if kind == "not_helped" else "not_helped"
                theirs = (feedback.c.answer_id == number) & (feedback.c.person == who) & (feedback.c.kind == other)
                await db.execute(delete(feedback).where(theirs))
            new = self._database.insert(feedback).values(answer_id=number, person=who, kind=kind, **values)
            key = [feedback.c.answer_id, feedback.c.person, feedback.c.kind]
            await db.execute(new.on_conflict_do_update(index_elements=key, set_=values))
        return True

    async def ratings(self, number: int) -> dict[str, int]:
        """Return how many said what to an answer: {"solved": 2}."""
        query = select(feedback.c.kind, func.count()).where(feedback.c.answer_id == number).group_by(feedback.c.kind)
        async with self._database.read() as db:
            return {row[0]: row[1] for row in await db.execute(query)}

    async def not_helped(self, message: int) -> bool:
        """Return whether an answer about a message, or with that id, is said not to have helped."""
        about = (answers.c.paste_id == message) | (answers.c.id == message)
        query = select(feedback.c.id).join(answers).where(about, feedback.c.kind == "not_helped").limit(1)
        async with self._database.read() as db:
            return await db.scalar(query) is not None

    async def _one(self, which: ColumnElement[bool]) -> KeptAnswer | None:
        async with self._database.read() as db:
            row = (await db.execute(select(answers).where(which))).mappings().one_or_none()
        return _kept(row) if row is not None else None


_SAID: Final = ("decision", "candidates", "shown", "provider", "language", "group_name", "secrets", "facts")


def put_answer(database: Database) -> Insert:
    """Return what inserts a row, or brings the row with its id up to date. It stands in the way of every reply."""
    new = database.insert(answers)
    return new.on_conflict_do_update(index_elements=[answers.c.id], set_={name: new.excluded[name] for name in _SAID})


def answer_row(database: Database, answer: NewAnswer) -> dict[str, Any]:
    """Return the values of put_answer."""
    place = answer.place
    return {
        "id": answer.id,
        "reply_id": None,
        "guild_id": place.guild,
        "channel_id": place.channel,
        "message_id": place.message,
        "paste_id": answer.paste or place.message,
        "person": database.hashed_or_none(place.person),
        "decision": answer.decision,
        "candidates": [list(candidate) for candidate in answer.candidates],
        "shown": answer.shown,
        "provider": answer.provider,
        "language": answer.lang,
        "group_name": answer.group,
        "secrets": [list(secret) for secret in answer.secrets],
        "facts": [list(fact) for fact in answer.facts],
        "private": int(answer.private),
        "sent_at": answer.sent_at,
    }


def _kept(row: RowMapping) -> KeptAnswer:
    return KeptAnswer(
        id=row["id"],
        reply=row["reply_id"],
        guild=row["guild_id"],
        channel=row["channel_id"],
        message=row["message_id"],
        paste=row["paste_id"],
        person=row["person"],
        decision=row["decision"],
        candidates=tuple((entry, confidence) for entry, confidence in row["candidates"]),
        shown=row["shown"],
        provider=row["provider"],
        lang=row["language"],
        group=row["group_name"],
        secrets=tuple((kind, vendor) for kind, vendor in row["secrets"]),
        facts=tuple((kind, value) for kind, value in row["facts"]),
        private=bool(row["private"]),
        sent_at=row["sent_at"],
    )
