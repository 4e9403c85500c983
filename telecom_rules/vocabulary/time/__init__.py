"""Periods, durations, deadlines and working calendars."""
