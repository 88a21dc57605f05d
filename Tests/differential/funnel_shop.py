"""funnel against the ClickHouse engine on the events of a shop, by person and by session.

The file has a line of {user_id, session_id, event, timestamp: "2024-03-13 10:21:14", …} for each event.
"""

import datetime
import json
import os
import random

from funnel_engine import Comparison, Sum
from funnel_persons import START, Row

FUNNELS = [
    ["product_view", "add_to_cart", "cart", "shipping_details", "payment_details", "purchase"],
    ["home", "catalog", "product_view"],
    ["search", "product_view", "product_view", "add_to_cart"],
    ["catalog", "catalog", "catalog"],
    ["payment_details", "payment_error", "purchase"],
]
MINUTE = 60_000
WINDOWS = [10 * MINUTE, 3 * 60 * MINUTE, 7 * 24 * 60 * MINUTE]


class Shop:
    def __init__(self, path, key, names, folder):
        self.key, self.names, self.steps, self.persons = key, names, len(names), {}
        self.path = os.path.join(folder, "shop.ndjson")
        with open(path, encoding="utf-8") as file:
            events = [json.loads(text) for text in file]
        random.Random(key).shuffle(events)
        with open(self.path, "w", encoding="utf-8") as file:
            for event in events:
                event["timestamp"] = event["timestamp"].replace(" ", "T") + "Z"
                file.write(json.dumps(event) + "\n")
                self.persons.setdefault(event[key], []).append(self.row(event))

    def row(self, event):
        moment = datetime.datetime.fromisoformat(event["timestamp"].replace("Z", "+00:00"))
        fits = tuple(step for step, name in enumerate(self.names, 1) if name == event["event"])
        return Row(int(moment.timestamp()) * 1000 - START, fits)


class ShopComparison(Comparison):
    """The program reads the file itself, with its own names of steps and key."""

    def our_levels(self, sets):
        own = ["--key", self.crowd.key, "--steps", ",".join(self.crowd.names)]
        return [
            self.program.levels(self.crowd.path, own + self.options(modes)[2 * self.crowd.steps :])
            for modes in sets
        ]


def compare(engine, program, path, tally, folder):
    if not os.path.exists(path):
        print(f"shop: skipped, {path} is missing")
        return
    for key in ["user_id", "session_id"]:
        found = Sum(f"shop by {key}")
        for names in FUNNELS:
            shop = Shop(path, key, names, folder)
            for window in WINDOWS:
                found.add(ShopComparison(engine, program, shop, window, folder), random.Random(1))
        found.report(tally)
