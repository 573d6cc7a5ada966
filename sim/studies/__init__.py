"""Studies: one question each, asked over sweeps. `study.py` says what a study is, `run.py` runs one,
`script.py` makes a command of it; `experiment.py` is for those that look over parameter sets.
"""
