"""The worker: due cases and effects, what is lost, what is set aside."""

from __future__ import annotations

import os
import signal
import threading
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from telecom_rules.adapters.sqlalchemy import Conflict, Swept, UnreadableCase
from telecom_rules.errors import ArgumentError
from tests.adapters.desk import BEGUN


def test_due_cases_are_ticked_with_their_own_instants(place):
    for number in range(5):
        place.open(f"T-{number}", at=BEGUN + timedelta(hours=number))
    worker = place.worker(page=2)
    assert worker.run_once() == Swept()
    place.clock.go(days=30)
    assert worker.run_once() == Swept(ticked=5)
    assert worker.run_once() == Swept()
    warnings = [place.get(f"T-{number}").warnings[0].at for number in range(5)]
    assert len(set(warnings)) == 5
    assert place.journal("T-3")[0] == "start"
    assert len(place.journal("T-3")) == 3
    assert place.faults("T-3") == []


def test_a_damaged_row_is_set_aside_and_told_and_the_others_go_on(place):
    for id in ("T-1", "T-2", "T-3"):
        place.open(id)
    place.run("UPDATE rules_case SET state = 'nowhere' WHERE id = 'T-1'")
    place.run("UPDATE rules_case SET snapshot = '{' WHERE id = 'T-2'")
    place.clock.go(days=6)
    assert place.worker().run_once() == Swept(ticked=1, poisoned=("T-1", "T-2"))
    assert ("tick", "poisoned", None, None) in [tuple(each) for each in place.seen]
    with place.sessions() as session:
        problem = place.store.statements.find(session, "T-1").problem
    assert "nowhere" in problem
    assert place.worker().run_once() == Swept()
    with pytest.raises(UnreadableCase), place.begin() as session:
        place.store.release(session, "T-1")
    place.run("UPDATE rules_case SET state = 'open' WHERE id = 'T-1'")
    with place.begin() as session:
        place.store.release(session, "T-1")
    assert place.worker().run_once() == Swept(ticked=1)


def test_a_case_that_others_change_meanwhile_is_lost_to_them(place, monkeypatch):
    place.open("T-1")
    place.open("T-2")
    place.clock.go(days=6)
    tick = place.store.tick

    def lose(session, id, *, at):
        if id == "T-1":
            raise Conflict(id)
        return tick(session, id, at=at)

    monkeypatch.setattr(place.store, "tick", lose)
    assert place.worker().run_once() == Swept(ticked=1, lost=1)


def test_cases_of_other_tenants_and_closed_ones_are_left_alone(place):
    place.open()
    place.send("take")
    place.send("solve", by="agent")
    other = place.store.of("acme", place.store.packs)
    with place.begin() as session:
        other.open(session, "handling", {"subject": "x"}, id="T-1")
    place.clock.go(days=30)
    assert place.worker().run_once() == Swept()


def notes(place, count: int) -> None:
    place.open()
    place.send("take")
    for number in range(count):
        place.send("note", {"note": f"n{number}"})


def test_each_effect_is_done_with_its_key_and_payload(place):
    notes(place, 3)
    worker, done = place.worker(), []
    worker.effect("tell")(done.append)
    assert worker.run_once() == Swept(effects=3)
    assert [(each.key, each.effect, each.payload, each.attempt) for each in done] == [
        (f"T-1/{2 + number}/0", "tell", {"note": f"n{number}"}, 1) for number in range(3)
    ]
    assert done[0].at == BEGUN
    assert worker.run_once() == Swept()
    waiting = select(place.store.tables.outbox.c.effect).where(
        place.store.tables.outbox.c.done_at.is_(None)
    )
    with place.sessions() as session:
        assert session.scalars(waiting).all() == ["greet"]  # nobody does it


def test_an_effect_that_fails_is_tried_again_later_and_given_up_in_the_end(place):
    notes(place, 2)
    worker = place.worker(attempts=3)
    tried = []

    @worker.effect("tell")
    def fail(effect) -> None:
        tried.append((effect.key, effect.attempt))
        if effect.key == "T-1/2/0":
            raise ConnectionError("no mail server")

    assert worker.run_once() == Swept(effects=1, failed=("T-1/2/0",))
    assert worker.run_once() == Swept()
    place.clock.go(seconds=2)
    assert worker.run_once() == Swept(failed=("T-1/2/0",))
    place.clock.go(seconds=4)
    assert worker.run_once() == Swept(given_up=("T-1/2/0",))
    place.clock.go(days=1)
    assert worker.run_once() == Swept()
    assert tried == [("T-1/2/0", 1), ("T-1/3/0", 1), ("T-1/2/0", 2), ("T-1/2/0", 3)]
    with place.sessions() as session:
        (problem,) = session.scalars(
            select(place.store.tables.outbox.c.problem).where(
                place.store.tables.outbox.c.problem.is_not(None)
            )
        )
    assert problem == "ConnectionError: no mail server"


def test_what_a_killed_worker_has_claimed_is_done_by_another_after_the_lease(place):
    notes(place, 1)
    worker = place.worker(lease=timedelta(seconds=30))

    @worker.effect("tell")
    def die(effect) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        worker.run_once()
    other, done = place.worker(), []
    other.effect("tell")(done.append)
    assert other.run_once() == Swept()
    place.clock.go(seconds=30)
    assert other.run_once() == Swept(effects=1)
    assert (done[0].key, done[0].attempt) == ("T-1/2/0", 2)


