"""From the text of scenario files to scenarios of a pack."""
