"""Drawing only: every figure of experiments and of the paper."""
