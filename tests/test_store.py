"""What the store keeps, gives back, and forgets; on a real SQLite file and a real PostgreSQL."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.scopes import of_guild
from bot.store.store import Fingerprint, Place, Sighting, Store, StoreBusy, StoreError
from bot.store.tables import metadata
from tests.databases import rows

NOON = dt.datetime(2025, 5, 27, 12, tzinfo=dt.UTC)
NOWHERE = Place(guild=None, channel=None, message=None, person=None)
GUILD, CHANNEL, ALICE, BOB = 1_100_000_000_000_000_001, 22, 1_300_000_000_000_000_003, 44


def sighting(
    text: str = "zorp says no",
    *,
    problem: str = "a1",
    person: int | None = None,
    message: int | None = None,
    guild: int | None = None,
    language: str = "en",
    seen_at: dt.datetime = NOON,
) -> Sighting:
    return Sighting(
        fingerprint=Fingerprint(problem * 16, 1, f"template of {problem}"),
        lines=(text, "second line"),
        language=language,
        candidates=(("oauth2/invalid-grant", 0.41), ("jwt/expired", 0.2)),
        mode="listen",
        seen_at=seen_at,
        place=Place(guild=guild, channel=CHANNEL if message else None, message=message, person=person),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made" / "here" / "authbot.sqlite3"


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(database_url)
    yield opened
    await opened.close()


async def test_a_sighting_comes_back_as_it_went_in(store: Store) -> None:
    kept = sighting(person=ALICE, message=5)
    name = await store.record(kept)
    assert name == "g1-a1a1a1a1a1a1"

    detail = await store.group(name)

    assert detail is not None
    assert (detail.summary.template, detail.summary.status) == ("template of a1", "open")
    [seen] = detail.sightings
    assert (seen.lines, seen.language, seen.candidates, seen.mode) == (kept.lines, "en", kept.candidates, "listen")
    assert (seen.seen_at, seen.seen_at.tzinfo) == (NOON, dt.UTC)


async def test_like_pastes_share_a_group_and_others_do_not(store: Store) -> None:
    first, again, other = [await store.record(sighting(problem=problem)) for problem in ("a1", "a1", "b2")]
    assert first == again != other
    assert sorted(group.sightings for group in await store.unmatched()) == [1, 2]


async def test_groups_are_ordered_by_people_then_by_time(store: Store) -> None:
    for _ in range(5):  # one person's loop is one person
        await store.record(sighting(problem="aa", person=ALICE, seen_at=NOON))
    for person in (ALICE, BOB):
        await store.record(sighting(problem="bb", person=person, seen_at=NOON - dt.timedelta(days=3)))
    await store.record(sighting(problem="cc", person=BOB, seen_at=NOON + dt.timedelta(hours=1)))

    found = await store.unmatched()

    assert [(group.name[3:5], group.people, group.sightings) for group in found] == [
        ("bb", 2, 2),
        ("cc", 1, 1),
        ("aa", 1, 5),
    ]
    assert [group.name[3:5] for group in await store.unmatched(limit=2)] == ["bb", "cc"]


async def test_all_who_are_unknown_count_as_one_person(store: Store) -> None:
    for person in (None, None, ALICE):
        await store.record(sighting(person=person))
    [group] = await store.unmatched()
    assert (group.people, group.sightings) == (2, 3)


async def test_first_and_last_seen_hold_whatever_the_order(store: Store) -> None:
    for hours in (2, 0, 5, 3):
        await store.record(sighting(seen_at=NOON + dt.timedelta(hours=hours), language="zh" if hours else "en"))
    [group] = await store.unmatched()
    assert (group.first_seen, group.last_seen) == (NOON, NOON + dt.timedelta(hours=5))
    assert group.languages == ("en", "zh")


async def test_any_time_zone_is_kept_as_utc(store: Store) -> None:
    await store.record(sighting(seen_at=NOON.astimezone(dt.timezone(dt.timedelta(hours=8)))))
    [group] = await store.unmatched()
    assert (group.first_seen, group.first_seen.utcoffset()) == (NOON, dt.timedelta(0))


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        sighting(seen_at=NOON.replace(tzinfo=None))


async def test_the_same_message_twice_changes_nothing(store: Store) -> None:
    name = await store.record(sighting("first", message=5))
    later = NOON + dt.timedelta(hours=1)
    assert await store.record(sighting("edited", problem="b2", message=5, seen_at=later)) == name
    [group] = await store.unmatched()
    assert (group.name, group.sightings, group.last_seen) == (name, 1, NOON)


async def test_the_same_message_at_once_is_kept_once(store: Store) -> None:
    names = await asyncio.gather(*(store.record(sighting(message=5)) for _ in range(20)))
    assert set(names) == {"g1-a1a1a1a1a1a1"}
    [group] = await store.unmatched()
    assert group.sightings == 1


async def test_a_group_shows_its_latest_fifty(store: Store) -> None:
    for minute in range(53):
        await store.record(sighting(f"number {minute}", seen_at=NOON + dt.timedelta(minutes=minute)))
    detail = await store.group("g1-a1a1a1a1a1a1")
    assert detail is not None
    assert detail.summary.sightings == 53
    assert [seen.lines[0] for seen in detail.sightings] == [f"number {minute}" for minute in range(52, 2, -1)]


async def test_an_unknown_group_is_none(store: Store) -> None:
    assert await store.group("g1-000000000000") is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("half a pair \ud800 of surrogates", id="surrogate"),
        pytest.param("a nul \0 in it", id="nul"),
        pytest.param("令牌无效 🔑 \u202e", id="any script"),
        pytest.param("'; DROP TABLE groups; --", id="SQL"),
        pytest.param("", id="nothing"),
    ],
)
async def test_any_text_can_be_kept(store: Store, text: str) -> None:
    detail = await store.group(await store.record(sighting(text)))
    assert detail is not None
    assert detail.sightings[0].lines == (text.replace("\ud800", "?").replace("\0", ""), "second line")


async def test_a_sample_is_cut(store: Store) -> None:
    detail = await store.group(await store.record(sighting("x" * 1_000_000)))
    assert detail is not None
    assert sum(map(len, detail.sightings[0].lines)) <= 16_384


async def test_people_are_kept_as_keyed_hashes_only(store: Store, database_url: str) -> None:
    await store.record(sighting(person=ALICE, message=5, guild=GUILD))
    await store.record(sighting(person=ALICE, message=6, guild=GUILD))
    await store.record(sighting(person=BOB, message=7, guild=GUILD))
    hashes = [person for (person,) in rows(database_url, "SELECT person FROM sightings ORDER BY id")]
    assert hashes[0] == hashes[1] != hashes[2]
    assert all(isinstance(person, str) and len(person) == 64 for person in hashes)
    dump = [rows(database_url, f"SELECT * FROM {table.name}") for table in metadata.sorted_tables]  # noqa: S608 (our own tables)
    assert str(GUILD) in str(dump)
    assert str(ALICE) not in str(dump)


async def test_each_installation_has_a_key_of_its_own_and_keeps_it(tmp_path: Path) -> None:
    hashes = []
    for name in ("one", "one", "two"):
        store = await Store.open(str(tmp_path / name))
        await store.record(sighting(person=ALICE))
        await store.close()
        hashes.append(rows(str(tmp_path / name), "SELECT person FROM sightings ORDER BY id DESC LIMIT 1"))
    assert hashes[0] == hashes[1] != hashes[2]


async def test_a_key_that_is_given_is_used_and_not_kept(tmp_path: Path) -> None:
    hashes = []
    for name in ("one", "two"):
        store = await Store.open(str(tmp_path / name), key=b"k" * 32)
        await store.record(sighting(person=ALICE))
        await store.close()
        hashes.append(rows(str(tmp_path / name), "SELECT person FROM sightings"))
        assert rows(str(tmp_path / name), "SELECT * FROM meta") == []
    assert hashes[0] == hashes[1]


class TestForgetting:
    async def test_a_person_is_forgotten_everywhere(self, store: Store) -> None:
        for guild, message in ((GUILD, 1), (GUILD + 1, 2), (None, 3)):
            await store.record(sighting(person=ALICE, guild=guild, message=message))
        await store.record(sighting(person=BOB, guild=GUILD, message=4))
        assert await store.forget(ALICE) == 3
        assert await store.unmatched() == []
        assert await store.queue.top(of_guild(GUILD + 1)) == []
        [group] = await store.queue.top(of_guild(GUILD))
        assert (group.sightings, group.people) == (1, 1)

    async def test_in_one_guild_only(self, store: Store) -> None:
        for guild, message in ((GUILD, 1), (GUILD + 1, 2), (None, 3)):
            await store.record(sighting(person=ALICE, guild=guild, message=message))
        assert await store.forget(ALICE, GUILD) == 1
        assert await store.queue.top(of_guild(GUILD)) == []
        [group], [other] = await store.unmatched(), await store.queue.top(of_guild(GUILD + 1))
        assert (group.sightings, other.sightings) == (1, 1)

    async def test_what_was_that_persons_alone_goes_with_its_template(self, store: Store, database_url: str) -> None:
        await store.record(sighting(person=ALICE, problem="aa"))
        await store.record(sighting(person=BOB, problem="bb"))
        await store.forget(ALICE)
        assert rows(database_url, "SELECT template FROM groups") == [("template of bb",)]

    async def test_nobody_else_is_touched(self, store: Store) -> None:
        await store.record(sighting(person=BOB))
        await store.record(sighting(person=None))
        assert await store.forget(ALICE) == 0
        [group] = await store.unmatched()
        assert group.sightings == 2


async def test_nothing_is_lost_when_the_store_is_opened_again(path: Path) -> None:
    for address in (str(path), f"sqlite:///{path}", f"sqlite+aiosqlite:///{path}"):
        store = await Store.open(address)
        await store.record(sighting())
        await store.close()
    store = await Store.open(str(path))
    [group] = await store.unmatched()
    await store.close()
    assert group.sightings == 3


async def test_the_file_is_set_up_to_lose_nothing(path: Path) -> None:
    store = await Store.open(str(path))
    assert rows(str(path), "PRAGMA journal_mode") == [("wal",)]
    async with store.database.read() as db:
        settings = [(await db.exec_driver_sql(f"PRAGMA {name}")).scalar() for name in ("synchronous", "foreign_keys")]
    await store.close()
    assert settings == [2, 1]  # FULL, on


class TestErrors:
    """Each says in one sentence which file, what is wrong and what to do."""

    @pytest.mark.parametrize(
        ("address", "says"),
        [
            pytest.param("mysql://me:hunter2@db/x", "only SQLite", id="another database"),
            pytest.param("sqlite://", "name a file", id="in memory"),
            pytest.param(":memory:", "name a file", id="in memory, as a path"),
            pytest.param("sqlite+:///x", "only SQLite", id="a broken URL"),
            pytest.param("/dev/null/x/authbot.sqlite3", "its folder cannot be made", id="a folder below a file"),
            pytest.param("{tmp}", "cannot be opened", id="a folder"),
            pytest.param("{tmp}/text", "not an SQLite database", id="a text file"),
            pytest.param("{tmp}/other.sqlite3", "tables of another program", id="another program's database"),
            pytest.param("sqlite:///file:{tmp}/empty?mode=ro&uri=true", "cannot be written", id="read-only"),
        ],
    )
    async def test_what_cannot_be_opened(self, tmp_path: Path, address: str, says: str) -> None:
        (tmp_path / "text").write_text("certainly no database, " * 100)
        with sqlite3.connect(tmp_path / "other.sqlite3") as db:
            db.execute("CREATE TABLE groups (id INTEGER)")
        (tmp_path / "empty").touch()
        with pytest.raises(StoreError) as caught:
            await Store.open(address.format(tmp=tmp_path))
        assert says in str(caught.value)
        assert "\n" not in str(caught.value)
        assert "hunter2" not in str(caught.value)

    async def test_a_newer_schema_is_left_alone(self, path: Path) -> None:
        await (await Store.open(str(path))).close()
        with sqlite3.connect(path) as db:
            db.execute("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(StoreError, match="newer authbot made it"):
            await Store.open(str(path))
        assert rows(str(path), "SELECT version_num FROM alembic_version") == [("9999",)]

    async def test_a_writer_that_does_not_end_makes_it_busy(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("bot.store.sqlite.BUSY_SECONDS", 0.2)
        store = await Store.open(str(path))
        await store.record(sighting())
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert len(await store.unmatched()) == 1  # reading goes on
        with pytest.raises(StoreBusy, match="another process is writing"):
            await store.record(sighting())
        other.execute("ROLLBACK")
        other.close()
        await store.record(sighting())
        assert (await store.unmatched())[0].sightings == 2
        await store.close()

    async def test_a_task_that_is_cancelled_leaves_the_store_free(self, store: Store) -> None:
        for pause in range(12):
            task = asyncio.create_task(store.record(sighting()))
            for _ in range(pause):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        before = sum(group.sightings for group in await store.unmatched())
        await store.record(sighting())
        [group] = await store.unmatched()
        assert group.sightings == before + 1
