"""Whatever is given for an argument, nothing comes out but a typed error that names it."""

from __future__ import annotations

import ast
import inspect
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData
from sqlalchemy.orm import sessionmaker

import telecom_rules
from telecom_rules import (
    ArgumentError,
    Case,
    Entry,
    Finding,
    JournalError,
    Pack,
    Packs,
    Policy,
    Span,
    Stranded,
    TelecomRulesError,
    UnknownName,
    Wording,
    Workflow,
    diagrams,
    findings,
    interop,
    testing,
    verify,
)
from telecom_rules.adapters import sql_guard
from telecom_rules.adapters.fastapi import Who, answer_problem, rules_router
from telecom_rules.adapters.fastapi.problems import describe
from telecom_rules.adapters.sqlalchemy import CaseStore
from tests.pack.house import broken, house

ZONE = timezone(timedelta(hours=8))
START = datetime(2026, 3, 2, 9, tzinfo=ZONE)
DAY = date(2026, 3, 2)
FACTS = {"loss": 1}

PACK: Pack = telecom_rules.pack.link(house()).require_pack()
WORKFLOW: Workflow = PACK.workflows["handling"]
POLICY: Policy = PACK.policies["grading"]
OPENED = WORKFLOW.open(FACTS, at=START, id="C-1")
CASE: Case = OPENED.case
REFUSED = CASE.send("no such event", at=START)
PARAMETER = PACK.parameters["threshold"]


class Far(tzinfo):
    """A time zone three days off, as some have been."""

    def utcoffset(self, _when):
        return timedelta(days=3)


class Texty(Far):
    def utcoffset(self, _when):
        return "+08:00"


class Raising:
    """Something that fails whatever is done with it."""

    def __getattribute__(self, name):
        if name == "__class__":  # whoever looks at all objects of the process asks for it
            return Raising
        raise RuntimeError(name)

    def __hash__(self):
        raise RuntimeError("hash")

    def __eq__(self, other):
        raise RuntimeError("eq")

    def __repr__(self):
        raise RuntimeError("repr")

    def __iter__(self):
        raise RuntimeError("iter")


ODD = [
    5, 0.5, b"x", [], {}, (), {1}, object(), Raising(), type, len, float("nan"), Decimal("NaN"),
    True, ..., range(3),
]  # fmt: skip
NOT_INSTANTS = [
    *ODD, None, "2026-03-02", DAY, START.replace(tzinfo=None), START.replace(tzinfo=Far()),
    START.replace(tzinfo=Texty()), datetime(1, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, tzinfo=UTC),
]  # fmt: skip
NOT_DAYS = [*ODD, None, "2026-03-02", START, START.replace(tzinfo=None)]
NOT_TEXTS = ODD
NOT_ROLES = [each for each in ODD if type(each) not in (list, tuple)]  # nobody's roles are none
NOT_FACTS = [*(each for each in ODD if type(each) is not dict), None, "x"]
NOT_ENTRIES = [5, 0.5, object(), Raising(), None, True]
NOT_STORED = [*ODD, None, "x"]
NOT_OBJECTS = [*(each for each in ODD if type(each) is not dict), None, "x"]


def hold(check, *values, **options):
    """Ask an assert, which may well fail."""
    with suppress(AssertionError):
        check(*values, **options)


