"""Shrinks a token net without changing whether it can stop half-way or double its tokens.

Four rules, applied until none fits: a step with one way in and one way out vanishes; two places that lead
from a split to its own join become one; a way straight back into the same merge vanishes; a merge and the
split that alone follows it become one.
Source: T. Murata, Petri Nets: Properties, Analysis and Applications, Proc. IEEE 77(4), 1989, section V.
"""

from __future__ import annotations

from collections import defaultdict

from engine.bpmn.checks.net import START, Net, Transition


def shrink(net: Net) -> None:
    """Applies the rules in place."""
    todo = dict.fromkeys(net.transitions)
    while todo:
        name = next(iter(todo))
        del todo[name]
        transition = net.transitions.get(name)
        if transition is None:
            continue
        touched = _twins(net, transition) | _backward(net, transition) | _follow(net, transition)
        todo.update(dict.fromkeys(touched & net.transitions.keys()))


def _twins(net: Net, split: Transition) -> set[str]:
    """Places from `split` to the same join, of which a token always fills what the join needs."""
    groups: dict[str, list[int]] = defaultdict(list)
    for place in sorted({place for option in split.options for place in option}):
        groups[net.places[place].target].append(place)
    touched: set[str] = set()
    for target, places in groups.items():
        join = net.transitions[target]
        for other in places[1:]:
            if join is not split and _matching(split, join, places[0], other):
                _replace(net, split, other, places[0])
                touched |= {split.id, target}
    return touched


def _matching(split: Transition, join: Transition, one: int, other: int) -> bool:
    filled = [(one in option, other in option) for option in split.options]
    if join.join == "one":
        return not any(a and b for a, b in filled)
    return join.join == "some" or all(a == b for a, b in filled)


def _replace(net: Net, split: Transition, old: int, new: int) -> None:
    place = net.places.pop(old)
    net.places[new].works |= place.works
    net.transitions[place.target].incoming.discard(old)
    options = [tuple(dict.fromkeys(new if p == old else p for p in option)) for option in split.options]
    split.options = list(dict.fromkeys(options))


def _backward(net: Net, merge: Transition) -> set[str]:
    """Going round once more changes nothing."""
    back = {option[0] for option in merge.options if len(option) == 1} & merge.incoming
    onward = [option for option in merge.options if option not in {(place,) for place in back}]
    if merge.join != "one" or not back or not onward:
        return set()
    merge.options = onward
    staying = {place for option in onward for place in option}
    for place in back - staying:
        merge.incoming.discard(place)
        worked = net.places.pop(place).works
        for number in staying:
            net.places[number].works |= worked
    return {merge.id}


def _follow(net: Net, first: Transition) -> set[str]:
    """`first` has one way out, or one way in with one way out: it and its neighbour become one."""
    if len(first.options) != 1 or len(first.options[0]) != 1 or first.halts:
        return set()  # a step that is fixed may take in what follows, but not vanish
    (place,) = first.options[0]
    then = net.transitions[net.places[place].target]
    if then is first:
        return set()
    if len(first.incoming) == 1 and not first.fixed:
        return _skip(net, first, place)
    if len(then.incoming) == 1 and not (then.halts or then.fixed) and any(then.options):
        return _join(net, first, then, place)
    return set()


def _skip(net: Net, step: Transition, after: int) -> set[str]:
    """A step with one place before and one after it: the place before leads on."""
    (before,) = step.incoming
    gone, kept = net.places.pop(after), net.places[before]
    kept.target, kept.label = gone.target, gone.label
    kept.works |= gone.works or step.works
    then = net.transitions[gone.target]
    then.incoming.discard(after)
    then.incoming.add(before)
    del net.transitions[step.id]
    return {then.id} | ({kept.source} - {START})


def _join(net: Net, merge: Transition, split: Transition, between: int) -> set[str]:
    """Nothing else leads to `split`: what reaches `merge` goes where `split` sends it."""
    place = net.places.pop(between)
    merge.options = split.options
    for number in {number for option in split.options for number in option}:
        after = net.places[number]
        after.source, after.works = merge.id, after.works or place.works or split.works
    del net.transitions[split.id]
    sources = {net.places[number].source for number in merge.incoming}
    return {merge.id} | (sources - {START})
