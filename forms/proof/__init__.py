"""期限证明 for people: `sheet` says it in facts and lines, `grid` draws its days as months."""
