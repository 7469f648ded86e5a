#!/usr/bin/env python3
"""check.py [ROOT]: holds the floors of the house; prints each fault as file:line: text, exits 1 if there is any.

A file includes only from floors below its own and from its own room. Sockets, TLS and Beast stay in
transports/, JSON libraries out of the public headers, and every source is plain ASCII.
"""
import os
import re
import sys

FLOORS = {
    "include": 0, "lib/core": 0,
    "lib/wire": 1, "lib/policy": 1, "lib/catalog": 1, "lib/ledger": 1,
    "transports": 2, "providers": 2,
    "lib/engine": 3, "lib/observe": 3, "lib/config": 3,
    "lib/server": 4,
    "lib/cli": 5, "examples": 5,
}
# Public headers that speak of the engine: they name Asio types and stand on the engine's floor.
ENGINE_HEADERS = {"include/cogate/" + name for name in
                  ("gateway.hpp", "observer.hpp", "stream.hpp", "cogate.hpp")}
# All that floor 3 may know of floor 2: interfaces, never a concrete provider or socket. The floors above it know no
# concrete provider either.
INTERFACES = re.compile(r"transports/transport\.hpp|transports/runtime/[^/]+\.hpp|"
                        r"providers/[a-z_]+\.hpp")
# Not part of the house's floors: they may look into every room.
OUTSIDE = ("test/", "bench/", "lib/separate_compilation/")

# An IP address is a value; all else under asio/ip leads to a socket.
SOCKETS = re.compile(r"boost/beast(/|\.hpp)|boost/asio/(ssl|ip(?!/address)|local|generic)(/|\.hpp)|boost/asio\.hpp|"
                     r"boost/asio/basic_[a-z_]*(socket|acceptor)[a-z_]*\.hpp|openssl/ssl\.h|"
                     r"sys/socket\.h|netdb\.h|netinet/.*|arpa/.*")
ASIO = re.compile(r"boost/asio(/|\.hpp)")
INCLUDE = re.compile(r"\s*#\s*include\s*(.*)")
CXX = (".cpp", ".hpp", ".h")
ASCII_ONLY = CXX + (".cmake", ".txt", ".py", ".sh", ".mjs", ".js", ".def", ".in", "/dev", "/run")
SKIPPED_FOLDERS = {".git", "build", "node_modules", "__pycache__", ".cache"}


def files_below(root):
    for folder, names, files in os.walk(root):
        names[:] = sorted(n for n in names if n not in SKIPPED_FOLDERS)
        for name in sorted(files):
            yield os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")


def room_of(path):
    for room in FLOORS:
        if path.startswith(room + "/"):
            return room
    return None


def floor_of(path):
    return 3 if path in ENGINE_HEADERS else FLOORS[room_of(path)]


def target_of(text, root):
    """The file of this repository that an include names, None for a foreign one, or a fault as ValueError."""
    quoted = re.match(r'"([^"]+)"', text)
    angled = re.match(r"<([^>]+)>", text)
    if not quoted and not angled:
        raise ValueError("an include must name its file")
    if angled:
        name = angled.group(1)
        if not name.startswith("cogate/"):
            return None
        path = "include/" + name
    else:
        path = quoted.group(1)
        if path.startswith("include/") or path.startswith("cogate/"):
            raise ValueError("public headers are included as <cogate/...>")
    if ".." in path.split("/") or not os.path.isfile(os.path.join(root, path)):
        raise ValueError(f"{path} is not a path from the root of the repository")
    return path


def include_faults(path, text, root):
    room = room_of(path)
    try:
        target = target_of(text, root)
    except ValueError as fault:
        yield str(fault)
        return
    if room is None:
        return
    floor = floor_of(path)
    if target is None:
        yield from foreign_faults(path, room, floor, text[1:].split(">")[0])
        return
    there = room_of(target)
    if there is None:
        yield f"{room} must not know {target}"
        return
    if room == "examples" and there != "include" and there != "examples":
        yield f"an example uses public headers only, not {target}"
    elif room == "include" and there != "include":
        yield f"a public header must not need {target}, which is not installed"
    elif there == room and not (room == "include" and floor_of(target) > floor):
        return
    elif room == "lib/core" and there == "include" and floor_of(target) == 0:
        return
    elif floor_of(target) >= floor and not (floor == 3 and target in ENGINE_HEADERS):
        yield f"{room} (floor {floor}) must not include {target} (floor {floor_of(target)})"
    elif (floor == 3 and floor_of(target) == 2 or there == "providers" and floor > 3) and \
            not INTERFACES.fullmatch(target):
        yield f"{room} may know interfaces only, not {target}"


def foreign_faults(path, room, floor, name):
    if SOCKETS.match(name) and room != "transports":
        yield f"<{name}>: sockets, TLS and Beast belong in transports/"
    elif floor <= 1 and ASIO.match(name):
        yield f"<{name}>: no Asio on floors 0 and 1"
    elif room == "include" and name.startswith("boost/json"):
        yield f"<{name}>: no Boost.JSON in a public header"
    elif room == "include" and floor == 0 and name.startswith("boost/") and \
            not re.match(r"boost/(system/|assert/source_location\.hpp)", name):
        yield f"<{name}>: a public value type knows std and Boost.System only"


def faults(root):
    for path in files_below(root):
        if not ("/" + path).endswith(ASCII_ONLY):
            continue
        with open(os.path.join(root, path), "rb") as source:
            content = source.read()
        is_cxx = path.endswith(CXX)
        checked = is_cxx and not path.startswith(OUTSIDE)
        if path.endswith(".hpp") and b"#pragma once" not in content:
            yield f"{path}:1: #pragma once is missing"
        for number, line in enumerate(content.split(b"\n"), 1):
            if not line.isascii():
                yield f"{path}:{number}: not ASCII"
            match = INCLUDE.match(line.decode("ascii", "replace")) if checked else None
            if match:
                for fault in include_faults(path, match.group(1), root):
                    yield f"{path}:{number}: {fault}"


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else "."
    found = list(faults(root))
    for fault in found:
        print(fault)
    print(f"layering: {len(found)} fault(s)")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
