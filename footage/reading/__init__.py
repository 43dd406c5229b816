"""A film understood once: what it is, every frame of it, and where decoding may begin."""