ARGUMENTS: list[tuple[str, str, Any, list[Any], type[TelecomRulesError]]] = [
    ("load", "path", telecom_rules.load, NOT_TEXTS, ArgumentError),
    ("Packs", "newest", Packs, [*ODD, None, "x"], ArgumentError),
    ("Packs", "older", lambda x: Packs(PACK, x), [*ODD, None, "x"], ArgumentError),
    ("Packs.restore", "snapshot", lambda x: Packs(PACK).restore(x), NOT_OBJECTS, ArgumentError),
    ("Packs.decide_again", "dump", lambda x: Packs(PACK).decide_again(x), NOT_OBJECTS,
     ArgumentError),
    ("Packs[]", "name", lambda x: Packs(PACK)[x], [*ODD, None, "x"], UnknownName),
    ("Pack.on", "day", PACK.on, NOT_DAYS, ArgumentError),
    ("Pack.restore", "snapshot", PACK.restore, NOT_OBJECTS, ArgumentError),
    ("Pack.migrate", "snapshot", lambda x: PACK.migrate(x, at=START), NOT_OBJECTS, ArgumentError),
    ("Pack.migrate", "at", lambda x: PACK.migrate(CASE.dump(), at=x), NOT_INSTANTS, ArgumentError),
    ("Pack.migrate", "actor", lambda x: PACK.migrate(CASE.dump(), at=START, actor=x),
     [*NOT_TEXTS, "", "a\nb"], ArgumentError),
    ("Pack.decide_again", "dump", PACK.decide_again, NOT_OBJECTS, ArgumentError),
    ("Pack.shadow", "other", lambda x: PACK.shadow(x, print), [*ODD, None, "x"], ArgumentError),
    ("Pack.shadow", "report", lambda x: PACK.shadow(PACK, x), [5, 0.5, b"x", {}, None, "x"],
     ArgumentError),
    ("ShadowedPolicy.decide", "on",
     lambda x: PACK.shadow(PACK, print).policies["grading"].decide(FACTS, on=x), NOT_DAYS,
     ArgumentError),
    ("ShadowedPolicy.decide", "facts",
     lambda x: PACK.shadow(PACK, print).policies["grading"].decide(x, on=DAY), NOT_FACTS,
     TelecomRulesError),
    ("Policy.decide", "on", lambda x: POLICY.decide(FACTS, on=x), NOT_DAYS, ArgumentError),
    ("Policy.decide", "facts", lambda x: POLICY.decide(x, on=DAY), NOT_FACTS, TelecomRulesError),
    ("Policy.ask", "on", lambda x: POLICY.ask(FACTS, on=x), NOT_DAYS, ArgumentError),
    ("Policy.ask", "facts", lambda x: POLICY.ask(x, on=DAY), NOT_FACTS, TelecomRulesError),
    ("Policy.digest_on", "day", POLICY.digest_on, NOT_DAYS, ArgumentError),
    ("Parameter.on", "day", PARAMETER.on, NOT_DAYS, ArgumentError),
    ("Parameter.is_in_force", "day", PARAMETER.is_in_force, NOT_DAYS, ArgumentError),
    ("Clause.on", "day", WORKFLOW.cites[0].on, NOT_DAYS, ArgumentError),
    ("Packs.find_workflow", "name", lambda x: Packs(PACK).find_workflow(x, WORKFLOW.digest),
     [*NOT_TEXTS, None], ArgumentError),
    ("Packs.find_workflow", "digest", lambda x: Packs(PACK).find_workflow("handling", x),
     [*NOT_TEXTS, None], ArgumentError),
    ("Workflow.start", "facts", lambda x: WORKFLOW.start(x, at=START, id="C"), NOT_FACTS,
     TelecomRulesError),
    ("Workflow.start", "at", lambda x: WORKFLOW.start(FACTS, at=x, id="C"), NOT_INSTANTS,
     ArgumentError),
    ("Workflow.start", "id", lambda x: WORKFLOW.start(FACTS, at=START, id=x),
     [*NOT_TEXTS, None, "", "a\nb", "x" * 201, "\ud800"], ArgumentError),
    ("Workflow.open", "facts", lambda x: WORKFLOW.open(x, at=START, id="C"), NOT_FACTS,
     TelecomRulesError),
    ("Workflow.open", "at", lambda x: WORKFLOW.open(FACTS, at=x, id="C"), NOT_INSTANTS,
     ArgumentError),
    ("Workflow.open", "id", lambda x: WORKFLOW.open(FACTS, at=START, id=x), [*NOT_TEXTS, None],
     ArgumentError),
    ("Workflow.open", "actor", lambda x: WORKFLOW.open(FACTS, at=START, id="C", actor=x),
     [*NOT_TEXTS, "", "a\nb"], ArgumentError),
    ("Workflow.restore", "snapshot", WORKFLOW.restore, NOT_OBJECTS, ArgumentError),
    ("bring_case", "workflow", lambda x: testing.bring_case(x, "open"), [*ODD, None, "x"],
     ArgumentError),
    ("bring_case", "state", lambda x: testing.bring_case(WORKFLOW, x), [*NOT_TEXTS, None],
     ArgumentError),
    ("bring_case", "facts", lambda x: testing.bring_case(WORKFLOW, "open", x),
     [*(each for each in NOT_FACTS if each is not None)], TelecomRulesError),
    ("bring_case", "at", lambda x: testing.bring_case(WORKFLOW, "open", FACTS, at=x),
     NOT_INSTANTS, ArgumentError),
    ("bring_case", "id", lambda x: testing.bring_case(WORKFLOW, "open", FACTS, id=x),
     [*NOT_TEXTS, None], ArgumentError),
    ("build_facts", "kind", testing.build_facts, [*ODD, None, "x"], ArgumentError),
    ("build_facts", "given", lambda x: testing.build_facts(WORKFLOW.facts, x),
     [*(each for each in NOT_FACTS if each is not None)], TelecomRulesError),
    ("FrozenClock", "now", testing.FrozenClock, NOT_INSTANTS, ArgumentError),
    ("FrozenClock.move_to", "now", lambda x: testing.FrozenClock().move_to(x), NOT_INSTANTS,
     ArgumentError),
    ("FrozenClock.move", "by", lambda x: testing.FrozenClock().move(x),
     [*ODD, None, "x", timedelta.max, timedelta.min], ArgumentError),
    ("assert_accepted", "outcome", testing.assert_accepted, [*ODD, None, "x", CASE],
     ArgumentError),
    ("assert_accepted", "state", lambda x: testing.assert_accepted(OPENED, x), NOT_TEXTS,
     ArgumentError),
    ("assert_refused", "outcome", testing.assert_refused, [*ODD, None, "x", CASE], ArgumentError),
    ("assert_refused", "kind", lambda x: hold(testing.assert_refused, REFUSED, x), NOT_TEXTS,
     ArgumentError),
    ("assert_refused", "cites", lambda x: hold(testing.assert_refused, REFUSED, cites=x), NOT_TEXTS,
     ArgumentError),
    ("assert_state", "case", lambda x: testing.assert_state(x, "open"), [*ODD, None, "x"],
     ArgumentError),
    ("assert_state", "state", lambda x: testing.assert_state(CASE, x), [*NOT_TEXTS, None],
     ArgumentError),
    ("assert_due", "case", lambda x: testing.assert_due(x, "reply", START), [*ODD, None, "x"],
     ArgumentError),
    ("assert_due", "clock", lambda x: testing.assert_due(CASE, x, START), [*NOT_TEXTS, None],
     ArgumentError),
    ("assert_due", "at", lambda x: testing.assert_due(CASE, "reply", x), NOT_INSTANTS,
     ArgumentError),
    ("assert_decides", "decision", testing.assert_decides, [*ODD, None, "x"], ArgumentError),
    ("find_moves", "workflow", lambda x: sql_guard.find_moves(x, "tmf621"), [*ODD, None, "x"],
     ArgumentError),
    ("find_moves", "statuses", lambda x: sql_guard.find_moves(WORKFLOW, x), [*ODD, None],
     TelecomRulesError),
    ("find_moves", "statuses", lambda x: sql_guard.find_moves(WORKFLOW, {"open": x}),
     [each for each in [*ODD, None] if type(each) not in (int, bool)], ArgumentError),
    ("Workflow.migrate", "snapshot", lambda x: WORKFLOW.migrate(x, at=START), NOT_OBJECTS,
     ArgumentError),
    ("Workflow.migrate", "at", lambda x: WORKFLOW.migrate(CASE.dump(), at=x), NOT_INSTANTS,
     ArgumentError),
    ("Workflow.migrate", "actor", lambda x: WORKFLOW.migrate(CASE.dump(), at=START, actor=x),
     NOT_TEXTS, ArgumentError),
    ("Workflow.adopt", "facts", lambda x: WORKFLOW.adopt(x, "open", at=START, id="C"), NOT_FACTS,
     TelecomRulesError),
    ("Workflow.adopt", "state", lambda x: WORKFLOW.adopt(FACTS, x, at=START, id="C"),
     [*NOT_TEXTS, None], ArgumentError),
    ("Workflow.adopt", "clocks",
     lambda x: WORKFLOW.adopt(FACTS, "open", clocks=x, at=START, id="C"), NOT_OBJECTS[:-2],
     ArgumentError),
    ("Workflow.adopt", "clocks.reply",
     lambda x: WORKFLOW.adopt(FACTS, "open", clocks={"reply": x}, at=START, id="C"), NOT_INSTANTS,
     ArgumentError),
    ("Workflow.adopt", "at", lambda x: WORKFLOW.adopt(FACTS, "open", at=x, id="C"), NOT_INSTANTS,
     ArgumentError),
    ("Workflow.adopt", "id", lambda x: WORKFLOW.adopt(FACTS, "open", at=START, id=x),
     [*NOT_TEXTS, None], ArgumentError),
    ("Workflow.adopt", "actor",
     lambda x: WORKFLOW.adopt(FACTS, "open", at=START, id="C", actor=x), NOT_TEXTS,
     ArgumentError),
    ("Workflow.replay", "entries", WORKFLOW.replay, NOT_ENTRIES, ArgumentError),
    ("Workflow.replay", "entries", lambda x: WORKFLOW.replay([x]), [*ODD, None], JournalError),
    ("Workflow.judge", "entries", WORKFLOW.judge, NOT_ENTRIES, ArgumentError),
    ("verify", "entries", verify, NOT_ENTRIES, ArgumentError),
    ("verify", "head", lambda x: verify(OPENED.entries, head=x), NOT_TEXTS, ArgumentError),
    ("Entry.load", "data", Entry.load, NOT_STORED, JournalError),
    ("Case.send", "event", lambda x: CASE.send(x, at=START), [*NOT_TEXTS, None], ArgumentError),
    ("Case.send", "by", lambda x: CASE.send("close", at=START, by=x),
     [*NOT_ROLES, [1], ["agent", None], {"agent": 1}, ["x"] * 101], ArgumentError),
    ("Case.send", "actor", lambda x: CASE.send("close", at=START, actor=x), NOT_TEXTS,
     ArgumentError),
    ("Case.send", "at", lambda x: CASE.send("close", at=x), NOT_INSTANTS, ArgumentError),
    ("Case.returned", "case", lambda x: CASE.returned(x, at=START), [*ODD, None], ArgumentError),
    ("Case.returned", "at", lambda x: CASE.returned(CASE, at=x), NOT_INSTANTS, ArgumentError),
    ("Case.returned", "actor", lambda x: CASE.returned(CASE, at=START, actor=x), NOT_TEXTS,
     ArgumentError),
    ("Case.tick", "at", CASE.tick, NOT_INSTANTS, ArgumentError),
    ("Case.explain_deadline", "clock", CASE.explain_deadline, [*NOT_TEXTS, None], ArgumentError),
    ("Policy.decide_many", "rows", lambda x: POLICY.decide_many(x, on=DAY),
     [5, 0.5, b"x", {}, object(), Raising(), type, None, "x"], ArgumentError),
    ("Policy.decide_many", "on", lambda x: POLICY.decide_many([], on=x), NOT_DAYS, ArgumentError),
    ("Case.allowed", "by", lambda x: CASE.allowed(by=x), [*NOT_ROLES, [1]], ArgumentError),
    ("Case.allowed", "at", lambda x: CASE.allowed(at=x), [*ODD, "x"], ArgumentError),
    ("Case.maps", "vocabulary", CASE.maps, [*NOT_TEXTS, None], ArgumentError),
    ("Case.ways", "to", CASE.ways, [*NOT_TEXTS, None], ArgumentError),
    ("Case.ways", "by", lambda x: CASE.ways("closed", by=x), [*NOT_ROLES, [1]], ArgumentError),
    ("Case.ways", "at", lambda x: CASE.ways("closed", at=x), [*ODD, "x"], ArgumentError),
    ("Case.ways", "vocabulary", lambda x: CASE.ways("closed", x), NOT_TEXTS, ArgumentError),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "argument", "call", "wrong", "error"),
    ARGUMENTS,
    ids=[f"{each[0]}-{each[1]}-{at}" for at, each in enumerate(ARGUMENTS)],
)
def test_an_argument_of_the_wrong_kind_is_a_typed_error(name, argument, call, wrong, error):
    for value in wrong:
        with pytest.raises(TelecomRulesError) as caught:
            call(value)
        assert isinstance(caught.value, error), (name, argument, type(value))
        assert len(caught.value.explain("zh")) < 400
        if error is ArgumentError:
            assert caught.value.argument == argument
            assert f"`{argument}`" in str(caught.value)


