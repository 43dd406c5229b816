"""Accounts: how one is opened, entered, mended and left."""
