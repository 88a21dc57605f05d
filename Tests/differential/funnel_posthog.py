"""PostHog's funnel, step by step as its published algorithm goes, for one person.

Sources: PostHog/posthog funnel-udf/src/steps.rs, unordered_steps.rs and trends.rs; in words in the page
of definitions that the project was built from. Written to be read beside them, not to be fast.
"""

import copy
import itertools
import math
import random


class Chain:
    """A try: when its first step was, and the events taken for the steps since."""

    def __init__(self, start):
        self.start = start
        self.tainted = False
        self.taken = {}

    def times(self, level):
        """A moment for each step; None for an optional one that was left out."""
        return tuple(self.taken[step].at if step in self.taken else None for step in range(1, level + 1))


class Outcome:
    """The furthest level, its chain, whether the person leaves the funnel, and the chains at the end."""

    def __init__(self, level, chain, removed, chains):
        self.level = level
        self.chain = chain
        self.removed = removed
        self.chains = chains

    @property
    def key(self):
        """As the program reports it; who left and who never entered are not there."""
        if self.removed or self.level == 0:
            return None
        return self.level, self.chain.start, self.chain.times(self.level)


class Steps:
    """Sequential and strict funnels.

    `excluded(row)` are the steps k such that the row may not come between k-1 and k.
    """

    rich = 0.25  # how many rows fit several steps

    def __init__(self, steps, window, strict=False, optional=(), excluded=lambda row: (), allowed=None):
        self.steps = steps
        self.window = window
        self.strict = strict
        self.optional = set(optional)
        self.excluded = excluded
        self.allowed = allowed or (lambda step, row: True)

    def outcome(self, rows):
        """`rows` in array order, by time; what fits nothing is seen by strict funnels alone."""
        self.chains = [None] * (self.steps + 1)
        self.level, self.furthest = 0, None
        marked = [(row, (tuple(row.steps), tuple(self.excluded(row)))) for row in rows]
        if not self.strict:
            marked = [(row, marks) for row, marks in marked if marks != ((), ())]
        for at, tied in itertools.groupby(marked, key=lambda pair: pair[0].at):
            tied = list(tied)
            self.chains[0] = Chain(at)
            if all(marks == tied[0][1] for _, marks in tied):
                for row, marks in tied:
                    self.accept(row, *marks, exploded=False)
            else:
                single = [(step, row) for row, (fits, _) in tied for step in fits]
                for step, row in sorted(single, key=lambda pair: pair[0]):
                    self.accept(row, (step,), (), exploded=True)
            if self.chains[self.steps] is not None:
                break
        removed = self.furthest is not None and self.furthest.tainted
        return Outcome(self.level, self.furthest, removed, self.chains)

    def orders(self, rows):
        return orders(rows)

    def comparable(self, found):
        return found

    def key(self, rows):
        return self.outcome(rows).key

    def open_chain(self, step, at):
        """Index of the chain that `step` goes on from: of the step before, or before optional ones."""

        def fits(index):
            chain = self.chains[index]
            return chain is not None and at - chain.start <= self.window

        index = step - 1
        while index > 0 and not fits(index) and index in self.optional:
            index -= 1
        return index if fits(index) else None

    def accept(self, row, fits, excluded, exploded):
        for step in reversed(excluded):
            index = self.going_on(step, row.at)
            if index is not None:
                self.taint(index, row.at)
        for step in reversed(fits):
            index = self.going_on(step, row.at)
            if index is not None and self.allowed(step, row):
                self.advance(index, step, row, exploded)
        if self.strict and not exploded:
            for step in range(1, self.steps + 1):
                if step not in fits:
                    self.chains[step] = None

    def going_on(self, step, at):
        """None when out of the window, or when this try has been at `step` already."""
        index = self.open_chain(step, at)
        if index is None:
            return None
        there = self.chains[step]
        return None if there is not None and there.start == self.chains[index].start else index

    def taint(self, index, at):
        if self.chains[index].tainted:
            return
        self.chains[index].tainted = True
        if self.level == index and self.furthest and at - self.furthest.start <= self.window:
            self.furthest.tainted = True

    def advance(self, index, step, row, exploded):
        before = self.chains[index]
        required = (taken for index, taken in before.taken.items() if index not in self.optional)
        if exploded and any(row is taken for taken in required):
            return
        chain = copy.copy(before)
        chain.taken = {**before.taken, step: row}
        if not before.tainted:
            self.chains[step] = chain
        if step > self.level or (step == self.level and self.furthest.tainted):
            self.level, self.furthest = step, copy.copy(chain)


def orders(rows, most=200):
    """The rows with those of equal time in every order that can matter; of very many, some by chance."""
    groups = [list(group) for _, group in itertools.groupby(rows, key=lambda row: row.at)]
    # Rows that fit one step each are sorted by it, and rows that are alike are alike in any order.
    fixed = [len(group) == 1 or all(len(row.steps) == 1 for row in group) for group in groups]
    sizes = [1 if still else math.factorial(len(group)) for group, still in zip(groups, fixed)]
    if math.prod(sizes) <= most:
        choices = [[group] if still else alike(group) for group, still in zip(groups, fixed)]
        for chosen in itertools.product(*choices):
            yield [row for group in chosen for row in group]
        return
    generator = random.Random(len(rows))
    for _ in range(most):
        yield [row for group in groups for row in generator.sample(group, len(group))]


def alike(group):
    """The orders of these rows, those that look the same once."""
    return {tuple((row.steps, row.extra) for row in order): order for order in itertools.permutations(group)}.values()


class AnyOrder:
    """Unordered funnels: the first of each step within a window that ends with the newest event."""

    rich = 0.25  # how many rows fit several steps

    def __init__(self, steps, window, excluded=lambda row: False):
        self.steps = steps
        self.window = window
        self.excluded = excluded

    def outcome(self, rows):
        self.queues = [[] for _ in range(self.steps)]
        self.best = []
        rows = [row for row in rows if row.steps or self.excluded(row)]
        for row in rows:
            self.slide(row.at)
            if not row.steps:
                self.queues = [[] for _ in range(self.steps)]
                continue
            if len(self.best) == self.steps:
                break
            self.queue_of(row).append(row.at)
        self.remember()
        return sorted(self.best)

    def orders(self, rows):
        return orders(rows)

    def comparable(self, found):
        return found

    def key(self, rows):
        """Level, entry and times as the program reports them; nobody enters without a step."""
        times = self.outcome(rows)
        return (len(times), times[0], tuple(times)) if times else None

    def still_open(self, rows, as_of):
        """What was done last can be the first step of another try."""
        return any(row.steps and row.at + self.window >= as_of for row in rows)

    def fronts(self):
        return [queue[0] for queue in self.queues if queue]

    def slide(self, at):
        """Whole funnels and what is older than the window is given up, the oldest first."""
        while self.fronts():
            oldest = min((queue for queue in self.queues if queue), key=lambda queue: queue[0])
            if len(self.fronts()) < self.steps and oldest[0] + self.window >= at:
                break
            self.remember()
            oldest.pop(0)

    def remember(self):
        if len(self.fronts()) > len(self.best):
            self.best = self.fronts()

    def queue_of(self, row):
        """The step whose last event is the oldest; none at all is older still; else the lowest."""
        return min(
            (self.queues[step - 1] for step in row.steps),
            key=lambda queue: queue[-1] if queue else float("-inf"),
        )
