"""Bits, boxes and units as the standards write them: what a master's bytes say, without a decoder."""
