#!/usr/bin/env python3
"""check.py [ROOT]: the C++ of the quick start is what the examples compile; exits 1 where it is not.

Each block of C++ in docs/*.md stands, line for line, in one of examples/*.cpp.
"""
import glob
import os
import re
import sys


def blocks_of(text):
    """Line number and text of each fenced block of C++."""
    for found in re.finditer(r"^```cpp\n(.*?)^```$", text, re.M | re.S):
        yield text.count("\n", 0, found.start()) + 2, found.group(1)


def faults(root):
    def read(path):
        with open(path, encoding="utf-8") as file:
            return file.read()

    examples = [read(path) for path in sorted(glob.glob(os.path.join(root, "examples", "*.cpp")))]
    pages = sorted(glob.glob(os.path.join(root, "docs", "*.md")))
    checked = 0
    for page in pages:
        for line, block in blocks_of(read(page)):
            checked += 1
            if not any("\n" + block in example for example in examples):
                yield f"{os.path.relpath(page, root)}:{line}: no example has this code"
    if checked == 0:
        yield "docs: no block of C++ was found"


if __name__ == "__main__":
    found = list(faults(sys.argv[1] if len(sys.argv) > 1 else "."))
    print("\n".join(found) or "the code of docs is the examples' code")
    sys.exit(1 if found else 0)
