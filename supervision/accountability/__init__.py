"""问责: who answers for what, on which evidence, heard how, decided by whom, carried out how."""
