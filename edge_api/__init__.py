"""The service: accounts, letters, newsletter, downloads. Everything a reader needs works without it."""
