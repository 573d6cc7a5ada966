"""Asks what mergers do to a local system, by who may bring them about: each way of merging against none."""

from typing import ClassVar

from sim.studies.contrast import Contrast


class Mergers(Contrast):
    """The keys of `configs/experiment/mergers.yaml`."""

    experiment: ClassVar[str] = "mergers"
    title: ClassVar[str] = "What mergers do, by who may bring them about"
    note: ClassVar[str] = "NHS trusts can be directed in all but the first."
