"""Text made safe where HTML is written by hand."""


def escape(text: str) -> str:
    """Text for between tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(text: str) -> str:
    """Text for between the double quotes of an attribute."""
    return escape(text).replace('"', "&#34;")
