"""演练: plays scenario files on a database of their own, with a clock that moves only when they say so."""
