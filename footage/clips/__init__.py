"""From in and out points to a file: planned on the index, then copied bit for bit but for what must be made."""
