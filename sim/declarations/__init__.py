"""The vocabularies of the model, each declared once: parameters, dials, steps, kinds of body, indicators,
outcomes, kinds of event.
"""