@pytest.mark.parametrize("value", ["", "2026-03-02", "x y"])
def test_a_text_that_is_found_is_told_in_quotation_marks(value):
    with pytest.raises(ArgumentError) as caught:
        CASE.tick(value)
    for language in ("zh", "en"):
        assert f' "{value}"' in caught.value.explain(language)


def test_what_a_message_says_to_write_for_an_instant_is_taken():
    with pytest.raises(ArgumentError) as caught:
        CASE.tick(datetime(2026, 3, 2, 9, 30))  # noqa: DTZ001 - without a zone, that is the point
    for text in caught.value.wording:
        written = text[text.index("datetime(2026") :].strip()
        at = eval(written, {"datetime": datetime, "timezone": timezone, "timedelta": timedelta})  # noqa: S307
        assert CASE.tick(at + timedelta(days=7)).case.at.tzinfo is not None


def test_an_empty_id_is_told_as_one():
    with pytest.raises(ArgumentError, match='found ""'):
        WORKFLOW.start(FACTS, at=START, id="")


NEWER = telecom_rules.pack.link(
    broken(
        "workflows/handling.yaml",
        "version: 1.0.0",
        "version: 2.0.0\nmigrations: [{from: 1.0.0, cites: [book:2]}]",
    )
).require_pack()
MIGRATED = NEWER.workflows["handling"].migrate(CASE.dump(), at=START)
STRANDED = Stranded("C-1", "1.0.0", "", ("open",), REFUSED.reasons)
DECISION = POLICY.decide(FACTS, on=DAY)
FINDING = Finding("TR101", Span("a.yaml"), {"key": "until"})
STORE = CaseStore(MetaData(), PACK, clock=lambda: START)


