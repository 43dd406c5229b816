"""A build: what changed is found, made again beside the site, and published in one move."""
