"""Loaded first by workers of an embedded cluster: they leave Ctrl-C to the process that started them."""

import signal
import threading

if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
