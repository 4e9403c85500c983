"""The model: the object with the state of one case in a machine of another library."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.vocabulary import Record, Value
    from telecom_rules.workflows import Effect, Workflow


class Model:
    """The state of one case in a native machine; both libraries call it the model.

    A host may use any object with these attributes.

    Attributes:
        state: the active state; the library sets it.
        facts: the facts of the case. A transition assigns a new record.
        effects: the effects emitted by the last event; the host performs them.
        clocks: for each time limit its `elapsed` and `expired`, for guards that read them. The
            host keeps it up to date; a clock that is not in it is unknown.
    """

    def __init__(self, workflow: Workflow, facts: Mapping[str, object] | None = None) -> None:
        """Read `facts` as the workflow does.

        Raises:
            FactsError: they do not fit; every mistake is listed.
        """
        self.state: object = None
        self.facts: Record = workflow.facts.read({} if facts is None else facts)
        self.effects: tuple[Effect, ...] = ()
        self.clocks: Mapping[str, Mapping[str, Value]] = {}
