"""`telecom-rules show`: the parts of a pack, or one part at length."""

from __future__ import annotations

import re
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Protocol, TypeAlias

from telecom_rules.cli.arguments import add_rules, read_day
from telecom_rules.cli.screen import bracket
from telecom_rules.cli.status import CLEAN, ExitStatus
from telecom_rules.wording import Wording, join_wordings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from telecom_rules.cli.screen import Screen
    from telecom_rules.pack import Drafts, Matter, Pack, Reading
    from telecom_rules.policies import Policy
    from telecom_rules.policies.rules import Aggregation, HitPolicy
    from telecom_rules.vocabulary import Catalogue, Clause, Field, Parameter, Source
    from telecom_rules.vocabulary.facts import FactType
    from telecom_rules.workflows import Clock, Workflow
    from telecom_rules.workflows.chart import Invocation, Transition


NAME = "show"
SUMMARY = (
    "list the parts of a pack, or show one policy, workflow, parameter, catalogue, source, matter "
    "or clause"
)
EXAMPLE = (
    "telecom-rules show complaint_handling\n  telecom-rules show 'telecom_regulations:69'"
    "\n  telecom-rules show desk"
)
DESK = "desk"
"""The word for all matters of the desk with what answers each, unless a part has that name."""
FOLD = re.compile(r"\s*\n\s*")
"""The breaks of an expression that is written on several lines; no other text has any."""
RULE_HEADING = Wording.same("{id}  {title}{cites}{reading}")
NOTE_LINE = Wording("  注：{note}", "  note: {note}")
GUIDANCE_LINE = Wording("  仅为指引：{note}", "  guidance only: {note}")
FORM = Wording("形式", "form")
HIT_POLICY = Wording("命中方式", "hit policy")
HIT_POLICIES: Mapping[HitPolicy | None, Wording] = {
    None: Wording("检查清单", "checklist"),
    "first": Wording("取首条", "first"),
    "unique": Wording("仅一条命中", "unique"),
    "any": Wording("多条命中，结论一致", "any"),
    "priority": Wording("取优先结论", "priority"),
    "rule_order": Wording("全部命中，按规则顺序", "rule order"),
    "output_order": Wording("全部命中，按结论优先级", "output order"),
    "collect": Wording("全部命中", "collect"),
}
AGGREGATIONS: Mapping[Aggregation | None, Wording] = {
    None: Wording.same(""),
    "sum": Wording("，求和", ", sum"),
    "min": Wording("，取最小值", ", minimum"),
    "max": Wording("，取最大值", ", maximum"),
    "count": Wording("，计数", ", count"),
}
RECORDED = Wording("  登记为：{parts}", "  recorded as: {parts}")
SETTLED = Wording("  办理流程：{parts}", "  settled by: {parts}")
DECIDED = Wording("  依据策略：{parts}", "  decided by: {parts}")
EXAMPLES = Wording("  示例场景：{names}", "  examples: {names}")
NAMED = Wording("{title}（{name}）", "{title} ({name})")
NO_MATTERS = Wording("规则包没有事项", "the pack has no matters")
GAP_LINE = Wording("  原文缺漏：{note}", "  gap in the source: {note}")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument(
        "name",
        nargs="?",
        help="a name, a clause such as spec:7.1.2(3), or `desk` for what people bring to the desk "
        "and what answers it; without it, all names",
    )
    parser.add_argument(
        "--effective",
        action="store_true",
        help="print each figure in force, with what the base of an overlay says and the margin",
    )
    parser.add_argument(
        "--on", metavar="DATE", help="with --effective, the day that counts (default: today)"
    )
    add_rules(parser)


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Print the list of names, or the parts with one name."""
    from telecom_rules.pack import read

    reading = read(arguments.rules)
    pack = reading.require_pack()
    lines = choose_lines(arguments, reading, pack)
    for line in lines:
        screen.write_line(FOLD.sub(" ", line.say(screen.language)))
    return CLEAN


def choose_lines(arguments: argparse.Namespace, reading: Reading, pack: Pack) -> Iterator[Wording]:
    """Return the lines that are asked for."""
    from telecom_rules.cli.effective import describe_effective

    if arguments.effective:
        return describe_effective(pack, read_day("--on", arguments.on, pack.zone))
    if arguments.name is None:
        return list_names(pack)
    return describe_named(pack, reading.drafts, arguments.name)


def list_names(pack: Pack) -> Iterator[Wording]:
    """Yield the names of everything in the pack with their titles, kind by kind."""
    yield Wording.same(f"{pack.name} {pack.version}  {pack.digest}")
    for kind, things, _ in kinds_of(pack):
        if not things:
            continue
        yield Wording.same("")
        yield kind
        for name, thing in things.items():
            yield Wording.same("  {name:<28} {title}").fill(name=name, title=thing.title)


class Titled(Protocol):
    """A part of a pack with a title."""

    @property
    def title(self) -> Wording:
        """Its name for people."""


ListedKind: TypeAlias = "tuple[Wording, Mapping[str, Titled], Callable[..., Iterator[Wording]]]"


def kinds_of(pack: Pack) -> tuple[ListedKind, ...]:
    """Return each kind of part: its name, its parts by name, and the function that shows one."""
    return (
        (Wording("策略", "policies"), pack.policies, show_policy),
        (Wording("流程", "workflows"), pack.workflows, show_workflow),
        (Wording("参数", "parameters"), pack.parameters, show_parameter),
        (Wording("事实类型", "facts"), pack.facts, show_facts),
        (Wording("目录", "catalogues"), pack.catalogues, show_catalogue),
        (Wording("依据", "sources"), pack.sources, show_source),
        (Wording("事项", "matters"), pack.matters, partial(show_matter, pack)),
    )


def describe_named(pack: Pack, drafts: Drafts, name: str) -> Iterator[Wording]:
    """Yield the lines of every part called `name`.

    Raises:
        UnknownName: no part has that name.
    """
    from telecom_rules.documents import Word
    from telecom_rules.errors import UnknownName
    from telecom_rules.findings import Findings, Span
    from telecom_rules.suggestions import find_nearest

    for clause in pack.vocabulary.cite([Word(name, Span("-"))], Findings()):
        yield from show_clause(pack, drafts, clause)
        return
    colon = ":" in name
    found = [(things[name], show) for _, things, show in kinds_of(pack) if name in things]
    if name == DESK and not found:
        yield from list_matters(pack)
        return
    if not found:
        known = [
            *(str(clause) for each in pack.sources.values() for clause in each.clauses.values())
        ]
        known = known if colon else [each for _, things, _ in kinds_of(pack) for each in things]
        raise UnknownName(Wording("内容", "part of the pack"), name, find_nearest(name, known))
    for thing, show in found:
        yield from show(thing)


def describe_heading(name: str, title: Wording, cites: Sequence[Clause]) -> Iterator[Wording]:
    """Yield the first lines of a part: its name, title and clauses."""
    yield Wording.same("{name}  {title}").fill(name=name, title=title)
    for clause in cites:
        yield Wording("  依据：{clause}", "  from: {clause}").fill(clause=clause.wording)


def describe_field(name: str, field: Field) -> Wording:
    """Return one line for a field of facts, a payload or the outputs of a policy."""
    title = field.title or Wording.same("")
    return Wording.same("  {name:<28} {type:<24} {title}").fill(
        name=name, type=str(field), title=title
    )


def describe_hit_policy(policy: Policy) -> Wording:
    """Return the hit policy of a table with its aggregation, or that it is a checklist."""
    way, sum_up = HIT_POLICIES[policy.hit_policy], AGGREGATIONS[policy.aggregation]
    return Wording(f"{way.zh}{sum_up.zh}", f"{way.en}{sum_up.en}")


def show_policy(policy: Policy) -> Iterator[Wording]:
    """Yield a policy: its outputs, then its rules or checks in order."""
    from telecom_rules.vocabulary.sources.sources import mark_reading

    yield from describe_heading(policy.name, policy.title, policy.cites)
    yield Wording(
        "事实类型：{facts}（{name}）  {kind}：{hit}", "facts: {facts} ({name})  {kind}: {hit}"
    ).fill(
        facts=policy.facts.title,
        name=policy.facts.name,
        kind=FORM if policy.hit_policy is None else HIT_POLICY,
        hit=describe_hit_policy(policy),
    )
    for name, field in policy.outputs.fields.items():
        yield describe_field(name, field)
    for row in policy.rows:
        yield Wording.same("")
        yield RULE_HEADING.fill(
            id=row.rule.id,
            title=row.rule.title or "",
            cites=bracket(row.rule.cites),
            reading=mark_reading(ours=row.rule.interpretation),
        )
        tests = " && ".join(test.source for test in row.tests)
        yield Wording("  当：{when}", "  when: {when}").fill(
            when=tests or Wording("总是", "always")
        )
        outputs = ", ".join(f"{name} = {value.source}" for name, value in row.outputs.items())
        yield Wording("  则：{then}", "  then: {then}").fill(then=outputs)
        if row.rule.note is not None:
            yield NOTE_LINE.fill(note=row.rule.note)
    for check in policy.checks:
        yield Wording.same("")
        yield RULE_HEADING.fill(
            id=check.id,
            title=check.title,
            cites=bracket(check.cites),
            reading=mark_reading(ours=check.interpretation),
        )
        if check.when is not None:
            yield Wording("  适用于：{when}", "  applies if: {when}").fill(when=check.when.source)
        if check.measured is not None:
            yield Wording("  样本充足：{measured}", "  measured if: {measured}").fill(
                measured=check.measured.source
            )
        yield Wording("  要求：{require}", "  requires: {require}").fill(
            require=check.require.source
        )
        yield Wording("  整改要求：{remedy}", "  remedy: {remedy}").fill(remedy=check.remedy)
        if check.note is not None:
            yield NOTE_LINE.fill(note=check.note)


def show_workflow(workflow: Workflow) -> Iterator[Wording]:
    """Yield a workflow: its states with their transitions, then its time limits and properties."""
    from telecom_rules.vocabulary.sources.sources import mark_reading

    yield from describe_heading(
        f"{workflow.name} {workflow.version}", workflow.title, workflow.cites
    )
    if workflow.outputs:
        yield Wording("  返回：{outputs}", "  returns: {outputs}").fill(
            outputs=", ".join(workflow.outputs)
        )
    for state in workflow.states.values():
        indent = "  " * len(state.path)
        mark = Wording("（终态）", " (final)") if state.final else Wording.same("")
        yield Wording.same("{indent}{name}  {title}{mark}{cites}").fill(
            indent=indent, name=state.name, title=state.title, mark=mark, cites=bracket(state.cites)
        )
        if state.call is not None:
            yield describe_call(state.call, indent)
        for transition in state.written_transitions:
            yield summarize_transition(transition, indent)
    for clock in workflow.clocks.values():
        yield Wording(
            "时限 {name}  {title}：{limit}{cites}{reading}",
            "clock {name}  {title}: {limit}{cites}{reading}",
        ).fill(
            name=clock.name,
            title=clock.title,
            limit=describe_limit(clock),
            cites=bracket(clock.cites),
            reading=mark_reading(ours=clock.interpretation),
        )
    yield from describe_properties(workflow)


def describe_properties(workflow: Workflow) -> Iterator[Wording]:
    """Yield the properties of a workflow, each with the verdict of its proof."""
    from telecom_rules.checks.analysis.state_space import StateSpace
    from telecom_rules.checks.analysis.verdicts import prove_property

    runs = StateSpace(workflow)
    for demand in workflow.properties:
        yield Wording(
            "流程约束 {name}  {title}：{verdict}{cites}",
            "property {name}  {title}: {verdict}{cites}",
        ).fill(
            name=demand.name,
            title=demand.title,
            verdict=prove_property(runs, demand).verdict.wording,
            cites=bracket(demand.cites),
        )


def describe_call(call: Invocation, indent: str) -> Wording:
    """Return one line for the case of another workflow that a state waits for."""
    facts = ", ".join(f"{name} = {value.source if value else name}" for name, value in call.facts)
    return Wording("{indent}  调用 {name}：{facts}", "{indent}  calls {name}: {facts}").fill(
        indent=indent, name=call.workflow, facts=facts
    )


def summarize_transition(transition: Transition, indent: str) -> Wording:
    """Return one line for a transition."""
    target = transition.target or transition.source
    guard, requires, by = transition.guard, ", ".join(transition.requires), ", ".join(transition.by)
    conditions = [Wording(f"条件：{guard.source}", f"if {guard.source}")] if guard else []
    conditions += [Wording(f"须先填写：{requires}", f"requires {requires}")] if requires else []
    conditions += [Wording(f"角色：{by}", f"by {by}")] if by else []
    rest = join_wordings(conditions, ("；", "; "))
    return Wording.same("{indent}  {event} → {target}{gap}{rest}{cites}").fill(
        indent=indent,
        event=trigger_of(transition),
        target=target,
        gap="  " if conditions else "",
        rest=rest,
        cites=bracket(transition.cites),
    )


def trigger_of(transition: Transition) -> str:
    """Return the key under which a transition is written."""
    return transition.wildcard or transition.event.name or "always"


def describe_limit(clock: Clock) -> Wording:
    """Return the limit of a clock, with what else decides when it ends."""
    from telecom_rules.vocabulary import Duration
    from telecom_rules.workflows.chart import Figures

    limit = clock.limit
    parts = [limit.wording if isinstance(limit, Duration) else Wording.same(clock.written_limit)]
    if clock.close is not None:
        parts.append(
            Wording("末日 {time} 停止办理业务时届满", "ends at the close of business, {time}").fill(
                time=clock.close.isoformat("minutes")
            )
        )
    if clock.figures is Figures.IN_FORCE:
        parts.append(Wording("按届时有效的数值", "by the figure in force"))
    return join_wordings(parts, between=("，", ", "))


def show_parameter(parameter: Parameter) -> Iterator[Wording]:
    """Yield a parameter: each value with its days, clauses and confidence."""
    yield from describe_heading(parameter.name, parameter.title, ())
    for value in parameter.values:
        yield Wording(
            "  自 {since} 起：{value}（{assurance}）{cites}",
            "  from {since}: {value} ({assurance}){cites}",
        ).fill(
            since=value.since,
            value=value.wording,
            assurance=value.assurance,
            cites=bracket(value.cites),
        )
        if value.note is not None:
            yield Wording("    注：{note}", "    note: {note}").fill(note=value.note)


def show_facts(facts: FactType) -> Iterator[Wording]:
    """Yield the fields of a kind of facts."""
    yield from describe_heading(facts.name, facts.title, facts.cites)
    for name, field in facts.fields.items():
        yield describe_field(name, field)


def show_catalogue(catalogue: Catalogue) -> Iterator[Wording]:
    """Yield the codes of a catalogue."""
    yield from describe_heading(catalogue.name, catalogue.title, catalogue.cites)
    for code in catalogue.codes.values():
        yield Wording.same("  {code:<28} {title}{cites}").fill(
            code=code.code, title=code.title, cites=bracket(code.cites)
        )


def list_matters(pack: Pack) -> Iterator[Wording]:
    """Yield each matter of the desk with what answers it."""
    if not pack.matters:
        yield NO_MATTERS
    for place, matter in enumerate(pack.matters.values()):
        if place:
            yield Wording.same("")
        yield Wording.same("{name}  {title}").fill(name=matter.name, title=matter.title)
        yield from describe_answers(pack, matter)


def show_matter(pack: Pack, matter: Matter) -> Iterator[Wording]:
    """Yield a matter: how people put it, what answers it, what to ask for, what nobody can know."""
    yield from describe_heading(matter.name, matter.title, matter.cites)
    for each in matter.said:
        yield Wording("  用户会说：“{said}”", "  people say: “{said}”").fill(said=each)
    yield from describe_answers(pack, matter)
    for facts, asked in groupby(matter.asks, key=lambda each: each.facts):
        yield Wording("  须查明：{title}（{name}）", "  facts needed: {title} ({name})").fill(
            title=pack.facts[facts].title, name=facts
        )
        for fact in asked:
            yield Wording.same("    {name:<28} {title}").fill(name=fact.name, title=fact.title)
    yield Wording("  本库无法得知：{what}", "  what the library cannot know: {what}").fill(
        what=matter.cannot_know
    )


def describe_answers(pack: Pack, matter: Matter) -> Iterator[Wording]:
    """Yield the kinds of a matter, what settles it, what decides and the scenarios that show it."""
    kinds = [(str(each), each.title) for each in matter.kinds]
    settled = [(name, pack.workflows[name].title) for name in matter.workflows]
    decided = [(name, pack.policies[name].title) for name in matter.policies]
    for wording, named in ((RECORDED, kinds), (SETTLED, settled), (DECIDED, decided)):
        parts = (NAMED.fill(name=name, title=title) for name, title in named)
        if named:
            yield wording.fill(parts=join_wordings(parts, ("，", ", ")))
    yield EXAMPLES.fill(names=", ".join(matter.examples))


def show_source(source: Source) -> Iterator[Wording]:
    """Yield a source: its text, its days, and its clauses."""
    yield from describe_heading(source.name, source.title, ())
    if source.address is not None:
        yield Wording.same(f"  {source.address}")
    yield from describe_texts(source)
    if source.note is not None:
        yield NOTE_LINE.fill(note=source.note)
    for clause in source.clauses.values():
        yield Wording.same("  {id:<12} {title}").fill(id=clause.id, title=clause.title)


def describe_texts(source: Source) -> Iterator[Wording]:
    """Yield the registered text, its earlier versions, the days in force and the successor."""
    if source.version is not None:
        yield Wording("  文本：{version}", "  text: {version}").fill(version=source.version)
    for version in source.earlier.values():
        yield Wording("  较早的文本：{label}", "  earlier text: {label}").fill(label=version.label)
    if source.in_force.since is not None:
        yield Wording("  自 {day} 起施行", "  in force from {day}").fill(day=source.in_force.since)
    if source.in_force.until is not None:
        yield Wording("  {day} 起失效", "  no longer in force from {day}").fill(
            day=source.in_force.until
        )
    if source.repealed_by is not None:
        yield Wording("  由 {name} 取代", "  replaced by {name}").fill(name=source.repealed_by)


def show_clause(pack: Pack, drafts: Drafts, clause: Clause) -> Iterator[Wording]:
    """Yield a clause, its remarks, and every part of the pack that cites it."""
    from telecom_rules.findings import Findings
    from telecom_rules.pack.elements import iter_citing

    yield clause.wording
    if clause.version is not None:
        yield Wording("  现为 {clause}", "  now {clause}").fill(clause=clause.present)
    for version, number in clause.aliases.items():
        if version != clause.version:
            text = Wording("  {version} 文本中为 {number}", "  in the text of {version}: {number}")
            yield text.fill(version=version, number=number)
    if clause.confidence is not None:
        yield Wording.same("  {sure}").fill(sure=clause.confidence.wording)
    remarks = ((GUIDANCE_LINE, clause.guidance), (GAP_LINE, clause.gap), (NOTE_LINE, clause.note))
    for text, remark in remarks:
        if remark is not None:
            yield text.fill(note=remark)
    for element in iter_citing(drafts):
        cites = pack.vocabulary.cite(element.cites, Findings())
        if clause.present in cites or clause in cites:
            yield Wording.same("  {kind} {name}").fill(kind=element.kind, name=element.path)
