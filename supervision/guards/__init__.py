"""守则: who may not do which task, and what may not be entered; asked at claim and again at completion.

One file per rule of DOMAIN 2.3. Reasons are Chinese and name the rule, for the person refused reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.instance.context import Guard
from supervision.evaluation.guard import evaluation_in_order
from supervision.guards.avoidance import no_self_handling, no_transfer_to_the_target
from supervision.guards.cancelling import only_the_head_cancels
from supervision.guards.deciding import decided_in_order, not_in_ones_own_case
from supervision.guards.hearing import hearing_in_order
from supervision.guards.inspection import inspected_by_its_team
from supervision.guards.leaks import demand_unnamed, no_identity_in_texts
from supervision.guards.merging import master_is_another_case
from supervision.guards.own_unit import named_outsiders, not_of_the_unit
from supervision.guards.period import within_the_handling_period
from supervision.guards.rectification import rectification_in_order
from supervision.guards.recusal import declared, must_declare, nobody_pending, not_recused
from supervision.guards.review import not_a_party_to_the_decision, reviewers_took_no_part
from supervision.guards.screening import screened_in_order
from supervision.guards.separation import separate_duties
from supervision.guards.service import served_in_order
from supervision.guards.standing_aside import nobody_standing_aside_is_named
from supervision.guards.two_people import two_people
from supervision.identity.key import Keys
from supervision.self_check.guard import self_check_in_order

__all__ = ["all_guards", "demand_unnamed", "must_declare"]


def all_guards(keys: Keys, processes: Path) -> Sequence[Guard]:
    """Every guard, in the order they are asked."""
    return (
        no_self_handling,
        only_the_head_cancels,
        not_recused,
        separate_duties,
        nobody_pending,
        not_a_party_to_the_decision,
        reviewers_took_no_part,
        inspected_by_its_team,
        declared,
        not_of_the_unit,
        named_outsiders,
        hearing_in_order,
        nobody_standing_aside_is_named,
        no_transfer_to_the_target,
        two_people,
        within_the_handling_period,
        master_is_another_case,
        not_in_ones_own_case,
        screened_in_order(processes),
        decided_in_order(processes),
        rectification_in_order,
        served_in_order,
        self_check_in_order,
        evaluation_in_order,
        no_identity_in_texts(keys),
    )
