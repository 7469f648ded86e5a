"""Mixed load on `cogate serve` for minutes, with aborted clients and failing upstreams.

Rounds of load from `cogate bench` (plain, streamed, big bodies) run beside clients that leave mid-stream and
clients whose upstream breaks. Between two rounds the load stops and the memory is read. The run fails when

- the memory grows by more than 1 MiB per million requests after the first 100,000,
- an answer of a good upstream fails, or an answer of a broken one looks whole,
- descriptors or upstream connections stay open, or the gateway does not end with exit code 0.
"""
import argparse
import atexit
import json
import os
import pathlib
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

KEY = "sk-soak-0123456789"
SETTLED = 100_000        # requests after which the memory must be stable
MOST_GROWTH = 1 << 20    # bytes per million requests
NOISE = 256 << 10        # a total growth below this is a page here and there, not a leak
LEAST_JUDGED = 4         # rounds after SETTLED
ROOT = pathlib.Path(__file__).resolve().parents[2]


def rss(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


class Program:
    """A child that is awaited by what it prints."""

    def __init__(self, command, pattern):
        self.lines = []
        self.name = " ".join(command[1:2])
        self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, text=True)
        self.port = None
        ready = threading.Event()

        def read():
            for line in self.child.stdout:
                self.lines.append(line)
                found = re.search(pattern, line)
                if found and self.port is None:
                    self.port = int(found[1])
                    ready.set()
            ready.set()

        atexit.register(self.child.kill)
        threading.Thread(target=read, daemon=True).start()
        ready.wait(60)
        if self.port is None:
            self.child.kill()
            raise SystemExit(f"soak: {' '.join(command)} did not start:\n{''.join(self.lines)}")

    def death(self):
        """What to say when it has ended by itself, else nothing."""
        code = self.child.poll()
        return None if code is None else f"cogate {self.name} died with {code}:\n{''.join(self.lines[-20:])}"

    def end(self):
        if self.death():
            return self.child.returncode
        self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(30)
        except subprocess.TimeoutExpired:
            self.child.kill()
            return "killed: it did not end within 30 s of SIGTERM"


def request(model, stream):
    body = json.dumps({"model": model, "stream": stream, "messages": [{"role": "user", "content": "hello"}]})
    return (f"POST /v1/chat/completions HTTP/1.1\r\nhost: soak\r\nauthorization: Bearer {KEY}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n{body}").encode()


class Nuisances:
    """Clients that leave mid-stream, and clients of upstreams that break."""

    FAULTS = ("cut-after-3", "reset", "garbage", "bad-chunk", "error-event", "no-finish", "close",
              "status-500")

    def __init__(self, port):
        self.port = port
        self.aborted = 0
        self.faults = 0
        self.wrong = []
        self.over = threading.Event()
        self.idle = threading.Event()
        self.quiet = [threading.Event(), threading.Event()]
        for quiet, work in zip(self.quiet, (self.abort, self.break_upstream)):
            threading.Thread(target=self.loop, args=(quiet, work), daemon=True).start()

    def loop(self, quiet, work):
        turn = 0
        while not self.over.is_set():
            if self.idle.is_set():
                quiet.set()
                time.sleep(0.01)
                continue
            quiet.clear()
            turn += 1
            try:
                work(turn)
            except OSError as error:
                self.wrong.append(f"{work.__name__}: {error}")
                time.sleep(0.1)

    def rest(self):
        """Stops both and waits until they have."""
        self.idle.set()
        for quiet in self.quiet:
            quiet.wait(30)

    def abort(self, turn):
        with socket.create_connection(("127.0.0.1", self.port), 30) as client:
            client.sendall(request("slow", True))
            client.recv(4096)
            if turn % 2:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            self.aborted += 1

    def break_upstream(self, turn):
        name = self.FAULTS[turn % len(self.FAULTS)]
        stream = turn // len(self.FAULTS) % 2 == 0 or name in ("no-finish", "bad-chunk")
        answer = b""
        with socket.create_connection(("127.0.0.1", self.port), 30) as client:
            client.sendall(request(f"fault/{name}", stream))
            while True:
                piece = client.recv(65536)
                answer += piece
                head, _, body = answer.partition(b"\r\n\r\n")
                length = re.search(rb"content-length: (\d+)", head.lower())
                if not piece or (length and len(body) >= int(length[1])):
                    break
        self.faults += 1
        status = answer.split(b" ", 2)[1:2]
        if status == [b"200"] and (not stream or b"[DONE]" in answer or answer.endswith(b"0\r\n\r\n")):
            self.wrong.append(f"fault/{name} looks whole: {answer[-200:]!r}")


