"""What holds for all tests."""

import os

from hypothesis import settings

# At home every run draws new examples; where a run decides whether a change lands, the same change gets the same ones.
settings.register_profile("home", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "home")
