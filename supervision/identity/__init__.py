"""投诉人身份: sealed field by field, opened only for who handles the case, each opening on record."""
