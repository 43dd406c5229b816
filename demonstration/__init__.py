"""The demonstration archive: its voices and its films, made from code."""
