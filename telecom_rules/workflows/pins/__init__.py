"""What a case may have done so far, as a digest: the pin that a snapshot carries."""
