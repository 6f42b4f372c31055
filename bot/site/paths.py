"""Where each page stands: addresses that never change, so that answers can link to them."""

from __future__ import annotations

HOME = "index"  # no provider's entry may have this id: its page would be the provider's


def entry_path(entry_id: str, lang: str) -> str:
    """Return the path of an entry's page below the site's root: `en/eleme/code-already-used.html`.

    `entry_id` is `provider/entry`; `lang` is en or zh. Within a page `#cause-2` is its second cause.
    """
    return f"{lang}/{entry_id}.html"


def provider_path(provider: str, lang: str) -> str:
    """Return the path of a provider's page."""
    return f"{lang}/{provider}/{HOME}.html"


def home_path(lang: str) -> str:
    """Return the path of a language's first page, the one with the search."""
    return f"{lang}/{HOME}.html"


def in_language(path: str, lang: str) -> str:
    """Return the path of the same page in another language."""
    return f"{lang}/{path.partition('/')[2]}"


def root_of(path: str) -> str:
    """Return the way from the page at `path` to the site's root: "", "../" or "../../"."""
    return "../" * path.count("/")