def bench(binary, port, model, connections, seconds, extra=()):
    command = [binary, "bench", "--url", f"http://127.0.0.1:{port}/v1", "--model", model, "--connections",
               str(connections), "--duration", f"{seconds}s", "--warmup", "0s", "--api-key-env", "SOAK_KEY",
               "--json", "--quiet", *extra]
    return subprocess.Popen(command, env={**os.environ, "SOAK_KEY": KEY}, stdout=subprocess.PIPE, text=True)


def slope(rows):
    """Bytes per request by the median of all pairs, which one odd sample does not move."""
    return statistics.median((b[1] - a[1]) / (b[0] - a[0])
                             for i, a in enumerate(rows) for b in rows[i + 1:] if b[0] != a[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minutes", nargs="?", type=float, default=10, help="how long (default: 10)")
    parser.add_argument("--round", type=float, default=10,
                        help="seconds of load between two readings (default: 10)")
    parser.add_argument("--binary", default=str(ROOT / "build/release/cogate"))
    parser.add_argument("--workers", default="1", help="of the gateway (default: 1)")
    args = parser.parse_args()
    faults = []

    with tempfile.TemporaryDirectory(prefix="cogate-soak-") as folder:
        mock = Program([args.binary, "mock", "--port", "0", "--tokens", "50"], r"^ready (\d+)$")
        slow = Program([args.binary, "mock", "--port", "0", "--tokens", "1000", "--rate", "200"],
                       r"^ready (\d+)$")
        entry = lambda name, port: {"model_name": name, "litellm_params": {
            "model": f"openai/{name}", "api_base": f"http://127.0.0.1:{port}/v1", "api_key": "sk-upstream"}}
        config = pathlib.Path(folder, "config.yaml")
        config.write_text(json.dumps({
            "model_list": [entry("mock", mock.port), entry("fault/*", mock.port), entry("slow", slow.port)],
            "general_settings": {"master_key": KEY}}))
        gateway = Program([args.binary, "serve", "--config", str(config), "--port", "0",
                           "--workers", args.workers, "--access-log", os.devnull], r"http://[^:]+:(\d+)")
        pid = gateway.child.pid
        open_at_start = descriptors(pid)
        print(f"idle RSS {rss(pid) / 2**20:.1f} MiB, {open_at_start} descriptors")
        print("   seconds    requests    aborted     faults    RSS MiB  descriptors")
        nuisances = Nuisances(gateway.port)
        start = time.monotonic()
        total = 0
        rows = []
        while time.monotonic() - start < args.minutes * 60 and not faults:
            nuisances.idle.clear()
            loads = [bench(args.binary, gateway.port, "mock", 12, args.round),
                     bench(args.binary, gateway.port, "mock", 4, args.round, ["--stream"]),
                     bench(args.binary, gateway.port, "mock", 1, args.round, ["--body-bytes", "100000"])]
            for load in loads:
                out, _ = load.communicate()
                report = json.loads(out)
                total += report["completed_total"]
                if report["failed"] or report["errors"]:
                    faults.append(f"answers of a good upstream failed: {report['errors']}")
            nuisances.rest()
            time.sleep(0.5)
            deaths = [death for death in (program.death() for program in (gateway, mock, slow)) if death]
            if deaths:
                faults = deaths
                break
            rows.append((total + nuisances.aborted + nuisances.faults, rss(pid)))
            print(f"{time.monotonic() - start:10.0f} {rows[-1][0]:11,} {nuisances.aborted:10,} "
                  f"{nuisances.faults:10,} {rows[-1][1] / 2**20:10.2f} {descriptors(pid):12}", flush=True)
            faults += nuisances.wrong[:5]
        nuisances.over.set()

        if not gateway.death():
            left = descriptors(pid) - open_at_start
            # The pool keeps idle connections: one per load connection and per nuisance, with room to spare.
            if left > 40:
                faults.append(f"{left} descriptors stay open")
            code = gateway.end()
            if code != 0:
                faults.append(f"the gateway ended with {code}:\n{''.join(gateway.lines[-20:])}")
        for upstream in (mock, slow):
            upstream.end()

    settled = [row for row in rows if row[0] >= SETTLED]
    if len(settled) < LEAST_JUDGED:
        faults.append(f"too short to judge the memory: {len(settled)} readings after {SETTLED:,} requests")
    else:
        growth = slope(settled) * 1e6
        change = settled[-1][1] - settled[0][1]
        print(f"RSS growth {growth / 2**20:.3f} MiB per million requests, {change / 2**20:.2f} MiB over "
              f"{settled[-1][0] - settled[0][0]:,} requests")
        if growth > MOST_GROWTH and change > NOISE:
            faults.append("the memory grows")
    for fault in faults:
        print(f"FAULT: {fault}")
    print("soak: failed" if faults else "soak: good")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
