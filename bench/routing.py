#!/usr/bin/env python3
"""Hedging, a total outage and failover over real sockets.

cogate bench (open loop, Poisson arrivals, streams) asks cogate serve, which asks cogate mock; the gateway has one core,
mocks and generator share the other. Exit code 1 when a bar is missed; the bars hold for the default rates.

hedging: two deployments answer after 20 ms, two in a hundred after 200 ms; without and with a hedge at the 95th
percentile, at most 5 % extra. First token as the client sees it; extra calls as the mocks count them.
outage: all deployments of a group and of its two fallback groups answer 500, num_retries 3; with breakers, and without
them so that only the retry budget holds. Attempts as the mocks count them.
failover: one of three deployments answers 500, hangs or answers 429, then recovers; cooldown_time 1 s, stream_timeout
0.5 s. Everything is read from the access log: calls that failed later than a second after it broke, attempts at it from
then on (at most one a second), and how long after its recovery it gave its first good answer: at most the rest that was
in force (after a 500 or a hang twice the last one seen, after a 429 the same again) and 0.3 s for the mock's start.
"""
import argparse
import datetime
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

import processes
import routing_report
from measure import HARNESS_CORE, PEER_CORE

KEY = {"COGATE_BENCH_UPSTREAM_KEY": "sk-bench"}
SCENARIOS = ("hedging", "outage", "failover")
FAULTS = (("500", "status-500"), ("hangs", "stall-first"), ("429", "status-429"))
STREAM = ["--tokens", "8"]


def say(text):
    print(f"[bench] {text}", file=sys.stderr, flush=True)


def arguments():
    parser = argparse.ArgumentParser(prog="./dev bench routing", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=SCENARIOS, help="one scenario; may be repeated")
    parser.add_argument("--seconds", type=float, default=10, help="length of one measurement (10)")
    parser.add_argument("--rate", type=float, default=200, help="calls per second of hedging and failover (200)")
    parser.add_argument("--outage-rate", type=float, default=1000, help="calls per second of the outage (1000)")
    parser.add_argument("--binary", default="build/release/cogate", help="the cogate under test")
    parser.add_argument("--results", default="bench/results", help="folder for routing.md and routing.svg")
    return parser.parse_args()


