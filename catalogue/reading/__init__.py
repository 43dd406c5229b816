"""What editors wrote, from bytes to records, with every mistake told by line and cure."""
