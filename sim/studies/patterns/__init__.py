"""Stylised facts: whether each comes out, over parameter sets, and on which rule it hangs."""
