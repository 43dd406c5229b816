"""What comes in and goes out over HTTP, as values: forms, pages, ranges, paths, headers."""
