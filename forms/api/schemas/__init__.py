"""What requests hold and answers give, one file per kind of thing."""
