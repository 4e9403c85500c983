"""The app: the guards it finds when the process starts, and what `manage.py check` says of them."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import autodiscover_modules

from telecom_rules.adapters.django.language import lazy_say
from telecom_rules.adapters.django.settings import choose_level, refusals_alias
from telecom_rules.errors import TelecomRulesError
from telecom_rules.wording import Wording

MIDDLEWARE = "telecom_rules.adapters.django.middleware.RulesMiddleware"


class RulesConfig(AppConfig):
    """The app `telecom_rules`."""

    name = "telecom_rules.adapters.django"
    label = "telecom_rules"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Find the guards: the module `rules` of each app."""
        self.verbose_name = lazy_say(Wording("规则", "Rules"))
        register(check_guards)
        register(check_refusals)
        autodiscover_modules("rules")


def check_guards(**_given: Any) -> list[CheckMessage]:
    """Say which guards name something that their workflow does not have."""
    from telecom_rules.adapters.django.guard import GUARDS  # noqa: PLC0415 - models: after setup

    found: list[CheckMessage] = []
    for guard in GUARDS.values():
        name = type(guard).__name__
        try:
            choose_level(guard.level, None, ())
        except ImproperlyConfigured as problem:
            found.append(Error(f"{name}: {problem}", obj=guard.model, id="telecom_rules.E004"))
        try:
            states = guard.workflow.states
            unknown = [each for each in guard.statuses.states if each not in states]
        except TelecomRulesError as problem:
            found.append(Error(f"{name}: {problem}", obj=guard.model, id="telecom_rules.E001"))
            continue
        if unknown:
            message = f"{name}: {guard.workflow.name} has no state {', '.join(unknown)}"
            hint = f"its states are {', '.join(states)}"
            found.append(Error(message, hint=hint, obj=guard.model, id="telecom_rules.E002"))
        elif without := guard.list_states_without_status():
            message = f"{name}: no status stands for {', '.join(without)}"
            hint = "a row whose case enters one of these keeps the status it has"
            found.append(Caution(message, hint=hint, obj=guard.model, id="telecom_rules.W002"))
    return found


def check_refusals(**_given: Any) -> list[CheckMessage]:
    """Say where refusals would be rolled back with what they refuse."""
    alias = refusals_alias()
    if alias is not None and alias not in settings.DATABASES:
        message = f"TELECOM_RULES names {alias!r} under REFUSALS, and DATABASES has no such alias"
        return [Error(message, id="telecom_rules.E003")]
    atomic = [
        name for name, each in settings.DATABASES.items() if each.get("ATOMIC_REQUESTS", False)
    ]
    if not atomic or alias is not None or MIDDLEWARE in settings.MIDDLEWARE:
        return []
    return [
        Caution(
            f"ATOMIC_REQUESTS is on for {', '.join(atomic)}: a refusal is rolled back with the"
            " request that it refuses, and is not on record",
            hint=f"add {MIDDLEWARE!r} to MIDDLEWARE, which writes refusals after the response, or"
            " name a connection of their own under TELECOM_RULES['REFUSALS']",
            id="telecom_rules.W001",
        )
    ]
