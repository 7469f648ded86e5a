#!/usr/bin/env python3
"""Shows that check.py finds what it is there for: each row plants one line in a small house."""
import os
import sys
import tempfile

import check

HOUSE = ["include/cogate/chat.hpp", "include/cogate/gateway.hpp", "include/cogate/observer.hpp",
         "lib/core/text.hpp", "lib/wire/sse.hpp", "lib/policy/plan.hpp", "transports/transport.hpp",
         "transports/runtime/timers.hpp", "transports/http/pool.hpp", "providers/dialect.hpp",
         "providers/demo/client.hpp", "lib/engine/core.hpp", "lib/config/config.hpp", "lib/server/server.hpp"]

ALLOWED = [
    ("include/cogate/gateway.hpp", "#include <boost/asio/awaitable.hpp>"),
    ("include/cogate/gateway.hpp", "#include <cogate/chat.hpp>"),
    ("include/cogate/chat.hpp", "#include <boost/system/result.hpp>"),
    ("lib/core/text.cpp", "#include <cogate/chat.hpp>"),
    ("lib/wire/sse.cpp", '#include "lib/core/text.hpp"'),
    ("transports/http/pool.cpp", "#include <boost/asio/ssl/stream.hpp>"),
    ("providers/demo/client.cpp", '#include "providers/dialect.hpp"'),
    ("lib/engine/core.cpp", '#include "transports/transport.hpp"'),
    ("lib/engine/core.cpp", '#include "transports/runtime/timers.hpp"'),
    ("lib/engine/core.cpp", "#include <cogate/gateway.hpp>"),
    ("lib/server/server.cpp", '#include "transports/http/pool.hpp"'),
    ("lib/server/server.cpp", '#include "providers/dialect.hpp"'),
    ("lib/server/server.cpp", "#include <boost/asio/ip/address.hpp>"),
    ("examples/chat.cpp", "#include <cogate/gateway.hpp>"),
    ("test/lib/wire/sse.cpp", '#include "providers/demo/client.hpp"'),
]

REFUSED = [
    ("include/cogate/chat.hpp", "#include <boost/asio/awaitable.hpp>"),
    ("include/cogate/chat.hpp", "  #  include <boost/json/value.hpp>"),
    ("include/cogate/chat.hpp", "#include <cogate/gateway.hpp>"),
    ("include/cogate/gateway.hpp", "#include <boost/beast/http.hpp>"),
    ("include/cogate/gateway.hpp", '#include "lib/core/text.hpp"'),
    ("lib/core/text.hpp", '#include "lib/wire/sse.hpp"'),
    ("lib/core/text.hpp", "#include <cogate/observer.hpp>"),
    ("lib/core/text.hpp", '#include "text.hpp"'),
    ("lib/core/text.hpp", '#include "../core/text.hpp"'),
    ("lib/core/text.hpp", "#include HEADER"),
    ("lib/wire/sse.cpp", "#include <boost/asio/buffer.hpp>"),
    ("lib/wire/sse.cpp", '#include "lib/policy/plan.hpp"'),
    ("lib/wire/sse.cpp", '#include "transports/transport.hpp"'),
    ("transports/http/pool.cpp", '#include "providers/dialect.hpp"'),
    ("transports/http/pool.cpp", '#include "lib/engine/core.hpp"'),
    ("providers/demo/client.cpp", '#include "transports/transport.hpp"'),
    ("providers/demo/client.cpp", "#include <sys/socket.h>"),
    ("lib/engine/core.cpp", '#include "transports/http/pool.hpp"'),
    ("lib/engine/core.cpp", '#include "providers/demo/client.hpp"'),
    ("lib/engine/core.cpp", '#include "lib/config/config.hpp"'),
    ("lib/engine/core.cpp", "#include <boost/asio/ip/tcp.hpp>"),
    ("lib/engine/core.cpp", '#include "test/pch.hpp"'),
    ("lib/server/server.cpp", '#include "providers/demo/client.hpp"'),
    ("lib/cli/main.cpp", '#include "providers/demo/client.hpp"'),
    ("lib/server/server.cpp", "#include <openssl/ssl.h>"),
    ("examples/chat.cpp", '#include "lib/core/text.hpp"'),
    ("lib/core/text.cpp", "// caf\u00e9"),
    ("dev", "# caf\u00e9"),
]


def faults_with(path, line):
    with tempfile.TemporaryDirectory() as root:
        for name in HOUSE + ["test/pch.hpp"]:
            os.makedirs(os.path.join(root, os.path.dirname(name)), exist_ok=True)
            with open(os.path.join(root, name), "w", encoding="utf-8") as header:
                header.write("#pragma once\n")
        os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
        with open(os.path.join(root, path), "a", encoding="utf-8") as source:
            source.write(line + "\n")
        return list(check.faults(root))


def main():
    wrong = 0
    for path, line in ALLOWED:
        for fault in faults_with(path, line):
            print(f"refused but allowed: {fault}")
            wrong += 1
    for path, line in REFUSED:
        if len(faults_with(path, line)) != 1:
            print(f"not refused once: {path}: {line}")
            wrong += 1
    print(f"layering check: {len(ALLOWED) + len(REFUSED)} rows, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
