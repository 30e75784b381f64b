"""逐单位下发: one process for each unit, asked for by a step of another one, and what the units answered."""
