"""The demonstration archive's films: invented interviews, spoken by synthetic voices over drawn pictures.

Two programs. `python -m demonstration.voices` is run by a maintainer when spoken words change; its results, small Opus
files and their times, are committed. `python -m demonstration.films` is run by `scripts/serve` on every machine: it
draws, encodes and ingests each film once.
"""
