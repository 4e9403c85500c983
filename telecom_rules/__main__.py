"""`python -m telecom_rules` is the command `telecom-rules`."""

from telecom_rules.cli import main

raise SystemExit(main())
