"""4.6 Bargaining: winners pay losers out of their gain, cheapest losers first, until a proposal is carried.

A winner offers at most min(offer x G, u s / (1 - w)), or up to all of G where local resolution works. A
loser's price is (margin - u) s / ((1 - w) credibility), where credibility = sum over payers of their share x
(trust + (1 - trust) x enforceability). So an unenforceable promise is worth as much as the promiser is
trusted. A project keeps who pays and who receives; payers share the bill in proportion to offers.
"""

from sim.kernel.compiled import rule, snap
from sim.kernel.event_log import COMPENSATED, add_reason, note
from sim.kernel.records import CONSENT, NO_SAY, VOTE
from sim.rules.decisions.lay_members import lay_vote
from sim.rules.decisions.local_resolution import share_on_offer
from sim.rules.decisions.reasons import largest_payer
from sim.rules.decisions.tally import carried, expect_votes
from sim.rules.decisions.terms import worth

WON_OVER = 0.05  # how far above indifference an objector must be brought


@rule
def intend_offers(world, par):
    """Intention: what each winner offers for what is heard, GBP m a year. Mesa agents may overrule it."""
    org, project = world.org, world.project
    for q in range(project.size):
        if project[q].heard == 0:
            continue
        share = share_on_offer(par, project[q])
        for i in range(org.size):
            mine, body = world.stake[q, i], org[i]
            mine.offers = 0.0
            if mine.say != NO_SAY and mine.support > 0.0 and mine.gain > 0.0 and body.weight < 1.0:
                mine.offers = snap(min(share * mine.gain, mine.support * body.scale / (1.0 - body.weight)))


@rule
def purse_of(row):
    """Return the sum of all offers for one project, GBP m a year."""
    purse = 0.0
    for i in range(row.size):
        purse += row[i].offers
    return purse


@rule
def credibility(par, dial, row, trust, i, purse):
    """Return how far body i believes the winners' promises."""
    believed = 0.0
    for j in range(row.size):
        if j != i and row[j].offers > 0.0:
            word = trust[i, j] + (1.0 - trust[i, j]) * dial.enforceability
            believed += snap(row[j].offers / purse * word)
    return max(par.least_credibility, believed)


@rule
def is_courted(mine, among):
    """Return whether winners seek a body's consent now: that of voters until the vote is carried, then that
    of bodies that no vote binds. A vote that is not cast need not be won.
    """
    if among == VOTE:
        return mine.say == VOTE and mine.recused == 0
    return mine.say == among or (mine.say == VOTE and mine.keeps == 1)


@rule
def cheapest(org, row, among):
    """Return the cheapest objector with this say that is not yet won over, or -1; ties go by key."""
    best = -1
    for i in range(row.size):
        if not is_courted(row[i], among) or row[i].price <= 0.0 or row[i].receives > 0.0:
            continue
        if (
            best < 0
            or row[i].price < row[best].price
            or (row[i].price == row[best].price and org[i].key < org[best].key)
        ):
            best = i
    return best


@rule
def win_over(par, dial, org, row, lay, among, purse):
    """Buy objectors' consent from the purse. Returns what is left of it."""
    while True:
        if among == VOTE:
            yes, no = expect_votes(dial, org, row, par.consent_band)
            if carried(dial, yes, no, lay):
                return purse
        i = cheapest(org, row, among)
        if i < 0 or row[i].price > purse:
            return purse
        row[i].receives = snap(row[i].price)
        row[i].term_bargain = WON_OVER - row[i].support
        row[i].support = WON_OVER
        purse -= row[i].receives


@rule
def strike(par, dial, org, item, row, trust):
    """Strike one project's bargain. A body that makes an offer is not bought."""
    purse = purse_of(row)
    if purse <= 0.0:
        return
    for i in range(row.size):
        mine, body = row[i], org[i]
        mine.price = 0.0
        if mine.offers <= 0.0 and mine.part > 0.0 and mine.support < -par.consent_band and body.weight < 1.0:
            mine.belief = credibility(par, dial, row, trust, i, purse)
            mine.price = (WON_OVER - mine.support) * body.scale / ((1.0 - body.weight) * mine.belief)
    lay = lay_vote(par, item)
    left = win_over(par, dial, org, row, lay, VOTE, purse)
    left = win_over(par, dial, org, row, lay, CONSENT, left)
    item.compensation = purse - left
    for i in range(row.size):
        mine, body = row[i], org[i]
        if mine.offers > 0.0:
            mine.pays = item.compensation * mine.offers / purse
            mine.term_bargain = -worth(body, mine.pays)
            mine.support += mine.term_bargain


@rule
def bargain(world, par, dial, log):
    now, org, project, stake, trust = world.now, world.org, world.project, world.stake, world.trust
    for q in range(project.size):
        item = project[q]
        if item.heard == 1:
            item.compensation = 0.0
            strike(par, dial, org, item, stake[q], trust)
            for i in range(org.size):
                if stake[q, i].receives > 0.0:
                    asked = stake[q, i].receives
                    note(
                        log,
                        now.month,
                        COMPENSATED,
                        i,
                        item.place,
                        item.serial,
                        asked,
                        stake[q, i].gain,
                        stake[q, i].belief,
                    )
                    if log.size > 1:
                        most = largest_payer(stake[q], i)
                        add_reason(log, most, trust[i, most] if most >= 0 else 0.0, item.compensation)
