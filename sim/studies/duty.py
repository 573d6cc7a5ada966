"""Asks what a shared duty does: each duty and role of councils against no duty and a mere consultation."""

from typing import ClassVar

from sim.studies.contrast import Contrast


class Duty(Contrast):
    """The keys of `configs/experiment/duty.yaml`."""

    experiment: ClassVar[str] = "duty"
    title: ClassVar[str] = "What a duty does, and equal councils"
    note: ClassVar[str] = "Triple aim: better health, better care, lower cost."
