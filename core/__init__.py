"""The compute layer: mathematics, parameters, figures, recipes and the engine. Imports no Qt."""

if __name__ == "core":
    raise ImportError("import this package as zoetrope.core, never as core")
