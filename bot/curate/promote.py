"""Promoting: the owner of the shared base takes a server's decision over, without anything that was pasted there."""

from __future__ import annotations

from dataclasses import dataclass

from bot.curate.check import Effects
from bot.curate.desk import Desk
from bot.curate.fold import in_force, row_content
from bot.curate.models import AddCause, AddEntry, AddMessage, NotFound, Refused, Teaching
from bot.store.decisions import Decision, NewDecision
from bot.store.scopes import SHARED, guild_of


@dataclass(frozen=True, slots=True)
class Offer:
    """A server's decision that may be promoted: what it says, and its case in the shared queue where there is one."""

    decision: Decision
    content: Teaching
    case: str | None


class Promotions:
    """What the owner of the shared base may take over. That somebody is the owner is the adapter's to check."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def offers(self, limit: int = 50) -> list[Offer]:
        """Return servers' decisions on entries that may be promoted and are not yet, the newest first.

        They are of servers that let their queue be seen, or were offered by those who made them.
        """
        found: list[Offer] = []
        taken = self._taken()
        for decision in reversed(in_force(self._desk.live.of_servers())):
            content = await self._allowed(decision)
            if content is not None and decision.id not in taken and not self._shipped(decision):
                found.append(Offer(decision, content, await self._shared_case(decision)))
            if len(found) >= limit:
                break
        return found

    async def preview(self, number: int) -> Effects:
        """Return what the promotion of a decision would do to what everybody is answered with."""
        return (await self._copied(number))[1]

    async def promote(self, number: int, person: int | None) -> Decision:
        """Make a server's decision one for all; return the new decision. It can be undone like any other.

        Raises NotFound for what may not be promoted, Refused where it is already, adds to what is not shared, or breaks
        an example or a harmless message.
        """
        new, effects = await self._copied(number)
        if effects.refusal is not None:
            raise effects.refusal
        return await self._desk.add(new, person, None)

    async def _copied(self, number: int) -> tuple[NewDecision, Effects]:
        known = {decision.id: decision for decision in in_force(self._desk.live.of_servers())}
        decision = known.get(number)
        content = await self._allowed(decision) if decision is not None else None
        if decision is None or content is None:
            raise NotFound(str(number))
        if number in self._taken() or self._shipped(decision):
            raise Refused("promoted")
        if not isinstance(content, AddEntry):
            content = content.model_copy(update={"entry": self._shared_entry(decision, content)})
        if isinstance(content, AddCause) and content.completes is not None:
            copy = self._taken().get(content.completes)
            if copy is None:
                raise Refused("not_shared", entry=content.entry)
            content = content.model_copy(update={"completes": copy.id})
        if isinstance(content, AddEntry) and (first := self._first_copy(decision)):
            content = content.model_copy(update={"provider": first[0], "id": first[1]})
        content = content.model_copy(update={"promoted_from": number, "offered": False})
        name = await self._shared_case(decision)
        case = await self._desk.store.queue.get(SHARED, name) if name else None
        return await self._desk.checked(SHARED, content, case)

    async def _allowed(self, decision: Decision) -> Teaching | None:
        """Return what a decision says where it may be promoted."""
        content = row_content(decision)
        guild = guild_of(decision.scope)
        if guild is None or not isinstance(content, AddEntry | AddMessage | AddCause):
            return None
        shares = content.offered or (await self._desk.store.guilds.get(guild)).shares
        return content if shares else None

    def _taken(self) -> dict[int, Decision]:
        """Return the copies in force, by the decision they were made of."""
        rows = in_force(self._desk.live.decisions(SHARED))
        return {row.content["promoted_from"]: row for row in rows if "promoted_from" in row.content}

    def _shipped(self, decision: Decision) -> bool:
        return decision.id in self._desk.live.view(decision.scope).folded.retired

    async def _shared_case(self, decision: Decision) -> str | None:
        """Return the case of the shared queue that a server's case is, where there is one that is still open."""
        case = await self._desk.store.queue.get(SHARED, decision.name) if decision.name else None
        return case.name if case is not None and case.status == "open" else None

    def _shared_entry(self, decision: Decision, content: AddMessage | AddCause) -> str:
        """Return the entry for all that a server's decision adds to; a server's own one as it was promoted."""
        shared = self._desk.live.view(SHARED).knowledge
        made_by = self._desk.live.view(decision.scope).folded.made_by.get(content.entry, ())
        taken = self._taken()
        copies = [taken[each].entry for each in made_by if each in taken]
        entry = next((copy for copy in copies if copy), content.entry)
        if shared.resolve(entry) is None:
            raise Refused("not_shared", entry=content.entry)
        return entry

    def _first_copy(self, decision: Decision) -> tuple[str, str] | None:
        """Return provider and id under which an entry was promoted whose other language this is."""
        made_by = self._desk.live.view(decision.scope).folded.made_by.get(decision.entry or "", ())
        taken = self._taken()
        for each in made_by:
            if each in taken and taken[each].kind == "add_entry" and taken[each].entry:
                provider, _, name = str(taken[each].entry).partition("/")
                return provider, name
        return None
