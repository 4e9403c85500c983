"""What templates say about a row: its state, what may be done, why not, its journal, a picture."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import mark_safe

from telecom_rules import TelecomRulesError, Wording
from telecom_rules.adapters.django.language import active_language
from telecom_rules.adapters.django.language import say as say_wording
from telecom_rules.adapters.django.rules import rules_of
from telecom_rules.diagrams import to_svg
from telecom_rules.workflows.phrases import format_cites

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.utils.safestring import SafeString

    from telecom_rules import Case, Entry, Option, Reason, Workflow
    from telecom_rules.adapters.django.models import StoredRefusal

register = template.Library()

WORDS = {
    "fill_in": Wording("补充所需内容", "Fill in what is missing"),
    "back": Wording("返回", "Back"),
    "state": Wording("状态", "State"),
    "allowed": Wording("可办理的事项", "What may be done"),
    "journal": Wording("日志", "Journal"),
    "picture": Wording("流程图", "Picture"),
    "due": Wording("下一时限", "Next due"),
    "no_case": Wording("尚无个案", "There is no case yet"),
}
HEADINGS = (
    Wording("时间", "Time"),
    Wording("事项", "Event"),
    Wording("操作人", "Who"),
    Wording("角色", "Role"),
    Wording("说明", "Remarks"),
)


KINDS = {
    "start": Wording("开始", "Begun"),
    "adopt": Wording("接管", "Taken up"),
    "migrate": Wording("迁移至新规则", "Moved to newer rules"),
    "return": Wording("子流程返回", "Called case returned"),
}
"""The entries that no event or clock names."""


class Button(NamedTuple):
    """An option, with the address of its form."""

    event: str
    title: Wording
    allowed: bool | None
    reasons: tuple[Reason, ...]
    url: str


class Line(NamedTuple):
    """A journal entry as people read it."""

    at: datetime
    title: str
    actor: str
    role: str
    told: str
    refused: bool


@register.filter
def say(wording: Wording) -> str:
    """Return a wording in the active language."""
    return say_wording(wording)


@register.simple_tag
def rules_word(name: str) -> str:
    """Return one of the few words of our own pages."""
    return say_wording(WORDS[name])


@register.filter
def allowed(row: Any, user: Any = None) -> tuple[Option, ...]:
    """Return what `user` may do with a row, with the reasons if not; nothing without a case."""
    try:
        options: tuple[Option, ...] = rules_of(row).allowed(user)
    except TelecomRulesError:
        return ()
    return options


@register.filter
def reasons(given: Iterable[Reason]) -> str:
    """Return reasons as the lines of a tooltip, each with its clauses."""
    return "\n".join(tell(each) for each in given)


def tell(reason: Reason) -> str:
    """Return a reason with its clauses on one line."""
    return say_wording(reason.wording) + format_cites(reason.cites, active_language())


@register.filter
def state(row: Any) -> str:
    """Return the state of a row for people."""
    try:
        case: Case = rules_of(row).case
    except TelecomRulesError as problem:
        return say_wording(problem.wording)
    return say_wording(case.title)


@register.inclusion_tag("telecom_rules/buttons.html")
def rules_buttons(row: Any, user: Any = None) -> dict[str, Any]:
    """Draw a button for each event of a row; one that is not allowed is grey and says why."""
    label = rules_of(row).guard.label
    return {"options": [build_button(label, row.pk, each) for each in allowed(row, user)]}


def build_button(label: str, key: Any, option: Option) -> Button:
    """Return the button of an option."""
    try:
        url = reverse("telecom_rules:event", args=[label, key, option.event])
    except NoReverseMatch:  # the host does not include our addresses
        url = ""
    return Button(option.event, option.title, option.allowed, option.reasons, url)


@register.inclusion_tag("telecom_rules/journal.html")
def rules_journal(row: Any) -> dict[str, Any]:
    """Draw the journal of a row, its refusals among the entries."""
    workflow = rules_of(row).guard.workflow
    return {
        "words": [say_wording(each) for each in HEADINGS],
        "lines": [build_line(workflow, each) for each in rules_of(row).journal()],
    }


def build_line(workflow: Any, entry: Entry) -> Line:
    """Return a journal entry as people read it."""
    names = [name for name in (entry.event, entry.clock) if name]
    titles = [
        say_wording(things[name].title)
        for name in names
        for things in (workflow.events, workflow.clocks)
        if name in things
    ]
    language = active_language()
    told = [each.wording.say(language) for each in entry.reasons]
    if not told and entry.entered:
        told = [title_of(workflow, each) for each in entry.entered if is_innermost(workflow, each)]
    return Line(
        at=entry.at,
        title=titles[0] if titles else name_entry(entry),
        actor=entry.actor or "",
        role=say_wording(workflow.roles[entry.by])
        if entry.by in workflow.roles
        else entry.by or "",
        told="\n".join(told),
        refused=bool(entry.reasons),
    )


def name_entry(entry: Entry) -> str:
    """Return what an entry is called that no event or clock of the workflow names."""
    kind = str(entry.kind)
    return say_wording(KINDS[kind]) if kind in KINDS else entry.event or kind


def wordings_of(row: StoredRefusal) -> list[Wording]:
    """Return the reasons of a stored refusal."""
    told = json.loads(row.entry)["reasons"]
    return [Wording(each["zh"], each["en"]) for each in told]


def title_of(workflow: Workflow, name: str) -> str:
    """Return the title of a state, or its name if the workflow has it no longer."""
    return say_wording(workflow.states[name].title) if name in workflow.states else name


def is_innermost(workflow: Workflow, name: str) -> bool:
    """Return whether a state has none inside, as far as the workflow still has it."""
    return name not in workflow.states or not workflow.states[name].children


@register.simple_tag
def rules_diagram(row: Any) -> SafeString:
    """Draw the workflow of a row, with the states it is in."""
    try:
        case: Case = rules_of(row).case
    except TelecomRulesError:
        return mark_safe("")
    return mark_safe(to_svg(case.workflow, active_language(), case.states))  # noqa: S308 - escaped there