def fail(call):
    """Return what an assert says that fails."""
    with pytest.raises(AssertionError) as caught:
        call()
    return str(caught.value)


SAYING: dict[str, Any] = {
    "Wording.say": Wording("投诉", "Complaint").say,
    "TelecomRulesError.explain": UnknownName(Wording("状态", "state"), "x").explain,
    "Decision.explain": DECISION.explain,
    "Decision.summary": DECISION.summary,
    "Explanation.say": DECISION.explanation.say,
    "Progress.explain": OPENED.explain,
    "Refused.explain": REFUSED.explain,
    "Migrated.explain": MIGRATED.explain,
    "DeadlineAccount.explain": CASE.explain_deadline("reply").explain,
    "Adopted.explain": WORKFLOW.adopt(FACTS, "open", at=START, id="C-1").explain,
    "Stranded.explain": STRANDED.explain,
    "Event.model_in": lambda x: str(WORKFLOW.events["close"].model_in(x).model_json_schema()),
    "FactType.model_in": lambda x: str(WORKFLOW.facts.model_in(x).model_json_schema()),
    "FactType.partial_in": lambda x: str(WORKFLOW.facts.partial_in(x).model_json_schema()),
    "rules_router": lambda x: (
        rules_router(STORE, "handling", session=sessionmaker(), who=Who, language=x).tags
    ),
    "Problem.dump": lambda x: str(describe(REFUSED).dump(x)),
    "answer_problem": lambda x: bytes(answer_problem(REFUSED, x).body),
    "Ways.explain": CASE.ways(CASE.state).explain,
    "Finding.concise": FINDING.concise,
    "render": lambda x: findings.render([FINDING], {}, x),
    "summarize": lambda x: findings.summarize([FINDING], x),
    "to_dot": lambda x: diagrams.to_dot(WORKFLOW, x),
    "assert_accepted": lambda x: fail(lambda: testing.assert_accepted(REFUSED, language=x)),
    "assert_refused": lambda x: fail(lambda: testing.assert_refused(OPENED, language=x)),
    "assert_due": lambda x: fail(lambda: testing.assert_due(CASE, "reply", START, language=x)),
    "assert_decides": lambda x: fail(
        lambda: testing.assert_decides(DECISION, language=x, grade="none")
    ),
    "to_decision_graph": lambda x: diagrams.to_decision_graph(POLICY, x),
    "to_svg": lambda x: diagrams.to_svg(WORKFLOW, x),
    "to_mermaid": lambda x: diagrams.to_mermaid(WORKFLOW, x),
    "to_xstate": lambda x: str(interop.to_xstate(WORKFLOW, x)),
}
"""Whatever is told in a language that the host names."""
NOT_LANGUAGES = [
    *(each for each in ODD),
    None,
    "",
    "fr",
    "english",
    "Chinese",
    "-zh",
    "z",
    "x" * 999,
]


