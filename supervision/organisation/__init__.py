"""组织机构: units with their 督查内设机构, roles and who holds them, complaint channels."""
