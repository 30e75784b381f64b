"""公众页面: complain, follow, read what was published. No account, no address kept, no JavaScript needed."""
