"""Whether a database is sound: its pages and references, its schema, and whether its numbers agree with one another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

from sqlalchemy import exists, or_, select, text
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import opened
from bot.store.effects import STATUS
from bot.store.engine import Engine, parsed, there_is_one
from bot.store.errors import StoreBusy, StoreError
from bot.store.migrate import revision
from bot.store.tables import HEAD, decisions, queue
from bot.store.tally import weight

MOST_SHOWN: Final = 100  # faults of one kind
_CLOSING: Final = frozenset({*STATUS, "merge"})

# Each gives one row a fault; its columns fill the words beside it. A family is a case with those that are merged into
# it, also through others.
_QUERIES: Final = {
    "case {} of {}: counts {} people and {} sightings, of whom {} and {} are kept": """
WITH RECURSIVE family (scope, top, name) AS (
  SELECT scope, name, name FROM queue
  UNION
  SELECT queue.scope, family.top, queue.name
  FROM queue JOIN family ON queue.scope = family.scope AND queue.merged_into = family.name
)
SELECT queue.name, queue.scope, queue.people, queue.sightings, counted.people, counted.sightings
FROM queue JOIN (
  SELECT family.scope, family.top, count(DISTINCT queue_people.person) AS people,
         coalesce(sum(queue_people.sightings), 0) AS sightings
  FROM family LEFT JOIN queue_people ON queue_people.scope = family.scope AND queue_people.name = family.name
  GROUP BY family.scope, family.top
) AS counted ON counted.scope = queue.scope AND counted.top = queue.name
WHERE queue.people <> counted.people OR queue.sightings <> counted.sightings
""",
    "case {} of {}: {} sightings by person, {} by day": """
SELECT queue.name, queue.scope, coalesce(who.sightings, 0), coalesce(days.sightings, 0)
FROM queue
LEFT JOIN (SELECT scope, name, sum(sightings) AS sightings FROM queue_people GROUP BY scope, name) AS who
  ON who.scope = queue.scope AND who.name = queue.name
LEFT JOIN (SELECT scope, name, sum(sightings) AS sightings FROM queue_days GROUP BY scope, name) AS days
  ON days.scope = queue.scope AND days.name = queue.name
WHERE coalesce(who.sightings, 0) <> coalesce(days.sightings, 0)
""",
    "group {} in guild {}: {} samples are kept, {} were counted": """
SELECT groups.name, kept.guild_id, kept.sightings, coalesce(counted.sightings, 0)
FROM (
  SELECT group_id, guild_id, count(*) AS sightings FROM sightings WHERE guild_id IS NOT NULL GROUP BY group_id, guild_id
) AS kept
JOIN groups ON groups.id = kept.group_id
LEFT JOIN (
  SELECT queue.group_id, queue.scope, sum(queue_people.sightings) AS sightings
  FROM queue JOIN queue_people ON queue_people.scope = queue.scope AND queue_people.name = queue.name
  GROUP BY queue.group_id, queue.scope
) AS counted ON counted.group_id = kept.group_id AND counted.scope = 'guild:' || kept.guild_id
WHERE kept.sightings > coalesce(counted.sightings, 0)
""",
    "group {} in the shared queue: {} samples are kept, {} were counted": """
SELECT groups.name, kept.sightings, coalesce(counted.sightings, 0)
FROM (
  SELECT group_id, count(*) AS sightings FROM sightings
  WHERE guild_id IS NULL OR guild_id IN (SELECT guild_id FROM guilds WHERE shares = 1) GROUP BY group_id
) AS kept
JOIN groups ON groups.id = kept.group_id
LEFT JOIN (
  SELECT queue.group_id, sum(queue_people.sightings) AS sightings
  FROM queue JOIN queue_people ON queue_people.scope = queue.scope AND queue_people.name = queue.name
  WHERE queue.scope = 'shared' GROUP BY queue.group_id
) AS counted ON counted.group_id = kept.group_id
WHERE kept.sightings > coalesce(counted.sightings, 0)
""",
    "case {} of {}: is merged into {}, which there is not": """
