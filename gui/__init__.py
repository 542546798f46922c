"""The window: widgets that show what `zoetrope.core` computes. Computes nothing itself."""

if __name__ == "gui":
    raise ImportError("import this package as zoetrope.gui, never as gui")
