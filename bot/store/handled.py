"""Which messages were taken on, so that each is answered exactly once, and how far each channel was read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection, bindparam, select, update

from bot.store.answers import NewAnswer, answer_row, put_answer
from bot.store.database import Database
from bot.store.models import Place
from bot.store.tables import answers, cursors, handled

# pending: claimed, the reply is on its way · sent · offered: a quiet reaction stands, nothing was said ·
# refused: beyond a limit, on purpose · failed: Discord would not take the reply
State = Literal["pending", "sent", "offered", "refused", "failed"]
MOST_CURSORS: Final = 5_000

# What stands in the way of every reply is made once.
_SENT: Final = (
    update(handled)
    .where(handled.c.message_id == bindparam("message"))
    .values(state="sent", reply_id=bindparam("reply"))
)
_STANDS: Final = update(answers).where(answers.c.id == bindparam("message")).values(reply_id=bindparam("reply"))


@dataclass(frozen=True, slots=True)
class Pending:
    """A message that was claimed and whose reply is not known to have been sent."""

    message: int
    channel: int
    guild: int | None
    tries: int
    seen_at: dt.datetime


class Handled:
    """The messages that were taken on. The message's id is the primary key: of any number of claims one wins."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._claim = (
            database.insert(handled)
            .on_conflict_do_update(
                index_elements=[handled.c.message_id], set_={"state": "pending"}, where=handled.c.state == "offered"
            )
            .returning(handled.c.message_id)
        )
        self._put_answer = put_answer(database)

    async def claim(self, place: Place, answer: NewAnswer | None, at: dt.datetime) -> bool:
        """Take a message on before its reply is sent; False where it already was. Committed when this returns.

        A message that was only `offered` may be claimed once more. `answer` gets its row in the same transaction.
        """
        if place.message is None or place.channel is None:
            raise ValueError("only a message in a channel can be claimed")
        row = self._row(place, "pending", at)

        def take(db: Connection) -> bool:
            if db.execute(self._claim, row).scalar_one_or_none() is None:
                return False
            if answer is not None:
                db.execute(self._put_answer, answer_row(self._database, answer))
            return True

        return await self._database.write_at_once(take)

    async def sent(self, message: int, reply: int) -> None:
        """Keep that the reply to a claimed message stands, and which it is; its answer, if it is one, knows it too."""

        def mark(db: Connection) -> None:
            db.execute(_SENT, {"message": message, "reply": reply})
            db.execute(_STANDS, {"message": message, "reply": reply})

        await self._database.write_at_once(mark)

    async def offer(self, place: Place, at: dt.datetime) -> bool:
        """Take a message on with a quiet reaction in place of words; False where it already was."""
        new = self._database.insert(handled).on_conflict_do_nothing().returning(handled.c.message_id)
        async with self._database.write() as db:
            made = await db.execute(new, self._row(place, "offered", at))
            return made.scalar_one_or_none() is not None

    async def offered(self, message: int) -> bool:
        """Return whether a quiet reaction of ours stands on a message that was not answered yet."""
        return await self.state(message) == "offered"

    async def state(self, message: int) -> State | None:
        """Return what became of a message; None where it was never taken on, or that was days ago."""
        async with self._database.read() as db:
            found: State | None = await db.scalar(select(handled.c.state).where(handled.c.message_id == message))
        return found

    async def reply_to(self, message: int) -> int | None:
        """Return the id of the bot's reply to a message, of whatever kind."""
        async with self._database.read() as db:
            found: int | None = await db.scalar(select(handled.c.reply_id).where(handled.c.message_id == message))
        return found

    async def known(self, messages: Iterable[int]) -> set[int]:
        """Return those of some messages that were taken on."""
        async with self._database.read() as db:
            rows = await db.execute(select(handled.c.message_id).where(handled.c.message_id.in_(list(messages))))
            return {row.message_id for row in rows}

    async def failed(self, message: int) -> None:
        """Keep that Discord would not take the reply (the message is gone, the right to write too): not tried again."""
        async with self._database.write() as db:
            await db.execute(update(handled).where(handled.c.message_id == message).values(state="failed"))

    async def refused(self, places: Iterable[tuple[Place, dt.datetime]]) -> None:
        """Keep messages that were not answered on purpose, many at once."""
        rows = [self._row(place, "refused", at) for place, at in places]
        if rows:
            async with self._database.write() as db:
                await db.execute(self._database.insert(handled).on_conflict_do_nothing(), rows)

    async def pending(self, before: dt.datetime) -> list[Pending]:
        """Return the messages claimed before a moment and not known to be answered, the oldest first, 500 at most."""
        query = (
            select(handled)
            .where(handled.c.state == "pending", handled.c.seen_at < before)
            .order_by(handled.c.message_id)
            .limit(500)
        )
        async with self._database.read() as db:
            rows = (await db.execute(query)).mappings().all()
        return [
            Pending(
                message=row["message_id"],
                channel=row["channel_id"],
                guild=row["guild_id"],
                tries=row["tries"],
                seen_at=row["seen_at"],
            )
            for row in rows
        ]

    async def tried(self, message: int) -> None:
        """Count one attempt to resume a pending message."""
        more = update(handled).where(handled.c.message_id == message).values(tries=handled.c.tries + 1)
        async with self._database.write() as db:
            await db.execute(more)

    async def keep_cursors(self, places: Mapping[int, tuple[int | None, int]], at: dt.datetime) -> None:
        """Keep how far channels were read: channel → (guild, message id), many at once."""
        if not places:
            return
        rows = [
            {"channel_id": channel, "guild_id": guild, "message_id": message, "at": at}
            for channel, (guild, message) in places.items()
        ]
        new = self._database.insert(cursors)
        changed = {"message_id": new.excluded.message_id, "at": new.excluded.at}
        async with self._database.write() as db:
            await db.execute(new.on_conflict_do_update(index_elements=[cursors.c.channel_id], set_=changed), rows)

    async def cursors(self, since: dt.datetime) -> dict[int, tuple[int | None, int]]:
        """Return how far channels were read that had something since a moment, as keep_cursors took it."""
        query = select(cursors).where(cursors.c.at >= since).order_by(cursors.c.at.desc()).limit(MOST_CURSORS)
        async with self._database.read() as db:
            rows = (await db.execute(query)).mappings().all()
        return {row["channel_id"]: (row["guild_id"], row["message_id"]) for row in rows}

    def _row(self, place: Place, state: State, at: dt.datetime) -> dict[str, Any]:
        return {
            "message_id": place.message,
            "guild_id": place.guild,
            "channel_id": place.channel,
            "person": self._database.hashed_or_none(place.person),
            "state": state,
            "seen_at": at,
        }
