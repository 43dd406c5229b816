"""A master taken in: read, shown to readers, kept with its sheet."""
