"""Interviews: from Markdown to pages. Imports neither footage nor edge_api."""
