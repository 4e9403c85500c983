"""What several checks share: reachability, possible values, boxes, runs, counterexamples."""
