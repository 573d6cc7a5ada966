"""Answers given lately: what a class asks for at once is worked out once."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable


class Remembered:
    """The last so many answers by what was asked. Any thread may ask; answers are worked out one at a
    time.
    """

    def __init__(self, most: int):
        self.most = most
        self.lock = threading.Lock()
        self.answers: OrderedDict[Hashable, bytes] = OrderedDict()

    def get(self, asked: Hashable, answer: Callable[[], bytes]) -> bytes:
        """What was answered before, or what `answer` gives now."""
        with self.lock:
            if asked not in self.answers:
                self.answers[asked] = answer()
            self.answers.move_to_end(asked)
            while len(self.answers) > self.most:
                self.answers.popitem(last=False)
            return self.answers[asked]
