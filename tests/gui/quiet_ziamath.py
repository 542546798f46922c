"""Imports ziamath without its DeprecationWarning, which is an error in our tests."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import ziamath  # noqa: F401
