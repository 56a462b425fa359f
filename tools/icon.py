"""Draws icon.png, the packages' icon: two classes that overlap, and where they do. Usage: python3 tools/icon.py icon.png"""
import struct
import sys
import zlib

SIZE, SAMPLES = 128, 4
LEFT, RIGHT, BOTH = (43, 108, 176), (237, 137, 54), (113, 42, 122)


def color(x, y):
    """Color and opacity at a point of the unit square."""
    left = (x - 0.36) ** 2 + (y - 0.5) ** 2 < 0.32 ** 2
    right = (x - 0.64) ** 2 + (y - 0.5) ** 2 < 0.32 ** 2
    return (*(BOTH if left and right else LEFT if left else RIGHT), 255) if left or right else (0, 0, 0, 0)


def pixel(column, row):
    """The mean of some points, colors weighed by their opacity."""
    points = [color((column + (i + 0.5) / SAMPLES) / SIZE, (row + (j + 0.5) / SAMPLES) / SIZE)
              for i in range(SAMPLES) for j in range(SAMPLES)]
    opacity = sum(point[3] for point in points)
    return [sum(point[c] * point[3] for point in points) // max(1, opacity) for c in range(3)] + [opacity // len(points)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


rows = b"".join(b"\0" + bytes(value for column in range(SIZE) for value in pixel(column, row)) for row in range(SIZE))
with open(sys.argv[1], "wb") as file:
    file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0))
               + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))
