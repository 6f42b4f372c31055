"""Reaching the addresses that knowledge cites: which are gone, which have moved, which can't be told from here."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import aiohttp

AT_ONCE, AT_ONCE_A_HOST = 16, 2  # requests
PATIENCE = 20.0  # seconds for one request, redirects included
PROBED, PROBE_PATIENCE = 6, 8.0  # hosts asked first, and the seconds they have to show that there is a network
TRIES = 2  # a page that could not be reached may be there a second later
# A browser's own kind of name: many pages refuse what calls itself a program, and would be said to be gone.
_HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; authbot-links)", "Accept": "text/html,*/*;q=0.8"}

Found = Literal["there", "moved", "gone", "unknown", "unreachable"]


@dataclass(frozen=True, slots=True)
class Reached:
    """What became of one address. `detail` is the status, the new address or what went wrong."""

    found: Found
    detail: str = ""


class NoNetworkError(Exception):
    """Not one host could be reached."""


async def reach(urls: Iterable[str]) -> dict[str, Reached]:
    """Return what became of each address, asking AT_ONCE at once and each host for AT_ONCE_A_HOST.

    gone: 404 or 410. moved: there, but elsewhere for good. unknown: the server would not say (401, 403, 429, 5xx …).
    unreachable: no host of that name, or no connection within PATIENCE. Raises NoNetworkError where none of the first
    hosts gives a connection.
    """
    every = list(dict.fromkeys(urls))
    all_of = asyncio.Semaphore(AT_ONCE)
    one_of: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(AT_ONCE_A_HOST))
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    # Login pages set cookies of many kilobytes; none is kept.
    async with aiohttp.ClientSession(
        headers=_HEADERS, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar(), max_field_size=65_536
    ) as session:

        async def one(url: str) -> Reached:
            # The host's turn first: who waits for it must not keep the others' places.
            async with one_of[urlsplit(url).netloc], all_of:
                return await _reach(session, url)

        await _probe(session, every)
        return dict(zip(every, await asyncio.gather(*map(one, every)), strict=True))


async def _probe(session: aiohttp.ClientSession, every: Iterable[str]) -> None:
    """Raise NoNetworkError where none of the first hosts gives a connection: asking them all would take minutes."""
    hosts = list({urlsplit(url).netloc: url for url in every}.values())[:PROBED]
    tries = [asyncio.create_task(_ask(session, "HEAD", url)) for url in hosts]
    try:
        async with asyncio.timeout(PROBE_PATIENCE):
            for one in asyncio.as_completed(tries):
                try:
                    await one
                except (aiohttp.ClientConnectionError, OSError):
                    continue
                except aiohttp.ClientError:
                    return  # it answered, however badly
                return
    except TimeoutError:
        raise NoNetworkError from None
    finally:
        for one_try in tries:
            one_try.cancel()
        await asyncio.gather(*tries, return_exceptions=True)
    if tries:
        raise NoNetworkError


async def _reach(session: aiohttp.ClientSession, url: str) -> Reached:
    result = Reached("unreachable")
    for _ in range(TRIES):
        try:
            result = await _ask(session, "HEAD", url)
            # HEAD is often not thought of; a page is gone only where GET says so too.
            if result.found in ("gone", "unknown"):
                result = await _ask(session, "GET", url)
        except (aiohttp.TooManyRedirects, aiohttp.InvalidURL) as error:
            return Reached("unknown", f"{type(error).__name__}")
        except aiohttp.ClientConnectorDNSError:
            result = Reached("unreachable", "the host has no address")
        except aiohttp.ClientSSLError as error:
            return Reached("unknown", f"its certificate is not accepted: {error.__class__.__name__}")
        except TimeoutError:
            result = Reached("unreachable", f"no answer within {PATIENCE:.0f} s")
        except (aiohttp.ClientError, OSError) as error:
            result = Reached("unreachable", f"no connection: {error.__class__.__name__}")
        else:
            return result
    return result


async def _ask(session: aiohttp.ClientSession, method: str, url: str) -> Reached:
    async with session.request(method, url, allow_redirects=True, max_redirects=8) as answer:
        if answer.status in (404, 410):
            return Reached("gone", str(answer.status))
        if answer.status >= 400:
            return Reached("unknown", str(answer.status))
        for_good = answer.history and all(step.status in (301, 308) for step in answer.history)
        return Reached("moved", str(answer.url)) if for_good else Reached("there", str(answer.status))
