"""整改: what must be put right, by whom, what was reported, verified and closed. Source: R14; DOMAIN P5."""
