"""Generated code that decides sooner: it may be deleted whole without changing an answer."""
