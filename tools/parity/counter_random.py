"""Makes tests/Runtime.Tests/Oracles/counter-random.json: words, uniforms and normals of the counter-based generator.

Philox4x32-10 is written here in plain Python from its description (Salmon, Moraes, Dror, Shaw: "Parallel random
numbers: as easy as 1, 2, 3", 2011) and checked against the known answers published with Random123.

The convention on top of it, for a 64-bit seed, a stream and a 64-bit row:
    key      (seed low 32 bits, seed high 32 bits)
    counter  (block, row low 32 bits, row high 32 bits, stream)
    word     j is word j % 4 of block j / 4
    uniform  j = (word j >> 8) / 2^24, exact in float32
    normal   j: u1, u2 = uniforms 2 (j / 2) and 2 (j / 2) + 1; sqrt(-2 ln(1 - u1)) times the cosine (even j) or the
             sine (odd j) of 2 pi u2; computed in float64 and rounded to float32

Needs Python only.

    python3 tools/parity/counter_random.py [--out FILE]
"""
import argparse
import json
import math
import platform
import struct
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOW = 0xFFFFFFFF
LENGTH = 9                                          # words, uniforms and normals of a case: more than two blocks

KNOWN = [                                           # counter, key, answer
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def philox(counter, key):
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        a, b = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (b >> 32) ^ c1 ^ k0, b & LOW, (a >> 32) ^ c3 ^ k1, a & LOW
        k0, k1 = (k0 + 0x9E3779B9) & LOW, (k1 + 0xBB67AE85) & LOW
    return c0, c1, c2, c3


def word(seed, stream, row, j):
    return philox((j // 4, row & LOW, row >> 32, stream), (seed & LOW, seed >> 32))[j % 4]


def uniform(seed, stream, row, j):
    return (word(seed, stream, row, j) >> 8) / 2 ** 24


def normal(seed, stream, row, j):
    u1, u2 = (uniform(seed, stream, row, j // 2 * 2 + i) for i in (0, 1))
    radius, angle = math.sqrt(-2 * math.log(1 - u1)), 2 * math.pi * u2
    value = radius * (math.sin(angle) if j % 2 else math.cos(angle))
    return struct.unpack("<f", struct.pack("<f", value))[0] + 0.0


def known_answers():
    numbers = lambda text: [int(part, 16) for part in text.split()]
    for counter, key, answer in KNOWN:
        counter, key, answer = numbers(counter), numbers(key), numbers(answer)
        assert list(philox(counter, key)) == answer
        yield {"counter": counter, "key": key, "out": answer}


def cases():
    seeds = (0, 1, 42, 2 ** 32, 0x0123456789ABCDEF, 2 ** 64 - 1)
    rows = (0, 1, 99, 2 ** 32 - 1, 2 ** 32 + 7, 2 ** 63 - 1)
    places = [(seed, i % 3, row) for i, seed in enumerate(seeds) for row in rows]
    places += [(42, stream, row) for stream in (3, 7, 11) for row in (0, 12345)]
    for place in places:
        seed, stream, row = place
        yield {"seed": str(seed), "stream": stream, "row": str(row),
               **{name: [make(*place, j) for j in range(LENGTH)]
                  for name, make in (("words", word), ("uniforms", uniform), ("normals", normal))}}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", metavar="FILE", type=Path,
                        default=ROOT / "tests/Runtime.Tests/Oracles/counter-random.json")
    out = parser.parse_args().out
    line = lambda value: json.dumps(value, separators=(",", ":"), allow_nan=False)
    lines = lambda values: "[\n" + ",\n".join(map(line, values)) + "\n]"
    made_by = {"script": "tools/parity/counter_random.py", "python": platform.python_version()}
    text = f'{{\n"made_by":{line(made_by)},\n"known_answers":{lines(known_answers())},\n"cases":{lines(cases())}\n}}\n'
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(text.encode("ascii"))
    print(f"{out}: {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
