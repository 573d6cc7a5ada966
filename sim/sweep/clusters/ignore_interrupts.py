"""Workers of an embedded cluster load this first, to leave Ctrl-C to the process that started them."""

import signal
import threading
from typing import Any


def dask_setup(worker: Any) -> None:
    """Dask calls this in a worker that starts. Importing this module changes nothing: others may want their
    Ctrl-C.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