@pytest.mark.parametrize("name", SAYING)
def test_a_language_is_read_by_the_first_part_of_its_tag(name):
    say = SAYING[name]
    chinese, english = say("zh"), say("en")
    assert chinese != english
    for tag in "ZH", "zh-hans", "zh_CN", "zh-Hant-TW", "zh_CN.UTF-8", "zh.utf8", "Zh@pinyin":
        assert say(tag) == chinese, tag
    for tag in "EN", "en-GB", "en_US.UTF-8", "En":
        assert say(tag) == english, tag


@pytest.mark.parametrize("name", SAYING)
def test_an_unknown_language_is_told_and_not_answered_in_english(name):
    for value in NOT_LANGUAGES:
        with pytest.raises(ArgumentError, match='"zh"') as caught:
            SAYING[name](value)
        assert caught.value.argument == "language"
        assert len(caught.value.explain("zh-Hans")) < 400


def test_a_report_of_nothing_has_a_language_as_well():
    silent = CASE.tick(at=START)
    assert silent.explain("zh") == ""
    for say in silent.explain, lambda x: findings.render([], {}, x):
        with pytest.raises(ArgumentError, match="`language`"):
            say("fr")


def test_everything_that_takes_a_language_is_in_the_table():
    package = Path(telecom_rules.__file__).parent
    asked = set()
    for file in package.rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        methods = {
            part: f"{each.name}.{part.name}"
            for each in ast.walk(tree)
            if isinstance(each, ast.ClassDef)
            for part in each.body
            if isinstance(part, ast.FunctionDef)
        }
        asked |= {
            methods.get(each, each.name)
            for each in ast.walk(tree)
            if isinstance(each, ast.FunctionDef)
            for argument in (*each.args.args, *each.args.kwonlyargs)
            if argument.arg == "language" and ast.unparse(argument.annotation) != "Language"
        }
    assert asked == set(SAYING)


def test_a_payload_of_the_wrong_kind_is_refused():
    for payload in (*ODD[:4], *ODD[5:], {"x": 1}):
        outcome = CASE.send("close", payload, at=START)
        assert [each.kind for each in outcome.reasons] == ["payload_invalid"]


def test_nothing_but_true_is_taken_for_trust():
    for value in (*ODD, None, "yes"):
        assert WORKFLOW.restore(CASE.dump(), trusted=value) == CASE


LEFT_OUT = {"self", "cls"}
WITHOUT_CHECKS = {"journal", "other_rules", "partial", "trusted"}
"""They are told in their rooms."""


@pytest.mark.parametrize("holder", [Pack, Packs, Policy, Workflow, Case, Entry])
def test_every_argument_of_the_public_methods_is_in_the_table(holder):
    told = {(each[0], each[1]) for each in ARGUMENTS} | {("Case.send", "payload")}
    for name, method in inspect.getmembers(
        holder, lambda it: inspect.isfunction(it) or inspect.ismethod(it)
    ):
        if name.startswith("_") or name not in vars(holder):
            continue
        for argument in inspect.signature(method).parameters:
            if argument not in LEFT_OUT | WITHOUT_CHECKS:
                assert (f"{holder.__name__}.{name}", argument) in told
