"""A member's downloads: asked for, made once, sent by links that survive a cut line."""
