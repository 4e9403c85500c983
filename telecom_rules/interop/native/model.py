"""The model: the object that holds one case in a machine of another library."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.vocabulary import Record, Value
    from telecom_rules.workflows import Effect, Workflow


class Model:
    """The state of one case in a native machine; both libraries call it the model.

    A host may use any object of its own that has these attributes.

    Attributes:
        state: where the case is; the library sets it.
        facts: the facts of the case. A transition puts a new record here.
        effects: the work that the last event taken asked for; the host performs it.
        clocks: for each time limit its `elapsed` and `expired`, for guards that read them. The
            host keeps it up to date; a clock that is not in it is not known.
    """

    def __init__(self, workflow: Workflow, facts: Mapping[str, object] | None = None) -> None:
        """Read `facts` as the workflow does.

        Raises:
            FactsError: they do not fit; it lists everything wrong.
        """
        self.state: object = None
        self.facts: Record = workflow.facts.read({} if facts is None else facts)
        self.effects: tuple[Effect, ...] = ()
        self.clocks: Mapping[str, Mapping[str, Value]] = {}
