"""归档: the file of a closed case, ready to hand over. Source: DOMAIN 6.3; 档案法第三十七条 (S:DA art.37)."""
