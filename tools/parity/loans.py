"""Makes tools/leocvae/Demo/loans.csv, the table of `leocvae demo --mixed`. Nobody's data: every loan is drawn below.

    python3 tools/parity/loans.py > tools/leocvae/Demo/loans.csv

600 loans, of which about one in nine was not repaid: an identifier, a city that determines its state, dates of which one is
never after the other, whole numbers and amounts, and an income that is missing in half of the loans that default and in a
tenth of the others. Only random() is drawn from, which gives the same numbers in every version of Python.
"""

import datetime
import math
import random

ROWS, SEED = 600, 14
CITIES = [("Springfield", "Illinois", 8), ("Peoria", "Illinois", 5), ("Chicago", "Illinois", 12), ("Madison", "Wisconsin", 7),
          ("Milwaukee", "Wisconsin", 9), ("Green Bay", "Wisconsin", 4), ("Toledo", "Ohio", 6), ("Columbus", "Ohio", 9),
          ("Dayton", "Ohio", 5), ("Lansing", "Michigan", 6), ("Detroit", "Michigan", 10), ("Flint", "Michigan", 4)]
WORK = [("employed", 14), ("self-employed", 5), ("retired", 3), ("in training", 2)]
draw = random.Random(SEED).random


def among(choices):
    """One of several (..., weight)."""
    left = draw() * sum(choice[-1] for choice in choices)
    for choice in choices:
        left -= choice[-1]
        if left < 0:
            return choice
    return choices[-1]


def normal():
    """Mean 0, variance 1, nearly."""
    return sum(draw() for _ in range(12)) - 6


def loan(number):
    city, state, _ = among(CITIES)
    work = among(WORK)[0]
    age = {"retired": 67, "in training": 22}.get(work, 41) + round((4 if work != "employed" else 10) * normal())
    age = min(max(age, 18), 85)
    dependents = min(int(-1.1 * math.log(1 - draw())), 5) if 20 < age < 65 else 0
    income = {"employed": 3400, "self-employed": 3900, "retired": 2100, "in training": 1100}[work] * math.exp(0.4 * normal())
    months = 6 * (1 + int(8 * draw()))
    amount = 100 * max(5, round(months * math.exp(4.6 + 0.6 * normal()) / 100))
    owner = draw() < (0.15 if age < 30 else 0.55)
    granted = datetime.date(2021, 1, 4) + datetime.timedelta(days=int(1000 * draw()))
    due = granted + datetime.timedelta(days=round(months * 30.44))
    burden = math.log(amount / months / income)
    risk = (-1.85 + 1.1 * (burden + 3.3) + 0.35 * dependents - 0.9 * owner + 0.8 * (work == "self-employed")
            + 0.9 * (work == "in training") + 0.5 * (state == "Ohio"))
    defaulted = draw() < 1 / (1 + math.exp(-1.6 * risk))
    known = draw() >= (0.5 if defaulted else 0.1)
    return [f"L-{10000 + number}", city, state, work, str(age), str(dependents), f"{income:.2f}" if known else "",
            "yes" if owner else "no", str(amount), granted.isoformat(), due.isoformat(), "defaulted" if defaulted else "repaid"]


print("loan,city,state,work,age,dependents,income,owns_home,amount,granted,due,outcome")
for i in range(ROWS):
    print(",".join(loan(i)))
