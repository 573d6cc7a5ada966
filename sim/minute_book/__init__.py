"""One future in words: what happened, to whom, why, and with which figures."""
