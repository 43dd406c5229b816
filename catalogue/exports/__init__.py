"""The words of an interview as files that travel: captions, transcripts, shotlists, edit lists. Values in, files out;
neither disk nor clock is asked."""
