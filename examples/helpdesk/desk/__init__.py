"""This helpdesk: its settings, its addresses, and what binds its tickets to the rules."""
