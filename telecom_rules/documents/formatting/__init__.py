"""The formatter of YAML files: one style for all, with comments kept."""
