"""The template tags; `{% load telecom_rules %}`."""
