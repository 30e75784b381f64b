"""案件: the row a case has beside its process instance, its number, who sees it and who may act in it."""
