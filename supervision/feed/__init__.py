"""日历订阅: a secret address under which one's own calendar program fetches one's deadlines."""
