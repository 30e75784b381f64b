"""公开评议: who is invited, what they and the public say, what it comes to. Source: R7¶2; DOMAIN P6."""
