"""What the settings of the host say about rules: packs, roles, levels, and where refusals go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.module_loading import import_string

from telecom_rules import Packs, Wording, load
from telecom_rules.errors import ArgumentError
from telecom_rules.values.arguments import read_object
from telecom_rules.wording import quote_found

if TYPE_CHECKING:
    from django.http import HttpRequest

SHIPPED = "telecom_rules"
"""What stands in `PACKS` for the pack that ships with the library."""
LEVELS = ("observe", "warn", "enforce")
"""From the gentlest to the strictest."""
KEYS = frozenset({"PACKS", "ROLES", "REFUSALS", "LEVEL"})
MOST_PACKS = 4
"""Settings of `PACKS` that a process remembers; tests change them."""
GROUP_PREFIX = "rules:"
"""The group `rules:agent` gives its members the role `agent`."""
SYSTEM = "system"
"""The role of whatever acts without a user: a command, a mail import, a timer."""

NOT_AN_INSTANT = Wording(
    "应为时刻（`datetime`），而不是 {found}", "expected a datetime, found {found}"
)

Levels = Mapping[str, str]


def read_settings() -> Mapping[str, Any]:
    """Return the setting `TELECOM_RULES`.

    Raises:
        ImproperlyConfigured: it has a key that is not known.
    """
    given: Mapping[str, Any] = getattr(settings, "TELECOM_RULES", {})
    unknown = sorted(set(given) - KEYS)
    if unknown:
        raise ImproperlyConfigured(
            f"TELECOM_RULES has no key {', '.join(unknown)}; it may have {', '.join(sorted(KEYS))}"
        )
    return given


def load_packs() -> Packs:
    """Return the packs of `TELECOM_RULES["PACKS"]`, the newest first; by default the shipped one.

    They are read once a process, when they are first asked for.
    """
    given = read_settings().get("PACKS") or [SHIPPED]
    return read_packs(tuple(map(fspath, [given] if isinstance(given, str | PathLike) else given)))


@lru_cache(maxsize=MOST_PACKS)
def read_packs(places: tuple[str, ...]) -> Packs:
    """Read packs, and register them for the caches and queues of the host, which pickle."""
    packs = (load() if place == SHIPPED else load(place) for place in places)
    return Packs(*packs).register()


def roles_of(user: Any, request: HttpRequest | None = None) -> tuple[str, ...]:
    """Return the roles of a user: those that the function in `ROLES` names, or those of groups.

    Args:
        user: the user, or `None` where nobody is logged in and nothing but the system acts.
        request: the request, for hosts whose customers come without an account.
    """
    given = read_settings().get("ROLES")
    if given is not None:
        find: Callable[..., Iterable[str]] = (
            import_string(given) if isinstance(given, str) else given
        )
        return tuple(find(user, request))
    if user is None:
        return (SYSTEM,)
    if not getattr(user, "is_authenticated", False):
        return ()
    names = user.groups.filter(name__startswith=GROUP_PREFIX).order_by("name")
    return tuple(name[len(GROUP_PREFIX) :] for name in names.values_list("name", flat=True))


def refusals_alias() -> str | None:
    """Return the connection that refusals are written to, or `None`."""
    alias: str | None = read_settings().get("REFUSALS")
    return alias


def read_levels(given: str | Levels, default: str = "enforce") -> Levels:
    """Return levels by role or actor; the one under the empty name is for everybody else."""
    levels = {"": given} if isinstance(given, str) else {"": default, **given}
    unknown = sorted({each for each in levels.values() if each not in LEVELS})
    if unknown:
        raise ImproperlyConfigured(
            f"there is no level {', '.join(unknown)}; the levels are {', '.join(LEVELS)}"
        )
    return levels


def choose_level(meta: str | Levels, actor: str | None, roles: Iterable[str]) -> str:
    """Return the level for somebody: the setting wins over what the guard says.

    The name of an actor counts more than roles. Of several roles the strictest level holds, so that
    nobody gets round a refusal by being in one more group.
    """
    levels = dict(read_levels(meta))
    setting = getattr(settings, "TELECOM_RULES_LEVEL", None) or read_settings().get("LEVEL")
    if isinstance(setting, str):
        levels = dict(read_levels(setting))
    elif setting:
        levels |= read_levels(setting, levels[""])
    if actor is not None and actor in levels:
        return levels[actor]
    found = [levels.get(role, levels[""]) for role in roles] or [levels[""]]
    return max(found, key=LEVELS.index)


def now() -> datetime:
    """Return the present instant, of the clock that Django and its tests go by."""
    return from_column(timezone.now())


def read_at(at: datetime | None) -> datetime:
    """Return when something happens, of the zone of the host if it has none; by default now.

    Raises:
        ArgumentError: it is not an instant.
    """
    if at is None:
        return now()
    if not isinstance(at, datetime):
        raise ArgumentError("at", NOT_AN_INSTANT.fill(found=quote_found(at)))
    return from_column(at)


def to_column(at: datetime | None) -> datetime | None:
    """Return an instant as the database of the host takes it, with or without a time zone."""
    if at is None or settings.USE_TZ:
        return at
    return timezone.make_naive(at, timezone.get_default_timezone())


def give_zones(values: Mapping[str, object], argument: str = "facts") -> dict[str, object]:
    """Return facts of the host, each instant with its time zone, which a host may leave out.

    Args:
        values: the facts.
        argument: what they are, for the error.

    Raises:
        ArgumentError: they are no object.
    """
    return {
        name: from_column(value) if isinstance(value, datetime) else value
        for name, value in read_object(argument, values).items()
    }


def from_column(at: datetime) -> datetime:
    """Return an instant of the host with its time zone."""
    return timezone.make_aware(at) if timezone.is_naive(at) else at
