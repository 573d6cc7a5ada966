"""Remembers recent answers, so that an answer is computed once when a whole class asks for it."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable


class Remembered:
    """The last `most` answers, by request. Any thread may ask; answers are computed one at a time."""

    def __init__(self, most: int):
        self.most = most
        self.lock = threading.Lock()
        self.answers: OrderedDict[Hashable, bytes] = OrderedDict()

    def get(self, asked: Hashable, answer: Callable[[], bytes]) -> bytes:
        """Returns the remembered answer, or what `answer` gives now."""
        with self.lock:
            if asked not in self.answers:
                self.answers[asked] = answer()
            self.answers.move_to_end(asked)
            while len(self.answers) > self.most:
                self.answers.popitem(last=False)
            return self.answers[asked]
