"""Which ids are one person, as the comparisons see it."""


class Persons:
    """Ids joined by the events that carry two of them."""

    def __init__(self):
        self.parents = {}

    def root(self, one):
        while self.parents.setdefault(one, one) != one:
            one = self.parents[one]
        return one

    def join(self, one, other):
        self.parents[self.root(one)] = self.root(other)
