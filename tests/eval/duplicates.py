"""Which samples are copies of each other, so that a much-copied sample counts once.

Its own file because the measure is arguable: tokens without names, comments, layout and short
strings are compared by MinHash over runs of eight, so renamed and slightly edited copies fall
together, while the same wrapper around another payload stays apart.
"""

import hashlib
import random
import re

TOKEN = re.compile(
    rb"/\*.*?\*/|//[^\n]*|#[^\n]*|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\$\w+|\d[\w.]*|\w+|[^\s\w]",
    re.DOTALL)
RUN = 8
HASHES = 24
ROWS = 4  # of a band: two files meet if all four hashes of some band agree
LONG_STRING = 48
MASK = (1 << 64) - 1
# Seeded: the same files fall together in every run.
PERMUTATIONS = [(random.Random(i).getrandbits(64) | 1, random.Random(~i).getrandbits(64))
                for i in range(HASHES)]
MAX_TOKENS = 40_000


def tokens_of(data: bytes):
    """Normalised tokens: no comments; variables, numbers and short strings by kind only."""
    tokens = []
    for match in TOKEN.finditer(data):
        token = match.group()
        first = token[:1]
        if token.startswith((b"/*", b"//")) or first == b"#":
            continue
        if first == b"$":
            token = b"$"
        elif first in b"'\"":
            token = b"''" if len(token) < LONG_STRING else hashlib.sha1(token).digest()
        elif first.isdigit():
            token = b"0"
        tokens.append(token.lower())
        if len(tokens) >= MAX_TOKENS:
            break
    return tokens


def sketch(data: bytes):
    """The smallest hashes of all runs under HASHES permutations; of a short file one exact hash."""
    tokens = tokens_of(data)
    if len(tokens) < 3 * RUN:
        exact = hashlib.sha1(b"\0".join(tokens) + b"\0" + (data if not tokens else b"")).digest()
        return [exact] * HASHES
    runs = {hash_of(tokens[i:i + RUN]) for i in range(len(tokens) - RUN + 1)}
    return [min((run * factor + term) & MASK for run in runs) for factor, term in PERMUTATIONS]


def hash_of(run) -> int:
    return int.from_bytes(hashlib.blake2b(b"\0".join(run), digest_size=8).digest(), "big")


def group(samples, read):
    """Lists of near-duplicates, each in the order given; `read(path)` hands out the bytes."""
    parent = list(range(len(samples)))

    def find(i):
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    seen = {}
    for index, sample in enumerate(samples):
        hashes = sketch(read(sample.path))
        for band in range(0, HASHES, ROWS):
            key = (band, tuple(hashes[band:band + ROWS]))
            other = seen.setdefault(key, index)
            parent[find(index)] = find(other)
    groups = {}
    for index, sample in enumerate(samples):
        groups.setdefault(find(index), []).append(sample)
    return list(groups.values())
