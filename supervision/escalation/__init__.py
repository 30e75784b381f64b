"""逐级督办: what follows when a deadline climbs the ladder: notices, cards, 催办, 约谈, clues."""
