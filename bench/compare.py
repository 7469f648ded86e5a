#!/usr/bin/env python3
"""Measures cogate beside other proxies and gateways, on this machine, in one run. Method: bench/README.md."""
import argparse
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

import measure
import peers as rows
import processes
import report
from measure import PEER_CORE, PACED, WORKLOADS, Mock, Target, run_bench

CONNECTIONS = 32
OPEN_WINDOWS = 4  # of a round: windows of the open loop


def say(text):
    print(f"[bench] {text}", file=sys.stderr, flush=True)


def arguments():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter windows, fewer rounds")
    parser.add_argument("--only", action="append", metavar="WORKLOAD",
                        help="of " + ", ".join(w.name for w in WORKLOADS) + ", gaps, memory; may be repeated")
    parser.add_argument("--peers", help="comma-separated names, e.g. nginx,cogate (nginx is always there)")
    parser.add_argument("--transport", choices=("tcp", "tls"), help="one transport to the upstream instead of both")
    parser.add_argument("--rounds", type=int, help="rounds per figure, medians are shown (3; quick 2)")
    parser.add_argument("--seconds", type=float, help="length of one measurement (5; quick 2)")
    parser.add_argument("--soak", type=int, metavar="N", help="requests of the memory row after its warm-up "
                                                              "(200000; quick 50000)")
    parser.add_argument("--binary", default="build/release/cogate", help="the cogate under test")
    parser.add_argument("--tool", help="the cogate that runs mock and load (default: the same)")
    parser.add_argument("--results", default="bench/results", help="folder for latest.md and latest.svg")
    options = parser.parse_args()
    options.rounds = options.rounds or (2 if options.quick else 3)
    options.seconds = options.seconds or (2 if options.quick else 5)
    options.soak = options.soak or (50_000 if options.quick else 200_000)
    options.tool = options.tool or options.binary
    return options


def make_certificates(folder):
    """A CA of our own and a certificate for localhost."""
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, cwd=folder, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=cogate bench CA", "-days", "3")
    openssl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
    rows.write(folder, "extensions", "subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "3",
            "-extfile", "extensions", "-out", "server.pem")
    return [os.path.join(folder, name) for name in ("ca.pem", "server.pem", "server.key")]


