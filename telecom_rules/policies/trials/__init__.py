"""Rules tried out on records: what other rules would decide, and what deciding takes.

`profile` is imported by its own name: a host that decides has no need of it.
"""

from telecom_rules.policies.trials.changes import (
    DecisionChange,
    OutputChange,
    describe_answer,
    dump_answer,
    find_change,
    keep_common_facts,
)
from telecom_rules.policies.trials.shadow import Shadow, ShadowedPolicy

__all__ = [
    "DecisionChange",
    "OutputChange",
    "Shadow",
    "ShadowedPolicy",
    "describe_answer",
    "dump_answer",
    "find_change",
    "keep_common_facts",
]
