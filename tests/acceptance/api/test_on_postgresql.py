"""The API on PostgreSQL: what programs do most, and what only that database minds, by the same tests."""

from __future__ import annotations

from tests.acceptance.api.test_once import (  # noqa: F401  (run here again)
    test_completing_twice_with_one_key_is_one_step_and_one_answer,
    test_starting_twice_with_one_key_starts_one_instance,
    test_what_was_refused_may_be_tried_again_with_the_key,
)
from tests.acceptance.api.test_problems import (  # noqa: F401
    test_addresses_with_odd_characters_find_nothing,
    test_every_fault_is_named_in_chinese_with_its_place,
)
from tests.acceptance.api.test_repairs import (  # noqa: F401
    admin,
    stuck,
    test_a_variable_is_mended_and_the_step_tried_again,
)
from tests.acceptance.api.test_tasks import (  # noqa: F401
    test_a_case_is_worked_on_by_programs_step_by_step,
    test_the_inbox_pages_by_key_and_is_the_inbox_of_the_page,
)
from tests.acceptance.pages.test_on_postgresql import context, prepared, settings

__all__ = ["context", "prepared", "settings"]
