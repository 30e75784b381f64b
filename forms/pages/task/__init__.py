"""任务页: one task of a person: its form, its deadline, where its case stands."""
