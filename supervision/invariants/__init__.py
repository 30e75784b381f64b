"""Due process on the diagram: what `processes/invariants.toml` demands of every run."""
