"""What reads the typed tree: the interpreter, the code generator, the explanations."""
