"""4.4 What a proposal's number draws: its kind, its place or provider, and each body's luck and noise."""

from sim.kernel.chance import APPRAISAL, PROJECT_KIND, PROJECT_LUCK, PROJECT_PLACE, bell, uniforms
from sim.kernel.compiled import rule, snap
from sim.kernel.records import CAPITAL, POOL, RECONFIGURE, RISK_SHARE, SHIFT, WORKFORCE
from sim.rules.proposals.capital import choose_provider
from sim.rules.services.small_partners import noise_of


@rule
def choose_kind(par, draw):
    """Return the kind of proposal that a draw in (0, 1) stands for."""
    known = par.weight_shift + par.weight_risk_share + par.weight_pool
    at = draw * (known + par.weight_reconfigure + par.weight_capital + par.weight_workforce)
    if at < par.weight_shift:
        return SHIFT
    if at < par.weight_shift + par.weight_risk_share:
        return RISK_SHARE
    if at < known:
        return POOL
    if at < known + par.weight_reconfigure:
        return RECONFIGURE
    return CAPITAL if at < known + par.weight_reconfigure + par.weight_capital else WORKFORCE


@rule
def choose_place(now, place, serial):
    """Return the place with the highest draw for the proposal. So the order of places does not matter, and
    one more place changes only those proposals that it wins.
    """
    best = 0
    highest = 0.0
    for p in range(place.size):
        drawn = uniforms(now, PROJECT_PLACE, serial, place[p].key, 0)[0]
        if drawn > highest or (drawn == highest and place[p].key > place[best].key):
            best, highest = p, drawn
    return best


@rule
def draw_idea(world, par, serial):
    """Return (kind of the team's next proposal, its place or its provider)."""
    now = world.now
    kind = choose_kind(par, uniforms(now, PROJECT_KIND, serial, serial, 0)[0])
    if kind == CAPITAL:
        return kind, choose_provider(now, world.org, serial)
    return kind, choose_place(now, world.place, serial)


@rule
def weigh_up(now, par, org, item, row):
    """Add each body's luck and noise, and sum the project's benefit. Returns whether anything is at stake."""
    item.benefit = snap(item.patients)
    item.stakes = 0.0
    parts = 0.0
    largest = 0.0
    for i in range(row.size):
        mine = row[i]
        if mine.part <= 0.0:
            continue
        mine.gain *= 1.0 + par.luck * bell(now, PROJECT_LUCK, item.serial, org[i].key, 0)
        stake = min(1.0, abs(mine.gain) / org[i].scale)
        mine.noise = (
            noise_of(par, org[i])
            * par.noise
            * (par.noise_floor + stake)
            * bell(now, APPRAISAL, item.serial, org[i].key, 0)
        )
        item.benefit += snap(mine.gain)
        item.stakes += snap(org[i].scale)
        parts += snap(mine.part)
    for i in range(row.size):
        mine = row[i]
        if mine.part > 0.0:
            mine.part = snap(mine.part / parts)
            tied = mine.part == largest and item.sponsor >= 0 and org[i].key > org[item.sponsor].key
            if mine.part > largest or tied:  # a tie is broken by key, never by place in the list
                largest = mine.part
                item.sponsor = i
        else:
            mine.noise = (
                noise_of(par, org[i])
                * par.noise
                * par.noise_floor
                * bell(now, APPRAISAL, item.serial, org[i].key, 0)
            )
    return parts > 0.0