def test_an_effect_that_kills_its_worker_each_time_is_given_up_in_the_end(place):
    notes(place, 2)
    tried = []

    def lose(effect) -> None:
        tried.append((effect.key, effect.attempt))
        if effect.key == "T-1/2/0":
            raise KeyboardInterrupt

    for _ in range(2):
        worker = place.worker(attempts=2, lease=timedelta(seconds=30))
        worker.effect("tell")(lose)
        with pytest.raises(KeyboardInterrupt):
            worker.run_once()
        place.clock.go(seconds=30)
    last = place.worker(attempts=2)
    last.effect("tell")(lose)
    assert last.run_once() == Swept(given_up=("T-1/2/0",))
    place.clock.go(days=1)
    assert last.run_once() == Swept()
    assert tried == [("T-1/2/0", 1), ("T-1/3/0", 1), ("T-1/2/0", 2)]
    outbox = place.store.tables.outbox
    waiting = select(outbox.c.problem).where(outbox.c.key == "T-1/2/0", outbox.c.done_at.is_(None))
    with place.sessions() as session:
        assert session.scalars(waiting).all() == [
            "TimeoutError: no worker came back from attempt 2"
        ]


def test_an_effect_that_was_given_up_is_done_once_its_attempts_are_set_back(place):
    notes(place, 1)
    worker = place.worker(attempts=1)
    worker.effect("tell")(lambda _: 1 / 0)
    assert worker.run_once() == Swept(given_up=("T-1/2/0",))
    place.run("UPDATE rules_outbox SET attempts = 0, not_before = at WHERE not_before IS NULL")
    worker.effect("tell")(lambda _: None)
    assert worker.run_once() == Swept(effects=1)


def test_workers_pass_over_what_others_claim(postgres_place):
    place = postgres_place
    notes(place, 2)
    first, second = place.worker(), place.worker()
    names = ["tell"]
    with place.begin() as one, place.begin() as two:
        a = first._outbox.claim(one, names, place.clock.now)
        b = second._outbox.claim(two, names, place.clock.now)
    assert {a.key, b.key} == {"T-1/2/0", "T-1/3/0"}


def test_a_worker_runs_until_it_is_stopped(place):
    place.open()
    place.clock.go(days=6)
    worker = place.worker()
    thread = threading.Thread(target=worker.run, args=(0.01,))
    thread.start()
    while not place.get().warnings:
        pass
    worker.stop()
    thread.join(10)
    assert not thread.is_alive()


def test_a_worker_ends_on_sigterm_and_leaves_the_handler_as_it_was(place):
    notes(place, 3)
    worker, done = place.worker(), []
    before = signal.getsignal(signal.SIGTERM)

    @worker.effect("tell")
    def end(effect) -> None:
        done.append(effect.key)
        if len(done) == 1:
            os.kill(os.getpid(), signal.SIGTERM)

    worker.run(0.01)
    assert len(done) == 1
    assert signal.getsignal(signal.SIGTERM) is before
    assert worker.run_once().effects == 2  # and it can be run again


def test_a_database_that_is_away_for_a_while_does_not_end_a_worker(place):
    notes(place, 1)
    worker, done = place.worker(), []
    failures = iter([True, True])

    @event.listens_for(place.engine, "before_cursor_execute")
    def fail(connection, cursor, statement, *_):
        if statement.startswith("SELECT") and next(failures, False):
            from sqlalchemy.exc import OperationalError  # noqa: PLC0415 - only here

            raise OperationalError(statement, {}, Exception("away"))

    @worker.effect("tell")
    def finish(effect) -> None:
        done.append(effect.key)
        worker.stop()

    worker.run(0.01)
    event.remove(place.engine, "before_cursor_execute", fail)
    assert done == ["T-1/2/0"]
    assert [each.outcome for each in place.seen if each.operation == "worker"] == [
        "OperationalError", "OperationalError",
    ]  # fmt: skip


def test_effects_that_take_longer_than_their_lease_are_done_in_the_end(place):
    notes(place, 1)
    first, second = (place.worker(lease=timedelta(seconds=30)) for _ in range(2))
    calls = []

    @second.effect("tell")
    def fail(effect) -> None:
        calls.append(("second", effect.attempt))
        raise ConnectionError

    @first.effect("tell")
    def overrun(effect) -> None:
        calls.append(("first", effect.attempt))
        place.clock.go(seconds=31)
        claimed.append(second._claim(None, None))

    claimed = []
    assert first.run_once().effects == 1
    (again,) = claimed
    assert second._claim(again, second._perform(again)) is None
    place.clock.go(days=1)
    assert (first.run_once().effects, second.run_once().effects) == (0, 0)
    assert calls == [("first", 1), ("second", 2)]


@pytest.mark.parametrize("broken", ["raises", "naive"])
def test_a_clock_that_fails_sets_no_case_aside(place, broken):
    place.open("T-1")
    place.clock.go(days=6)
    ticks = iter([place.clock.now])

    def clock():
        now = next(ticks, None)
        if now is None and broken == "raises":
            raise OSError("no clock")
        return now or place.clock.now.replace(tzinfo=None)

    with pytest.raises((OSError, ArgumentError)):
        place.worker(clock=clock).run_once()
    assert place.worker().run_once() == Swept(ticked=1)
