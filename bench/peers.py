"""The gateways and proxies that are measured: how each is found, configured and started."""
import http.client
import importlib.util
import json
import os
import re
import shutil
import subprocess

import processes

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MASTER_KEY = "sk-bench-master"
UPSTREAM_KEY = "sk-bench-upstream"


class Upstream:
    """Where the mock listens."""

    def __init__(self, port, tls, ca_file, dialect="openai_chat"):
        self.port, self.tls, self.ca_file, self.dialect = port, tls, ca_file, dialect
        self.host = "localhost" if tls else "127.0.0.1"
        self.base = f"{'https' if tls else 'http'}://{self.host}:{port}"
        self.provider = "anthropic" if dialect == "anthropic_messages" else "openai"


class Peer:
    """One row of the tables. `headers` go with every request; `upstreams` are the dialects it is set up for, `workloads`
    those that it is measured with."""
    name = ""
    upstreams = ("openai_chat", "anthropic_messages")
    workloads = None  # all
    model = "bench"
    headers = ()
    start_seconds = 20

    def missing(self):
        """Why it cannot be measured, or None."""
        return None

    def version(self):
        return ""

    def command(self, folder, port, upstream):
        raise NotImplementedError

    def environment(self, upstream):
        return {}

    def api_key(self):
        return None

    def prepare(self):
        """Done once it listens, before it is asked anything."""

    def start(self, folder, upstream, core):
        self.folder = os.path.join(folder, re.sub("[^a-z0-9]+", "-", self.name.lower()))
        os.makedirs(self.folder, exist_ok=True)
        self.port = processes.free_port()
        self.process = processes.start(self.command(self.folder, self.port, upstream), core,
                                       os.path.join(self.folder, "log"), self.environment(upstream))

    def stop(self):
        processes.stop(self.process)


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def first_line(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout.strip().split("\n")[0]


class Nginx(Peer):
    name = "nginx"

    def missing(self):
        return None if shutil.which("nginx") else "not installed"

    def version(self):
        return first_line(["nginx", "-v"]).rpartition("/")[2]

    def command(self, folder, port, upstream):
        tls = f"""
            proxy_ssl_protocols TLSv1.3;
            proxy_ssl_verify on;
            proxy_ssl_trusted_certificate {upstream.ca_file};
            proxy_ssl_name localhost;
            proxy_ssl_server_name on;""" if upstream.tls else ""
        user = "user root;" if os.geteuid() == 0 else ""
        config = write(folder, "nginx.conf", f"""
{user}
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    client_max_body_size 64m;
    client_body_buffer_size 1m;
    keepalive_requests 1000000000;
    upstream mock {{
        server 127.0.0.1:{upstream.port};
        keepalive 256;
        keepalive_requests 1000000000;
    }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass {'https' if upstream.tls else 'http'}://mock;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_buffering off;{tls}
        }}
    }}
}}
""")
        return ["nginx", "-c", config, "-e", f"{folder}/error.log", "-g", "daemon off;"]


class Haproxy(Peer):
    name = "HAProxy"

    def missing(self):
        return None if shutil.which("haproxy") else "not installed"

    def version(self):
        return first_line(["haproxy", "-v"]).split()[2]

    def command(self, folder, port, upstream):
        tls = f" ssl verify required ca-file {upstream.ca_file} sni str(localhost) verifyhost localhost" \
              " ssl-min-ver TLSv1.3" if upstream.tls else ""
        config = write(folder, "haproxy.cfg", f"""
global
    nbthread 1
    maxconn 4096
defaults
    mode http
    option http-no-delay
    http-reuse always
    timeout connect 5s
    timeout client 60s
    timeout server 60s
listen mock
    bind 127.0.0.1:{port}
    server mock 127.0.0.1:{upstream.port}{tls}
""")
        return ["haproxy", "-db", "-f", config]


class Cogate(Peer):
    """A master key, an access log, one deployment; no accounts."""
    name = "cogate"
    deployments = 1

    def __init__(self, binary):
        self.binary = binary

    def missing(self):
        return None if os.access(self.binary, os.X_OK) else "not built"

    def version(self):
        return first_line([self.binary, "--version"]).rpartition(" ")[2]

    def api_key(self):
        return MASTER_KEY

    def environment(self, upstream):
        return {"COGATE_BENCH_UPSTREAM_KEY": UPSTREAM_KEY, "COGATE_BENCH_MASTER_KEY": MASTER_KEY}

    def command(self, folder, port, upstream):
        config = write(folder, "config.yaml", "model_list:\n" + "".join(f"""
  - model_name: bench
    litellm_params:
      model: {upstream.provider}/bench
      api_base: {upstream.base}/v1
      api_key: os.environ/COGATE_BENCH_UPSTREAM_KEY
      input_cost_per_token: "0.000001"
      output_cost_per_token: "0.000002"
    model_info: {{id: bench-{i}, max_output_tokens: 4096}}
""" for i in range(self.deployments)) + """
general_settings:
  master_key: os.environ/COGATE_BENCH_MASTER_KEY
cogate:
""" + self.settings() + (f"  ca_file: {upstream.ca_file}\n" if upstream.tls else ""))
        return [self.binary, "serve", "--config", config, "--host", "127.0.0.1", "--port", str(port),
                "--workers", "1", "--access-log", os.path.join(folder, "access.log")] + self.accounts(folder)

    def settings(self):
        return "  access_log: ''\n"

    def accounts(self, folder):
        return ["--no-ledger"]


class CogateProfiled(Cogate):
    """The same, built with the counts of a training run."""
    name = "cogate-profiled"

    def __init__(self):
        super().__init__(os.path.join(ROOT, "build/profiled/cogate"))

    def missing(self):
        return None if os.access(self.binary, os.X_OK) else "not built (./dev build profiled)"


class CogateRouted(Cogate):
    """Three deployments behind the name, chosen by the default strategy."""
    name = "cogate-routed"
    workloads = ("chat1k", "sse200")
    deployments = 3


class CogateLedger(Cogate):
    """A virtual key with budgets of its own, of its team and organisation, with rate limits, and a row per call."""
    workloads = ("chat1k", "sse200")

    def __init__(self, binary, acknowledge):
        super().__init__(binary)
        self.acknowledge = acknowledge
        self.name = f"cogate-{acknowledge}"
        self.key = MASTER_KEY

    def settings(self):
        return f"  ledger: {{acknowledge: {self.acknowledge}}}\n"

    def accounts(self, folder):
        return ["--data", os.path.join(folder, "data")]

    def api_key(self):
        return self.key

    def make(self, path, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("POST", path, json.dumps(body), {"Authorization": "Bearer " + MASTER_KEY,
                                                            "Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {text}")
        return json.loads(text)

    def prepare(self):
        budget = {"max_budget": 1000000, "budget_duration": "30d"}
        organisation = self.make("/organization/new", {"organization_alias": "bench", "models": ["bench"], **budget})
        team = self.make("/team/new", {"team_alias": "bench", "organization_id": organisation["organization_id"],
                                       "tpm_limit": 10 ** 12, **budget})
        key = self.make("/key/generate", {"team_id": team["team_id"], "models": ["bench"], "rpm_limit": 10 ** 9,
                                          "tpm_limit": 10 ** 12, "max_parallel_requests": 10000, **budget})
        self.key = key["key"]


class Portkey(Peer):
    name = "Portkey"
    upstreams = ("openai_chat",)
    start_seconds = 60

    def package(self):
        for folder in ("build/bench/npm", "build/npm"):
            path = os.path.join(ROOT, folder, "node_modules/@portkey-ai/gateway")
            if os.path.isfile(os.path.join(path, "build/start-server.js")):
                return path
        return None

    def missing(self):
        return None if shutil.which("node") and self.package() else "not installed"

    def version(self):
        with open(os.path.join(self.package(), "package.json")) as file:
            return json.load(file)["version"] + ", node " + first_line(["node", "--version"])

    def environment(self, upstream):
        return {"NODE_ENV": "production", "NODE_EXTRA_CA_CERTS": upstream.ca_file}

    def command(self, folder, port, upstream):
        self.headers = ("x-portkey-provider:openai", f"x-portkey-custom-host:{upstream.base}/v1")
        return ["node", os.path.join(self.package(), "build/start-server.js"), "--headless", f"--port={port}"]

    def api_key(self):
        return UPSTREAM_KEY


class Litellm(Peer):
    name = "LiteLLM"
    upstreams = ("openai_chat",)
    start_seconds = 120

    def base_command(self):
        own = os.path.join(ROOT, "build/bench/python/bin/litellm")
        for path in (own, shutil.which("litellm")):
            if path and os.access(path, os.X_OK):
                return [path]
        if importlib.util.find_spec("litellm"):
            return ["python3", "-m", "litellm.proxy.proxy_cli"]
        return None

    def missing(self):
        return None if self.base_command() else "not installed"

    def version(self):
        done = subprocess.run(self.base_command() + ["--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True)
        found = re.search(r"\d+\.\d+\.\d+", done.stdout)
        return found.group() if found else ""

    def environment(self, upstream):
        return {"SSL_CERT_FILE": upstream.ca_file, "LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR"}

    def api_key(self):
        return MASTER_KEY

    def command(self, folder, port, upstream):
        config = write(folder, "config.yaml", f"""
model_list:
  - model_name: bench
    litellm_params:
      model: openai/bench
      api_base: {upstream.base}/v1
      api_key: {UPSTREAM_KEY}
general_settings:
  master_key: {MASTER_KEY}
""")
        return self.base_command() + ["--config", config, "--host", "127.0.0.1", "--port", str(port),
                                      "--num_workers", "1"]


class Bifrost(Peer):
    name = "Bifrost"
    upstreams = ("openai_chat",)
    model = "openai/bench"
    start_seconds = 60

    def missing(self):
        return None if shutil.which("bifrost-http") else "not installed"

    def environment(self, upstream):
        return {"SSL_CERT_FILE": upstream.ca_file}

    def command(self, folder, port, upstream):
        write(folder, "config.json", json.dumps({"providers": {"openai": {
            "keys": [{"name": "bench", "value": UPSTREAM_KEY, "models": ["bench"], "weight": 1.0}],
            "network_config": {"base_url": upstream.base}}}}))
        return ["bifrost-http", "-app-dir", folder, "-host", "127.0.0.1", "-port", str(port), "-log-level", "error"]


def all_peers(binary):
    return [Nginx(), Haproxy(), Cogate(binary), CogateProfiled(), CogateRouted(binary),
            CogateLedger(binary, "committed"), CogateLedger(binary, "queued"), Portkey(), Litellm(), Bifrost()]
