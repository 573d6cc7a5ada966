"""Loaded first by workers of an embedded cluster: they leave Ctrl-C to the process that started them."""

import signal
import threading
from typing import Any


def dask_setup(worker: Any) -> None:
    """Called by Dask in a worker that starts. Importing this module changes nothing: whoever imports it may
    want its Ctrl-C.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