class Comparison:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.ca_file, *self.certificate = make_certificates(folder)
        wanted = options.peers.lower().split(",") + ["nginx"] if options.peers else None
        self.peers = [p for p in rows.all_peers(os.path.abspath(options.binary))
                      if not wanted or p.name.lower() in wanted]
        self.missing = {p.name: p.missing() for p in self.peers if p.missing()}
        self.peers = [p for p in self.peers if p.name not in self.missing]
        self.random = random.Random(1)

    def bench(self, target, workload, *words):
        return run_bench(self.options.tool, target, workload, words)

    def start_peers(self, mock, tls, workload, only=None):
        """Starts the peers and checks that each gives the mock's own answer; returns peers and targets."""
        upstream = rows.Upstream(mock.port, tls, self.ca_file, workload.upstream)
        direct = Target("direct", mock.port)
        expected = None if tls else measure.ask(direct, workload)
        started = []
        self.left_out = {}
        for peer in self.peers:
            if only and peer.name not in only:
                continue
            if peer.workloads and workload.name not in peer.workloads:
                continue
            if workload.upstream not in peer.upstreams:
                self.left_out[peer.name] = "not set up for this upstream"
                continue
            peer.start(self.folder, upstream, PEER_CORE)
            started.append(peer)
        targets, idle = [], {}
        for peer in started:
            target = Target(peer.name, peer.port, peer.process.pid, peer.model, peer.headers, peer.api_key())
            texts = []

            def answers():
                texts.append(measure.ask(target, workload))
                return texts[-1] is not None
            try:
                processes.wait_until(lambda: open_port(peer.port), peer.start_seconds, peer.process, peer.name)
                peer.prepare()
                target.key = peer.api_key()
                idle_before = processes.rss_mib(peer.process.pid)
                processes.wait_until(answers, 15, peer.process, peer.name)
            except RuntimeError as error:
                say(f"{peer.name}: {error}; left out")
                keep_log(peer)
                self.left_out[peer.name] = "no good answer"
                continue
            if expected is not None and texts[-1] != expected:
                say(f"{peer.name} does not give the upstream's text; left out")
                self.left_out[peer.name] = "another text than the upstream's"
                continue
            idle[peer.name] = idle_before
            targets.append(target)
        return started, targets, idle

    def workload(self, workload, tls):
        options = self.options
        say(f"{workload.title}, {'TLS' if tls else 'TCP'} to the upstream")
        rows_out = {}
        with Mock(options.tool, self.folder, workload, self.certificate if tls else None) as mock:
            started, targets, idle = self.start_peers(mock, tls, workload)
            if not tls:
                targets.insert(0, Target("direct", mock.port))
            try:
                for target in targets:
                    self.bench(target, workload, "--connections", CONNECTIONS, "--warmup", "0s", "--duration", "1s")
                closed = {t.name: [] for t in targets}
                for _ in range(options.rounds):
                    for target in self.random.sample(targets, len(targets)):
                        closed[target.name].append(self.closed(target, workload, mock))
                rate = None
                if "nginx" in closed and not workload.live:
                    rate = 0.3 * measure.middle(closed["nginx"], "rate")
                opened = self.open_loop(targets, workload, closed, rate) if rate else {}
                after = {t.name: processes.rss_mib(t.root) for t in targets if t.root}
            finally:
                for peer in started:
                    peer.stop()
        for target in targets:
            rows_out[target.name] = report.row(closed[target.name], opened.get(target.name, []),
                                               idle.get(target.name), after.get(target.name))
        return {"title": workload.title, "tls": tls, "rate": rate, "rows": rows_out, "left_out": self.left_out}

    def closed(self, target, workload, mock):
        mock_before = sum(processes.cpu_seconds(mock.process.pid))
        result = self.bench(target, workload, "--connections", workload.connections, "--warmup", "0s", "--duration",
                            f"{self.options.seconds}s")
        mock_seconds = sum(processes.cpu_seconds(mock.process.pid)) - mock_before
        result["harness_share"] = (mock_seconds + result["generator_seconds"]) / max(result["seconds"], 0.001)
        say(f"  {target.name:8} {result['cpu_us']:9.1f} us CPU  {result['rate']:9.0f}/s  p99 "
            f"{result['latency_us']['p99']:9.0f} us{'' if result['ok'] else '  ERRORS ' + str(result['errors'])}")
        return result

    def open_loop(self, targets, workload, closed, rate):
        """The same fixed rate for all: 30 % of what nginx can do. A peer that cannot keep it is left out.

        A virtual machine stands still for some milliseconds now and then, which is the p99 of any window that it falls
        into: many short windows, interleaved, of which the median counts."""
        able = [t for t in targets if measure.middle(closed[t.name], "rate") > 1.5 * rate]
        found = {t.name: [] for t in able}
        for _ in range(OPEN_WINDOWS * self.options.rounds):
            for target in self.random.sample(able, len(able)):
                found[target.name].append(self.bench(
                    target, workload, "--connections", 2 * CONNECTIONS, "--warmup", "0.1s", "--duration",
                    f"{self.options.seconds / OPEN_WINDOWS:.2f}s", "--rate", f"{rate:.2f}"))
        return found

    def gaps(self):
        """One client: latency, and the largest silence within a stream. A 40 ms one is Nagle's."""
        say("one client: latency and gaps")
        requests = 6 if self.options.quick else 20
        found = {}
        for workload, words, key in ((WORKLOADS[0], ("--duration", f"{self.options.seconds}s"), "chat"),
                                     (PACED, ("--requests", requests), "stream")):
            with Mock(self.options.tool, self.folder, workload) as mock:
                started, targets, _ = self.start_peers(mock, False, workload)
                targets.insert(0, Target("direct", mock.port))
                try:
                    for target in targets:
                        result = self.bench(target, workload, "--connections", 1, "--warmup", "0.5s", *words)
                        found.setdefault(target.name, {})[key] = result
                finally:
                    for peer in started:
                        peer.stop()
        return found

    def memory(self):
        """What stays in memory per million requests, after the first 100,000."""
        first = 20_000 if self.options.quick else 100_000
        say(f"memory: {self.options.soak} requests after the first {first}")
        found = {"requests": self.options.soak, "first": first, "rows": {}}
        with Mock(self.options.tool, self.folder, WORKLOADS[0]) as mock:
            started, targets, idle = self.start_peers(mock, False, WORKLOADS[0], ("nginx", "HAProxy", "cogate"))
            try:
                for target in targets:
                    words = ("--connections", CONNECTIONS, "--warmup", "0s", "--requests")
                    self.bench(target, WORKLOADS[0], *words, first)
                    before = processes.rss_mib(target.root)
                    done = self.bench(target, WORKLOADS[0], *words, self.options.soak)
                    after = processes.rss_mib(target.root)
                    found["rows"][target.name] = {
                        "idle": idle[target.name], "before": before, "after": after, "ok": done["ok"],
                        "per_million": (after - before) * 1e6 / max(1, done["completed_total"])}
            finally:
                for peer in started:
                    peer.stop()
        return found

    def run(self):
        wanted = self.options.only
        transports = [False, True] if not self.options.transport else [self.options.transport == "tls"]
        found = {"workloads": [], "missing": self.missing,
                 "versions": {p.name: p.version() for p in self.peers}}
        for workload in WORKLOADS:
            if not wanted or workload.name in wanted:
                for tls in transports:
                    found["workloads"].append(self.workload(workload, tls))
        if not wanted or "gaps" in wanted:
            found["gaps"] = self.gaps()
        if not wanted or "memory" in wanted:
            found["memory"] = self.memory()
        return found


