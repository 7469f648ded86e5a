"""One measurement at a time: the mock, the load generator, and what they tell about a peer."""
import http.client
import json
import os
import resource
import statistics
import subprocess

import processes

# Peers run on one core; the mock and the generator share the other.
PEER_CORE, HARNESS_CORE = 0, 1


class Workload:
    """`live`: the mock sets the pace, so that capacity has no meaning and every event is relayed on its own.
    `client` and `upstream` are dialects; a proxy that cannot translate passes the client's on to the mock."""

    def __init__(self, name, title, mock, bench, stream=False, live=False, client="openai_chat",
                 upstream="openai_chat"):
        self.name, self.title, self.mock, self.stream = name, title, mock, stream
        self.live, self.connections = live, 128 if live else 32
        self.client, self.upstream = client, upstream
        self.bench = bench + ["--dialect", client]


WORKLOADS = [
    Workload("chat1k", "1 KB chat", ["--body-bytes", "750"], ["--body-bytes", "1024"]),
    Workload("chat100k", "100 KB chat", ["--body-bytes", "4096"], ["--body-bytes", str(100 * 1024)]),
    Workload("sse200", "SSE of 200 events", ["--tokens", "200"], ["--body-bytes", "1024", "--stream"], stream=True),
    Workload("live200", "SSE of 200 events, one every 5 ms, 128 streams", ["--tokens", "200", "--rate", "200"],
             ["--body-bytes", "1024", "--stream"], stream=True, live=True),
    Workload("translate1k", "1 KB chat, OpenAI in, Anthropic upstream", ["--body-bytes", "750"],
             ["--body-bytes", "1024"], upstream="anthropic_messages"),
    Workload("translate200", "SSE of 200 events, OpenAI in, Anthropic upstream", ["--tokens", "200"],
             ["--body-bytes", "1024", "--stream"], stream=True, upstream="anthropic_messages"),
    Workload("messages1k", "1 KB message, Anthropic in, Anthropic upstream", ["--body-bytes", "750"],
             ["--body-bytes", "1024"], client="anthropic_messages", upstream="anthropic_messages"),
    Workload("messages200", "SSE of 200 events, Anthropic in, Anthropic upstream", ["--tokens", "200"],
             ["--body-bytes", "1024", "--stream"], stream=True, client="anthropic_messages",
             upstream="anthropic_messages"),
]
# A stream as a model sends it: an event every 10 ms, for the gaps that one client sees.
PACED = Workload("paced", "one client, an event every 10 ms",
                 ["--tokens", "50", "--rate", "100", "--ttft", "10ms"], ["--body-bytes", "1024", "--stream"], stream=True)


class Mock:
    """The upstream of one workload. Used as a context manager."""

    def __init__(self, tool, folder, workload, certificate=None):
        self.tool, self.folder, self.workload, self.certificate = tool, folder, workload, certificate

    def __enter__(self):
        command = [self.tool, "mock", "--port", "0"] + self.workload.mock
        if self.certificate:
            command += ["--tls-cert", self.certificate[0], "--tls-key", self.certificate[1]]
        self.process = processes.start(command, HARNESS_CORE, os.path.join(self.folder, "mock.log"),
                                       stdout=subprocess.PIPE)
        words = self.process.stdout.readline().split()
        if len(words) != 2 or words[0] != b"ready":
            processes.stop(self.process)
            raise RuntimeError("the mock did not start; see mock.log")
        self.port = int(words[1])
        return self

    def __exit__(self, *_):
        processes.stop(self.process)


class Target:
    """Something the generator can be pointed at: a peer, or the mock itself."""

    def __init__(self, name, port, root=None, model="bench", headers=(), key=None):
        self.name, self.port, self.root, self.model = name, port, root, model
        self.headers, self.key = headers, key


def run_bench(tool, target, workload, arguments):
    """Runs `cogate bench`; returns its report, with the CPU that it and the peer used."""
    command = [tool, "bench", "--url", f"http://127.0.0.1:{target.port}/v1", "--model", target.model, "--json",
               "--quiet"] + workload.bench + [str(a) for a in arguments]
    for header in target.headers:
        command += ["--header", header]
    environment = dict(os.environ)
    if target.key:
        environment["COGATE_BENCH_KEY"] = target.key
        command += ["--api-key-env", "COGATE_BENCH_KEY"]
    before = processes.cpu_seconds(target.root) if target.root else (0, 0)
    own = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
                          preexec_fn=lambda: os.sched_setaffinity(0, {HARNESS_CORE}))
    after = processes.cpu_seconds(target.root) if target.root else (0, 0)
    own_after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if not done.stdout:
        raise RuntimeError(f"cogate bench against {target.name}: {done.stderr.strip()}")
    report = json.loads(done.stdout)
    answers = max(1, report["completed_total"])
    report["user_us"] = (after[0] - before[0]) * 1e6 / answers
    report["system_us"] = (after[1] - before[1]) * 1e6 / answers
    report["cpu_us"] = report["user_us"] + report["system_us"]
    report["generator_seconds"] = (own_after.ru_utime + own_after.ru_stime) - (own.ru_utime + own.ru_stime)
    report["ok"] = report["failed"] == 0 and report["unsent"] == 0 and report["completed"] > 0
    return report


def chat_text(text, stream):
    """What an OpenAI chat answer says, or None when it is not whole."""
    if not stream:
        return json.loads(text)["choices"][0]["message"]["content"]
    events = [line[6:] for line in text.split("\n") if line.startswith("data: ")]
    if not events or events[-1].strip() != "[DONE]":
        return None
    deltas = [json.loads(e)["choices"] for e in events[:-1]]
    return "".join(d[0]["delta"].get("content") or "" for d in deltas if d)


def message_text(text, stream):
    """The same for an Anthropic message."""
    if not stream:
        return json.loads(text)["content"][0]["text"]
    events = [json.loads(line[6:]) for line in text.split("\n") if line.startswith("data: ")]
    if not events or events[-1]["type"] != "message_stop":
        return None
    return "".join(e["delta"].get("text", "") for e in events if e["type"] == "content_block_delta")


def ask(target, workload):
    """One request; the text of a good answer, or None."""
    body = {"model": target.model, "messages": [{"role": "user", "content": "hello"}]}
    if workload.stream:
        body["stream"] = True
    headers = {"Content-Type": "application/json"}
    if target.key:
        headers["Authorization"] = "Bearer " + target.key
    path, read = "/v1/chat/completions", chat_text
    if workload.client == "anthropic_messages":
        path, read = "/v1/messages", message_text
        body["max_tokens"] = 1024
        headers["anthropic-version"] = "2023-06-01"
    for header in target.headers:
        name, _, value = header.partition(":")
        headers[name] = value
    try:
        connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=10)
        connection.request("POST", path, json.dumps(body), headers)
        response = connection.getresponse()
        text = response.read().decode()
        return read(text, workload.stream) if response.status == 200 else None
    except (OSError, ValueError, KeyError, IndexError, http.client.HTTPException):
        return None


def median(values):
    values = [v for v in values if v is not None]
    return statistics.median(values) if values else None


def middle(reports, *path):
    """The median over rounds of one figure of the reports."""
    values = []
    for report in reports:
        for key in path:
            report = report[key]
        values.append(report)
    return median(values)
