"""Generated code for fast decisions. The room may be deleted without changing a decision."""

from telecom_rules.policies.fast.compile import build_record_function
from telecom_rules.policies.fast.fused import build_facts_function

__all__ = ["build_facts_function", "build_record_function"]