def open_port(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def keep_log(peer):
    path = os.path.join(peer.folder, "log")
    with open(path, errors="replace") as log:
        for line in log.read().splitlines()[-5:]:
            say(f"  {peer.name}: {line}")


def command_line(options):
    """The command that repeats this run, without the places of files."""
    words = ["./dev bench"] + (["--quick"] if options.quick else [])
    for name in ("peers", "transport", "rounds", "seconds", "soak"):
        value = getattr(options, name)
        words += [f"--{name} {value:g}" if isinstance(value, float) else f"--{name} {value}"] if value else []
    words += [f"--only {name}" for name in options.only or []]
    return " ".join(words)


def main():
    options = arguments()
    known = {w.name for w in WORKLOADS} | {"gaps", "memory"}
    unknown = set(options.only or []) - known
    if unknown:
        sys.exit(f"bench: unknown workload {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")
    if not os.access(options.tool, os.X_OK):
        sys.exit(f"bench: {options.tool} is not there; run ./dev build")
    options.tool = os.path.abspath(options.tool)
    if (os.cpu_count() or 1) < 2:
        sys.exit("bench: two cores are needed, one for the peer and one for mock and generator")
    if not shutil.which("openssl"):
        sys.exit("bench: openssl is needed for the certificates of the TLS rows")
    with tempfile.TemporaryDirectory(prefix="cogate-bench-") as folder:
        # Workers of a peer may run as another user and must reach their files.
        os.chmod(folder, 0o755)
        found = Comparison(options, folder).run()
    found["options"] = {"rounds": options.rounds, "seconds": options.seconds, "connections": CONNECTIONS}
    found["command"] = command_line(options)
    text = report.markdown(found)
    print(text)
    if found["workloads"]:
        os.makedirs(options.results, exist_ok=True)
        rows.write(options.results, "latest.md", text)
        rows.write(options.results, "latest.svg", report.svg(found))
        say(f"written: {options.results}/latest.md and latest.svg")


if __name__ == "__main__":
    # An ended run must end its servers, too: SIGTERM unwinds like an error.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
