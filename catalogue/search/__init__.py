"""Search in speech: an index of every word said, in plain files that a browser reads without a server."""
