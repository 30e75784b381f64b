"""What the handler of each topic returns: variables that a diagram may rely on after its service task.

A topic that is not here may return anything; `ducha check` then says nothing about variables.
"""

from __future__ import annotations

from collections.abc import Mapping, Set

RANKED = {"ranking_words", "problem_words", "clue_words", "veto_words"}
QUOTA = frozenset({"quota_ok", "quota_words", "excluded_words", "roster_words"})

ANSWERS: Mapping[str, Set[str]] = {
    "complaint.register": {
        "complaint_no", "received_on", "triage_start", "handler", "target_unit", "target_unit_name",
        "duplicate_suggestions",
    },
    "complaint.hand_over": {"handler"},
    "complaint.supplemented": {"triage_start", "supplement_round"},
    "complaint.accept": {"accepted_on"},
    "complaint.merge": {"master_no"},
    "complaint.guide": {"guide_contact"},
    "complaint.decided": {"decided_on", "persons"},
    "case.close": {"closed_on"},
    "case.archive": {"archived_on"},
    "document.draft": {
        "doc_id", "title", "body", "signer", "doc_no", "main_to", "cc", "urgency", "publicity",
        "nonpub_reason", "checker", "chain", "legal_needed", "countersign", "repealed", "cited",
        "issuing_body", "check_result", "sign_result", "opinions", "examined", "basis_override",
    },
    "document.opinions": {"examined", "opinions"},
    "document.seal": set(),
    "document.void": {"doc_no"},
    "document.issue": {"doc_no", "issued_on"},
    "document.refuse": {"doc_no"},
    "document.served": {"served_on"},
    "document.announce": {"notice_no"},
    "document.receipt": {"receipt_id"},
    "document.record": {"record_id"},
    "document.copy_to_merged": {"merged_letters"},
    "document.copy_result": {"letter_to_deliver", "doc_id"},
    "publication.publish": {"publication_id", "published_on", "publish"},
    "deadline.extend": {
        "old_due", "new_due", "tell_complainant", "deliver", "approved_as", "extended_words",
    },
    "deadline.refuse_extension": {"new_due"},
    "deadline.suspend": set(),
    "deadline.resume": {"new_due"},
    "deadline.restart": set(),
    "channel.box_opened": {"opening_id"},
    "rectification.open": {
        "rect_no", "subject", "person", "unit_name", "items", "report_to", "basis", "source",
        "source_case_no",
    },
    "rectification.items": {"items", "report_to"},
    "rectification.reported": {"reported_on", "long_items"},
    "rectification.closed": {"rect_result", "closed_on"},
    "rectification.looked_back": {"rect_result"},
    "evaluation.screen": {*QUOTA, "recipients"},
    "evaluation.invited": {"answers"},
    "evaluation.confirm": {*QUOTA, "invitees"},
    "evaluation.cast": {"ballots", "ballots_cast"},
    "evaluation.tally": {"eval_scores", "scores_words", "targets_words", "opinions", "has_opinions"},
    "evaluation.replied": {"replies_words"},
    "self_check.prepare": {"half", "report_year", "last_rows"},
    "self_check.received": {"submitted_on", "self_total", "problem_words"},
    "self_check.settled": {"verified_total", "open_problems"},
    "self_check.summary": {
        "stats_words", "common_draft", "submitted_rate", "on_time_rate", "self_check_delta", "inner_notices",
    },
    "self_check.follow": {"rectifications", "late_clues", "follow_words"},
    "inspection.check": {"guard_ok", "guard_faults"},
    "inspection.choose": {"checklist_version"},
    "inspection.cancel": set(),
    "inspection.unit_score": {"unit_score", "unit_grade", "self_total", "inspectors_words"},
    "inspection.score": RANKED,
    "inspection.calibrate": RANKED,
    "inspection.bulletin": {"bulletin_draft"},
    "inspection.report": set(),
    "inspection.issued": {"bulletin_no", "bulletin_id", "bulletin_on", "public_text"},
    "inspection.close": set(),
    "inspection.teams": {"teams_words", "inspectors_words"},
    "inspection.team": {"team_no", "team_lead", "team_people", "inspectors_words"},
    "inspection.conclusion": {
        "has_result", "unit_total", "unit_problems", "conclusion_text", "rect_items", "clue_grounds",
        "clue_summary", "clue_words", "clue_persons",
    },
    "inspection.rescore": {
        "old_score", "new_score", "ranking_words", "rescore_words", "public_text", "bulletin_title",
    },
    "inspection.served": set(),
    "inspection.year_end": set(),
    "recusal.register": {"target_person", "target_name", "target_roles", "requested_on"},
    "recusal.decide": {"released", "decided_on", "recused"},
    "review.find": {
        "found", "source_case_no", "source_process", "decision_served_on", "service_proof", "unit_code",
        "unit_name", "original_measures", "original_words", "subject_kind", "person_type",
    },
    "review.judge": {"review_measures"},
    "review.effects": {"barred_awards", "rect_no"},
    "accountability.register": {
        "clue_no", "clue_on", "supplement_round", "optional_rules", "person_measures_by_lsg",
    },
    "accountability.answer_source": set(),
    "accountability.hand_to": {"handler"},
    "accountability.evidence": {"evidence_count"},
    "accountability.respondents": {"respondents"},
    "accountability.found": {"respondent", "subject_group"},
    "accountability.propose": {"respondent"},
    "accountability.state": {
        "respondents", "to_tell", "outcomes", "max_level", "measures_all", "defence_closed", "collective",
        "hand_over",
    },
    "accountability.told": {"told_on", "respondent"},
    "accountability.heard": {"respondent", "retell"},
    "accountability.decide": {
        "decided", "accountable", "decisions_made", "supplement", "supplement_round", "hand_over",
    },
    "accountability.issued": {"respondent", "measures", "decision_no", "served_on", "discipline"},
    "accountability.carried_out": {"executed_on"},
    "accountability.changed": {"respondent", "annulled", "restored_awards"},
    "accountability.standing": set(),
    "accountability.review_open": {"review_open"},
    "units.fan_out": set(),
    "yearly.prepare": {"before"},
    "yearly.keep": {"confirmed_on"},
    "yearly.collect": {"year_total", "year_words"},
    "units.collect": {"units_total", "units_reported", "units_missing", "missing_units", "units_words"},
}  # fmt: skip
