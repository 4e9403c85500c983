"""From the definition of a workflow to its chart."""
