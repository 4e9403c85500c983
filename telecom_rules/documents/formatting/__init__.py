"""The formatter of YAML files: their one style, comments kept."""
