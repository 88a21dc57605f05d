"""Mixpanel's and Amplitude's funnels as their public pages describe them, for one person.

No engine confirms these. What the pages leave open is said in the docstring of funnel.py.
"""

class Mixpanel:
    """First entry (or every entry), first instance of each later step, a grace for the order.

    `excluded(row)` are the steps k such that the row may not come between k-1 and k: there the try ends.
    """

    def __init__(self, steps, window, grace=2000, optimized=False, excluded=lambda row: ()):
        self.steps = steps
        self.window = window
        self.grace = grace
        self.optimized = optimized
        self.excluded = excluded

    def orders(self, rows):
        """One: that of the programs, by time, then by messageId or the bytes of the line."""
        return [rows]

    def key(self, rows):
        taken = self.outcome(rows)
        return (len(taken), rows[taken[0]].at) if taken else None

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
        """Strictly between, further than the grace from both."""
        return any(
            step in self.excluded(row)
            and before < index < after
            and not (self.grace and row.at - rows[before].at <= self.grace)
            and not (self.grace and rows[after].at - row.at <= self.grace)
            for index, row in enumerate(rows)
        )


class Amplitude:
    """The longest path, of those the earliest; within one second either order holds."""

    def __init__(self, steps, window, exact=False):
        self.steps = steps
        self.window = window
        self.exact = exact

    def orders(self, rows):
        return [rows]

    def key(self, rows):
        """Level and entry of the longest path, of those the earliest."""
        paths = [(self.longest(rows, index), row.at) for index, row in enumerate(rows) if 1 in row.steps]
        return max(paths, key=lambda path: (path[0], -path[1]), default=None)

    def longest(self, rows, entry):
        """How many steps a path from this entry has at most, each an event of its own."""
        seconds = [row.at // 1000 for row in rows]
        limit = seconds[entry] + self.window // 1000

        def follows(before, after):
            if seconds[after] < seconds[before]:
                return False
            return not self.exact or not any(
                seconds[before] < second < seconds[after] for second in seconds
            )

        def furthest(taken):
            step = len(taken) + 1
            if step > self.steps:
                return len(taken)
            return max(
                (
                    furthest([*taken, index])
                    for index, row in enumerate(rows)
                    if step in row.steps
                    and index not in taken
                    and seconds[index] <= limit
                    and follows(taken[-1], index)
                ),
                default=len(taken),
            )

        return furthest([entry])
