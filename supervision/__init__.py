"""督查业务: what the regulation knows and a workflow engine does not."""
