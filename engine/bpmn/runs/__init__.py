"""Questions about all runs of a diagram: what comes before what, whatever the conditions say."""
