"""Stylised facts: whether the model shows each of them over parameter sets, and which rule it depends on."""
