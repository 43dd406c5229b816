"""Letters: written late, kept in an outbox until they are out; and the newsletter, which is letters to many."""
