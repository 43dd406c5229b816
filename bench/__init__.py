"""Benchmarks: commands that print ratios against named alternatives, on archives made up here."""
