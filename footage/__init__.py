"""Masters, proxies, clips. Of the other packages it uses only two leaves: catalogue.timecode and catalogue.sheet."""