SELECT queue.name, queue.scope, queue.merged_into
FROM queue LEFT JOIN queue AS above ON above.scope = queue.scope AND above.name = queue.merged_into
WHERE queue.merged_into IS NOT NULL AND above.name IS NULL
""",
}


async def faults(address: str) -> list[str]:
    """Return what is wrong with a database, a line each; nothing where it is sound. Changes nothing.

    Raises StoreError where there is none, or it cannot be opened at all.
    """
    url = parsed(address)
    there_is_one(url)
    engine = opened(address)
    try:
        async with engine.read() as db:
            schema = await db.run_sync(revision)
        if schema is None:
            return ["the database is empty: start the bot once to make its tables"]
        if schema != HEAD:
            return [f"the schema is {schema}, this version's is {HEAD}: start the bot once to bring it up"]
        return await _all(engine)
    finally:
        await engine.close()


async def _all(engine: Engine) -> list[str]:
    found: list[str] = []
    try:
        if engine.dialect == "sqlite":
            found += await _of_the_file(engine)
        async with engine.read() as db:
            for words, query in _QUERIES.items():
                rows = await db.execute(text(f"{query} LIMIT {MOST_SHOWN}"))
                found += [words.format(*row) for row in rows]
            found += [fault async for fault in _of_weights(db)]
            found += [fault async for fault in _of_decisions(db)]
    except StoreBusy:
        raise
    except StoreError as error:  # damaged pages end a query anywhere
        found.append(str(error))
    return found


async def _of_the_file(engine: Engine) -> list[str]:
    async with engine.read() as db:
        said = (await db.execute(text(f"PRAGMA integrity_check({MOST_SHOWN})"))).scalars().all()
        found = [f"the file is damaged: {each}" for each in said if each != "ok"]
        for table, row, parent, _ in await db.execute(text("PRAGMA foreign_key_check")):
            found.append(f"{table}, row {row}: refers to what is not in {parent}")
    try:
        # In the form of a write, which is how FTS5 is asked; it compares the index with the groups' words.
        async with engine.write() as db:
            await db.execute(text("INSERT INTO groups_fts (groups_fts, rank) VALUES ('integrity-check', 1)"))
    except StoreBusy:
        raise
    except StoreError:
        found.append(
            "the full-text index is not that of the groups; mend it with: INSERT INTO groups_fts (groups_fts) VALUES "
            "('rebuild')"
        )
    return found


async def _of_weights(db: AsyncConnection) -> AsyncIterator[str]:
    """Yield the cases that stand in the wrong place of the queue."""
    columns = (queue.c.scope, queue.c.name, queue.c.people, queue.c.last_seen, queue.c.weight)
    async with db.stream(select(*columns).where(queue.c.sightings > 0)) as rows:
        async for row in rows:
            if abs(row.weight - weight(row.people, row.last_seen)) > 1e-6:
                yield f"case {row.name} of {row.scope}: its weight is not that of its people and its last sighting"


async def _of_decisions(db: AsyncConnection) -> AsyncIterator[str]:
    """Yield the decisions that are in force and have not done what they say, and undos of nothing."""
    log = {row.id: row for row in await db.execute(select(decisions).order_by(decisions.c.id))}
    undone = {row.undoes for row in log.values() if row.undoes is not None}
    for number in undone - log.keys():
        yield f"decision {number} was undone, and there is none of that number"
    cases = {}
    decided = exists().where(decisions.c.scope == queue.c.scope, decisions.c.name == queue.c.name)
    wanted = select(queue).where(or_(decided, queue.c.decided_by.is_not(None), queue.c.split_of.is_not(None)))
    for row in await db.execute(wanted):
        cases[row.scope, row.name] = row
        if row.decided_by is not None and (row.decided_by not in log or row.decided_by in undone):
            yield f"case {row.name} of {row.scope}: rests on decision {row.decided_by}, which is not in force"
    newest = {(row.scope, row.name): row for row in log.values() if row.kind in _CLOSING and row.id not in undone}
    for row in log.values():
        case = cases.get((row.scope, row.name))
        # A case whose every person was forgotten is gone; one that is seen anew begins anew.
        if case is None or row.id in undone or case.first_seen > row.at:
            continue
        if row.kind == "split":
            if (row.scope, row.effects.get("part")) not in cases:
                yield f"decision {row.id}: the part of {row.name} that it made is not there"
        elif newest.get((row.scope, row.name)) is row and not _is_done(row, case):
            yield f"decision {row.id} ({row.kind}): {row.name} of {row.scope} is {case.status}"


def _is_done(decision: Row[Any], case: Row[Any]) -> bool:
    """Return whether a case is what the newest decision on it says, or what one on others and on it has made of it."""
    if case.decided_by is None or case.decided_by < decision.id:
        return False
    if case.decided_by > decision.id:  # another case's decision that answered this one too
        return True
    if decision.kind == "merge":
        return bool(case.status == "merged" and case.merged_into == decision.content.get("into"))
    wanted = STATUS[decision.kind]
    # What was answered is open again once it is seen again.
    return case.status == wanted or (wanted, case.status) == ("answered", "open")
