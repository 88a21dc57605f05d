"""Mixpanel's and Amplitude's funnels as their public pages describe them, for one person.

No engine confirms these. What the pages leave open is said in the docstring of funnel.py.
"""

import random


class Mixpanel:
    """First entry (or every entry), first instance of each later step, a grace for the order.

    `excluded(row)` are the steps k such that the row may not come between k-1 and k: there the try ends.
    """

    rich = 0  # how many rows fit several steps

    def __init__(self, steps, window, grace=2000, optimized=False, excluded=lambda row: ()):
        self.steps = steps
        self.window = window
        self.grace = grace
        self.optimized = optimized
        self.excluded = excluded

    def orders(self, rows):
        """Without a grace any order of the rows of one moment; with one the order does not matter."""
        if self.grace:
            return [rows]
        generator = random.Random(len(rows))
        some = (generator.sample(rows, len(rows)) for _ in range(100))
        every = (sorted(order, key=lambda row: row.at) for order in some)
        return [rows, sorted(rows, key=lambda row: (row.at, [-step for step in row.steps])), *every]

    def key(self, rows):
        taken = self.outcome(rows)
        return self.comparable((len(taken), rows[taken[0]].at)) if taken else None

    def comparable(self, found):
        """The documentation does not say which entry it is where every one counts."""
        return found and found[: 1 if self.optimized else 2]

    def still_open(self, rows, as_of):
        entries = [row.at for row in rows if 1 in row.steps]
        return entries[-1 if self.optimized else 0] + self.window >= as_of

    def outcome(self, rows):
        """Indices of the rows that the try takes that goes furthest, or None."""
        entries = [index for index, row in enumerate(rows) if 1 in row.steps]
        if not self.optimized:
            entries = entries[:1]
        tries = [self.attempt(rows, entry) for entry in entries]
        return max(tries, key=len, default=None)

    def follows(self, rows, before, after):
        """Later in order, or so near that the order does not matter."""
        return after > before or rows[before].at - rows[after].at <= self.grace > 0

    def attempt(self, rows, entry):
        """Indices of the rows taken for the steps."""
        taken = [entry]
        end = rows[entry].at + self.window
        for step in range(2, self.steps + 1):
            candidates = [
                index
                for index, row in enumerate(rows)
                if step in row.steps
                and index not in taken
                and row.at <= end
                and self.follows(rows, taken[-1], index)
            ]
            if not candidates or self.excluded_between(rows, taken[-1], candidates[0], step):
                break
            taken.append(candidates[0])
        return taken

    def excluded_between(self, rows, before, after, step):
        """Strictly between, further than the grace from both; without a grace not at either's moment."""
        return any(
            step in self.excluded(row)
            and row.at - rows[before].at > self.grace
            and rows[after].at - row.at > self.grace
            for row in rows
        )


class Amplitude:
    """The longest path, of those the earliest; within one second either order holds."""

    rich = 0.25  # how many rows fit several steps

    def __init__(self, steps, window, exact=False):
        self.steps = steps
        self.window = window
        self.exact = exact

    def orders(self, rows):
        return [rows]

    def comparable(self, found):
        return found and (found[0], found[1] // 1000)

    def key(self, rows):
        """Level and entry of the longest path, of those the earliest.

        Of events of one second that are alike one counts.
        """
        rows = list({(row.at // 1000, row.steps): row for row in reversed(rows)}.values())[::-1]
        paths = [(self.longest(rows, index), row.at // 1000) for index, row in enumerate(rows) if 1 in row.steps]
        return max(paths, key=lambda path: (path[0], -path[1]), default=None)

    def still_open(self, rows, as_of):
        latest = max(row.at for row in rows if 1 in row.steps)
        return latest // 1000 + self.window // 1000 >= as_of // 1000

    def longest(self, rows, entry):
        seconds = [row.at // 1000 for row in rows]
        limit = seconds[entry] + self.window // 1000

        def follows(taken, after):
            before = taken[-1]
            if not seconds[before] <= seconds[after] <= limit:
                return False
            between = (seconds[before] < second < seconds[after] for second in seconds)
            return not (self.exact and any(between))

        return longest_path(rows, self.steps, [entry], follows)


def longest_path(rows, steps, taken, follows):
    """How many steps can be taken from here on, each by an event of its own."""
    step = len(taken) + 1
    if step > steps:
        return len(taken)
    ways = (
        longest_path(rows, steps, [*taken, index], follows)
        for index, row in enumerate(rows)
        if step in row.steps and index not in taken and follows(taken, index)
    )
    return max(ways, default=len(taken))


class StepWindow:
    """PostHog's order of steps with a longest time between two of them too: the longest path there is.

    Between two steps of a strict path there are only repetitions of the first, and moments with
    different events, which break nothing.
    """

    rich = 0  # how many rows fit several steps

    def __init__(self, steps, window, gap, strict):
        self.steps, self.window, self.gap, self.strict = steps, window, gap, strict

    def orders(self, rows):
        return [rows]

    def comparable(self, found):
        return found and found[:1]

    def key(self, rows):
        entries = [index for index, row in enumerate(rows) if 1 in row.steps]
        return (max(self.longest(rows, entry) for entry in entries),) if entries else None

    def longest(self, rows, entry):
        limit = rows[entry].at + self.window

        def follows(taken, after):
            before = taken[-1]
            first, second = rows[before].at, rows[after].at
            if not (first <= second <= limit and second - first <= self.gap):
                return False
            between = {}
            for row in rows:
                if first < row.at < second:
                    between.setdefault(row.at, set()).add(row.steps)
            alike = (steps for moment in between.values() if len(moment) == 1 for steps in moment)
            return not self.strict or all(len(taken) in steps for steps in alike)

        return longest_path(rows, self.steps, [entry], follows)
