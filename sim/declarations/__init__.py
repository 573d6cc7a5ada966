"""Each vocabulary of the model, declared once: parameters, dials, steps, kinds of body, indicators, outcomes,
kinds of event.
"""
