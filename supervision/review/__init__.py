"""复核: the decision that is reviewed, who took part in it, and what follows when it is changed."""
