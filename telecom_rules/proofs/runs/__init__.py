"""Runs of cases: which paths of a chart its conditions allow, and cases that go along them."""
