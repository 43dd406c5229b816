"""Masters, proxies and clips. Of the catalogue it uses only the leaves timecode and sheet."""