class Mock:
    """One upstream. It can be ended and come back at the same port with other manners."""

    def __init__(self, bench, words):
        self.bench, self.port = bench, 0
        self.start(words)

    def start(self, words):
        command = [self.bench.binary, "mock", "--port", str(self.port)] + words
        self.process = processes.start(command, HARNESS_CORE, self.bench.path("mock.log"), stdout=subprocess.PIPE)
        self.bench.running.append(self.process)
        answer = self.process.stdout.readline().split()
        if len(answer) != 2 or answer[0] != b"ready":
            raise RuntimeError("the mock did not start; is its port taken?")
        self.port = int(answer[1])

    def stop(self):
        self.bench.running.remove(self.process)
        processes.stop(self.process)

    def become(self, words):
        """Gives the time at which it began to change."""
        when = time.time()
        self.stop()
        self.start(words)
        return when

    def requests(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/__mock/stats")
            return json.loads(connection.getresponse().read())["requests"]
        finally:
            connection.close()


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.binary = os.path.abspath(options.binary)
        self.running, self.files = [], 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def stop_all(self):
        for process in reversed(self.running):
            processes.stop(process)
        self.running.clear()

    def serve(self, groups, settings):
        """Starts the gateway; `groups` are (name, id, mock). Gives its port and its access log."""
        self.files += 1
        port, log, config = processes.free_port(), self.path(f"access-{self.files}"), self.path(f"{self.files}.yaml")
        with open(config, "w") as out:
            json.dump({"model_list": [
                {"model_name": name, "model_info": {"id": id},
                 "litellm_params": {"model": "openai/bench", "api_base": f"http://127.0.0.1:{mock.port}/v1",
                                    "api_key": "os.environ/COGATE_BENCH_UPSTREAM_KEY"}}
                for name, id, mock in groups], "router_settings": settings}, out)
        process = processes.start([self.binary, "serve", "--config", config, "--host", "127.0.0.1", "--port", str(port),
                                   "--workers", "1", "--access-log", log], PEER_CORE, self.path("serve.log"), KEY)
        self.running.append(process)

        def answers():
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
                connection.request("GET", "/v1/models")
                return connection.getresponse().status == 200
            except OSError:
                return False
        try:
            processes.wait_until(answers, 20, process, "cogate serve")
        except RuntimeError as fault:
            with open(self.path("serve.log"), errors="replace") as said:
                raise RuntimeError(f"{fault}: {said.read()[-500:]}") from None
        return port, log

    def load(self, port, rate, seconds, warmup=0.0):
        """Starts the open loop."""
        command = [self.binary, "bench", "--url", f"http://127.0.0.1:{port}/v1", "--model", "main", "--stream",
                   "--json", "--quiet", "--connections", str(max(64, int(rate / 2))), "--rate", f"{rate:g}",
                   "--duration", f"{seconds:g}s", "--warmup", f"{warmup:g}s"]
        process = processes.start(command, HARNESS_CORE, self.path("bench.log"), stdout=subprocess.PIPE)
        self.running.append(process)
        return process

    def finish(self, process):
        text = process.stdout.read()
        process.wait()
        self.running.remove(process)
        if not text:
            raise RuntimeError("cogate bench gave no figures")
        return json.loads(text)

    def calls(self, log):
        """The access log once the gateway has written it all."""
        time.sleep(0.5)
        with open(log) as lines:
            out = [json.loads(line) for line in lines if line.endswith("\n")]
        for call in out:
            began = datetime.datetime.fromisoformat(call["time"].replace("Z", "+00:00"))
            call["at"] = began.timestamp()
        return sorted(out, key=lambda call: call["at"])

    def hedging(self):
        """Two deployments, each with two slow calls in a hundred; the same without and with hedging."""
        words = ["--latency", "bimodal:20ms,0.02,10"] + STREAM
        found = []
        hedge = {"percentile": 95, "max_extra_ratio": 0.05, "min_delay_ms": 30}
        for name, settings in (("no hedging", {}), ("hedging", {"hedge": hedge})):
            say(name)
            mocks = [Mock(self, words + ["--seed", str(seed)]) for seed in (1, 2)]
            port, _ = self.serve([("main", f"d{i}", mock) for i, mock in enumerate(mocks)], settings)
            # Percentiles and the budget need some calls before they say anything.
            self.finish(self.load(port, self.options.rate, 2))
            before = sum(mock.requests() for mock in mocks)
            result = self.finish(self.load(port, self.options.rate, self.options.seconds))
            attempts = sum(mock.requests() for mock in mocks) - before
            calls = result["completed_total"] + result["failed"]
            found.append({"name": name, "calls": calls, "failed": result["failed"] + result["unsent"],
                          "attempts": attempts, "extra": attempts / max(calls, 1) - 1,
                          **{p: result["first_event_us"][p] / 1000 for p in ("p50", "p90", "p99", "p99.9")}})
            self.stop_all()
        return found

    def outage(self):
        """Every deployment of three groups answers 500; with the breakers, and with the retry budget alone."""
        rate, found = self.options.outage_rate, []
        for name, off in (("breakers on", False), ("breakers off", True)):
            say(f"outage, {name}")
            mocks = [Mock(self, ["--fault", "status-500"]) for _ in range(4)]
            groups = list(zip(("main", "main", "second", "third"), ("d0", "d1", "d2", "d3"), mocks))
            port, log = self.serve(groups, {"num_retries": 3, "fallbacks": [{"main": ["second", "third"]}],
                                            "disable_cooldowns": off})
            result = self.finish(self.load(port, rate, self.options.seconds / 2))
            attempts = sum(mock.requests() for mock in mocks)
            times = sorted(call["duration_ms"] for call in self.calls(log))
            calls = len(times)
            found.append({"name": name, "calls": calls, "unsent": result["unsent"], "attempts": attempts,
                          "ratio": attempts / max(calls, 1), "p99": times[int(calls * 0.99)] if times else None})
            self.stop_all()
        return found

    def failover(self):
        """One of three deployments breaks and comes back."""
        found = []
        healthy = ["--latency", "20ms"] + STREAM
        for name, fault in FAULTS:
            say(f"failover, one of three: {name}")
            before, broken, after = 2.0, self.options.seconds / 2, self.options.seconds / 2
            mocks = [Mock(self, healthy) for _ in range(3)]
            port, log = self.serve([("main", f"d{i}", mock) for i, mock in enumerate(mocks)],
                                   {"cooldown_time": 1, "stream_timeout": 0.5, "num_retries": 2})
            load = self.load(port, self.options.rate, before + broken + after)
            time.sleep(before)
            broke = mocks[0].become(["--fault", fault])
            time.sleep(broken)
            back = mocks[0].become(healthy)
            result = self.finish(load)
            calls = self.calls(log)
            found.append({"name": name, "unsent": result["unsent"], "sick": "d0",
                          **routing_report.failover_figures(calls, "d0", broke, back, name != "429")})
            self.stop_all()
        return found

    def run(self):
        found = {}
        for name in SCENARIOS:
            if not self.options.only or name in self.options.only:
                found[name] = getattr(self, name)()
        return found


def main():
    options = arguments()
    if not os.access(options.binary, os.X_OK):
        sys.exit(f"bench: {options.binary} is not there; run ./dev build")
    if (os.cpu_count() or 1) < 2:
        sys.exit("bench: two cores are needed, one for the gateway and one for mocks and generator")
    with tempfile.TemporaryDirectory(prefix="cogate-routing-") as folder:
        bench = Bench(options, folder)
        try:
            found = bench.run()
        except RuntimeError as fault:
            sys.exit(f"bench: {fault}")
        finally:
            bench.stop_all()
    words = "".join(f" --only {name}" for name in options.only or [])
    words += f" --seconds {options.seconds:g}" if options.seconds != 10 else ""
    words += f" --rate {options.rate:g}" if options.rate != 200 else ""
    words += f" --outage-rate {options.outage_rate:g}" if options.outage_rate != 1000 else ""
    text = routing_report.markdown(found, options, "./dev bench routing" + words)
    print(text)
    os.makedirs(options.results, exist_ok=True)
    for name, content in (("routing.md", text), ("routing.svg", routing_report.svg(found))):
        with open(os.path.join(options.results, name), "w") as out:
            out.write(content)
    say(f"written: {options.results}/routing.md and routing.svg")
    return 0 if routing_report.all_held(found) else 1


if __name__ == "__main__":
    # An ended run must end its servers, too: SIGTERM unwinds like an error.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
