"""Puts numbers and names into words, for the sentences of the minutes. British English, no jargon."""

from dataclasses import dataclass

from sim.kernel.records import CAPITAL, POOL, RECONFIGURE, RISK_SHARE, SHIFT, WORKFORCE

AIMS = {
    SHIFT: "move care out of hospital in {place}",
    RISK_SHARE: "share financial risk",
    POOL: "pool health and care budgets in {place}",
    RECONFIGURE: "concentrate a hospital service used by {place} on one site",
    CAPITAL: "pay for a building scheme of {who}",
    WORKFORCE: "share staff rather than bid for them",
}


Told = tuple[str, str]  # what happened, and the reason


@dataclass(frozen=True)
class Happened:
    """One event in the form that wording needs: names as labels (None if there is none) and five figures."""

    who: str | None
    other: str | None
    place: str | None
    project: int | None
    aim: str
    figures: tuple[float, float, float, float, float]
    named: str | None = None  # the body that the reason names, where `other` is what the event is about
    again: bool = False  # the same votes and the same body in the way as when this proposal was last heard

    @property
    def proposal(self) -> str:
        if self.project is None:
            return f"the merger of {self.who} and {self.other}"
        return f"the proposal to {self.aim} (no. {self.project})"

    @property
    def work(self) -> str:
        """The name of the proposal once it is in force."""
        return f"the project to {self.aim} (no. {self.project})"

    @property
    def body(self) -> str:
        return self.who or "nobody"


def aim_of(kind: int, place: str | None, who: str | None = None) -> str:
    return AIMS[kind].format(place=place, who=who)


def money(amount: float, currency: str = "GBP ") -> str:
    """Format GBP million without its sign, to about two figures: 'GBP 12m', 'GBP 2.1m', 'GBP 310,000',
    'nothing'.
    """
    size = abs(amount)
    if size >= 9.95:
        return f"{currency}{size:,.0f}m"
    if size >= 0.995:
        return f"{currency}{size:.1f}m"
    if size >= 0.0995:
        return f"{currency}{round(size * 1e6, -4):,.0f}"
    if size >= 0.0005:
        return f"{currency}{round(size * 1e6, -3):,.0f}"
    return "nothing" if size == 0.0 else f"less than {currency}1,000"


def balance(amount: float) -> str:
    if abs(amount) < 0.0005:
        return "an even balance"
    return f"a {'surplus' if amount > 0 else 'deficit'} of {money(amount)}"


def against_target(outturn: float, target: float) -> str:
    """Say how a year's balance compares with the one required of a body (its control total)."""
    goal = "the even balance asked of it"
    if abs(target) >= 0.0005:
        goal = (
            f"the {'surplus' if target > 0 else 'deficit'} of {money(target)} "
            f"{'asked of' if target > 0 else 'allowed'} it"
        )
    return f"{money(outturn - target)} {'better' if outturn >= target else 'worse'} than {goal}"


def count(number: float, one: str, many: str | None = None) -> str:
    """Format a count: '1 body', '2 bodies', 'no bodies'."""
    whole = round(number)
    return f"{whole or 'no'} {one if whole == 1 else many or one + 's'}"


def bodies(number: float) -> str:
    return count(number, "body", "bodies")


def verb(number: float, one: str, many: str) -> str:
    return one if round(number) == 1 else many


def votes(yes: float, no: float) -> str:
    return f"{count(yes, 'vote')} for, {round(no) or 'none'} against"


def months_after_tabling(number: float) -> str:
    return f"{count(number, 'month')} after it was tabled" if number >= 0.5 else "in the month it was tabled"


def percent(share: float) -> str:
    if 0.0 < share < 0.005:
        return "less than 1%"
    return f"{100.0 * share:.0f}%"


def level(value: float) -> str:
    """Format a value or a trust to two decimals, without a negative zero."""
    return f"{value + 0.0:.2f}".replace("-0.00", "0.00")


def levels(one: float, other: float) -> tuple[str, str]:
    """Format two values with as many decimals as it takes to tell them apart, up to four."""
    for digits in (2, 3, 4):
        texts = f"{one:.{digits}f}", f"{other:.{digits}f}"
        if texts[0] != texts[1]:
            break
    return texts


def own_board(name: str) -> str:
    """Return 'Barnsley Council's own board'; a name that ends in brackets takes no apostrophe."""
    if name.endswith(")"):
        return f"the own board of {name}"
    return f"{name}' own board" if name.endswith("s") else f"{name}'s own board"


def gain(amount: float) -> str:
    """Say what a proposal would do for a body."""
    if abs(amount) < 0.0005:
        return "neither gain nor lose"
    return f"{'gain' if amount > 0 else 'lose'} {money(amount)} a year"


def sentence(what: str, reason: str) -> str:
    """Join what happened, and why, into one sentence."""
    text = f"{what}: {reason}." if reason else f"{what}."
    return text[0].upper() + text[1:]
