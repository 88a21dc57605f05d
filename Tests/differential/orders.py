"""Adds up the revenue of a million random orders to the cent, with duplicates, refunds and line items.

    python3 Tests/differential/orders.py .build/release/parse [ORDERS] [SEED]

Orders of Shopify are written with their line items and refunds; a tenth of the webhooks come
twice. What each is worth is added up in whole cents while they are written, and compared with the sum of
`revenue` of what `parse --from shopify --dedupe 7d` makes of them, in decimals. Ends with status 1 where
they differ.
"""

import decimal
import json
import random
import subprocess
import sys
import threading


def money(cents):
    return f'"{cents // 100}.{cents % 100:02}"'


def order(number, chance):
    """The text of an order, what it was sold for, and what was given back, in cents."""
    items, total = [], 0
    for item in range(chance.randint(1, 3)):
        cents, quantity = chance.randint(1, 99_999), chance.randint(1, 4)
        total += cents * quantity
        items.append(
            f'{{"id":{item},"product_id":{item},"price":{money(cents)},"quantity":{quantity}}}')
    given, refunds = 0, []
    for refund in range(chance.randint(1, 2) if chance.random() < 0.2 else 0):
        cents = chance.randint(0, total - given)
        given += cents
        refunds.append(
            f'{{"id":{refund},"created_at":"2026-03-14T00:00:00Z","transactions":['
            f'{{"kind":"refund","status":"success","amount":{money(cents)}}},'
            f'{{"kind":"refund","status":"failure","amount":"9.99"}}]}}')
    text = (
        f'{{"id":{number},"created_at":"2026-03-13T10:21:14Z","financial_status":"paid",'
        f'"currency":"EUR","total_price":{money(total)},"customer":{{"id":{number % 997}}},'
        f'"line_items":[{",".join(items)}],"refunds":[{",".join(refunds)}]}}\n')
    return text, total, given


def write(pipe, count, chance, sums):
    with pipe:
        for number in range(count):
            text, total, given = order(number, chance)
            sums["sold"] += total
            sums["refunded"] += given
            sums["lines"] += 1
            pipe.write(text.encode())
            if chance.random() < 0.1:
                sums["lines"] += 1
                pipe.write(text.encode())


def main():
    program = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 6
    sums = dict.fromkeys(["sold", "refunded", "lines"], 0)
    command = [program, "--from", "shopify", "--dedupe", "7d"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    chance = random.Random(seed)
    writer = threading.Thread(target=write, args=(process.stdin, count, chance, sums))
    writer.start()
    found = dict.fromkeys(["Order Completed", "Order Refunded"], decimal.Decimal(0))
    orders = 0
    decimal.getcontext().prec = 40
    for line in process.stdout:
        event = json.loads(line, parse_float=decimal.Decimal)
        orders += event["event"] == "Order Completed"
        if event["event"] in found:
            found[event["event"]] += event["properties"].get("revenue", 0)
    writer.join()
    status = process.wait()
    sold, refunded = decimal.Decimal(sums["sold"]) / 100, decimal.Decimal(sums["refunded"]) / 100
    print(f"{sums['lines']} lines, {orders} orders of {count}")
    print(f"sold {found['Order Completed']}, in truth {sold}")
    print(f"given back {found['Order Refunded']}, in truth {-refunded}")
    is_right = (orders, found["Order Completed"], found["Order Refunded"]) == (count, sold, -refunded)
    sys.exit(0 if status == 0 and is_right else 1)


main()
