"""The judge of a clip, and what it says."""
