"""Tables and the picture of a comparison."""
import html
import os
import platform

import measure

ORDER = ["direct", "nginx", "HAProxy", "cogate", "cogate-profiled", "cogate-routed", "cogate-queued", "cogate-committed",
         "Portkey", "LiteLLM", "Bifrost"]


def row(closed, opened, idle, after):
    """The medians over the rounds of one peer in one workload."""
    cpu = [r["cpu_us"] for r in closed]
    errors = {}
    for result in closed + opened:
        for kind, count in result["errors"].items():
            errors[kind] = errors.get(kind, 0) + count
    unsent = sum(r["unsent"] for r in closed + opened)
    if unsent:
        errors["unsent"] = unsent
    return {
        "cpu": measure.median(cpu), "cpu_low": min(cpu), "cpu_high": max(cpu),
        "user": measure.middle(closed, "user_us"), "system": measure.middle(closed, "system_us"),
        "rate": measure.middle(closed, "rate"), "p50": measure.middle(closed, "latency_us", "p50"),
        "p99": measure.middle(closed, "latency_us", "p99"),
        "harness": max(r["harness_share"] for r in closed),
        "open_p50": measure.middle(opened, "latency_us", "p50") if opened else None,
        "open_p99": measure.middle(opened, "latency_us", "p99") if opened else None,
        "idle": idle, "after": after, "errors": errors, "good": all(r["ok"] for r in closed),
    }


def number(value, digits=0):
    return "-" if value is None else f"{value:,.{digits}f}"


def ratio(value, base):
    return "-" if value is None or not base else f"{value / base:.2f}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    lines += ["| " + " | ".join(cells) + " |" for cells in rows]
    return "\n".join(lines) + "\n"


def ordered(names):
    return sorted(names, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))


def heading(workload):
    return f"{workload['title']}, {'TLS' if workload['tls'] else 'plain TCP'} to the upstream"


def workload_table(workload, missing):
    rows = workload["rows"]
    base = rows.get("nginx", {})
    direct = rows.get("direct", {})
    head = ["", "CPU us/request", "of it user", "x nginx", "range", "requests/s", "p50 us", "p99 us",
            "p99 at 30 % load", "less direct", "x nginx", "RSS MiB idle", "after"]
    lines = []
    for name in ordered(rows):
        r = rows[name]
        is_direct = name == "direct"
        added = base_added = None
        if direct.get("open_p99") and r["open_p99"]:
            added = r["open_p99"] - direct["open_p99"]
            base_added = base["open_p99"] - direct["open_p99"] if base.get("open_p99") else None
        marks = (" (!)" if r["errors"] else "") + (" (h)" if r["harness"] > 0.9 and not is_direct else "")
        lines.append([
            name + marks, "-" if is_direct else number(r["cpu"], 1), "-" if is_direct else number(r["user"], 1),
            "-" if is_direct else ratio(r["cpu"], base.get("cpu")),
            "-" if is_direct else f"{r['cpu_low']:,.1f} to {r['cpu_high']:,.1f}", number(r["rate"]),
            number(r["p50"]), number(r["p99"]), number(r["open_p99"]),
            "-" if is_direct else number(added), "-" if is_direct else ratio(added, base_added),
            number(r["idle"], 1), number(r["after"], 1)])
    absent = {**missing, **workload["left_out"]}
    lines += [[name, why] + [""] * (len(head) - 2) for name, why in absent.items()]
    text = f"### {heading(workload)}\n\n" + table(head, lines)
    if workload["rate"]:
        text += f"\nOpen loop: {workload['rate']:,.0f} requests/s for all.\n"
    for name in ordered(rows):
        if rows[name]["errors"]:
            text += f"\n(!) {name} failed: " + ", ".join(f"{k} {v}" for k, v in rows[name]["errors"].items()) + "\n"
    if any(r["harness"] > 0.9 for name, r in rows.items() if name != "direct"):
        text += "\n(h) mock and generator filled their core: requests/s is theirs, not the peer's limit.\n"
    return text


def gaps_table(gaps):
    direct = gaps["direct"]
    lines = []
    for name in ordered(n for n in gaps if len(gaps[n]) == 2):
        chat, stream = gaps[name]["chat"], gaps[name]["stream"]
        worst = stream["event_gap_us"]["max"]
        lines.append([
            name + ("" if chat["ok"] and stream["ok"] else " (!)"),
            number(chat["latency_us"]["p50"], 1), number(chat["latency_us"]["p99"], 1),
            number(chat["latency_us"]["p50"] - direct["chat"]["latency_us"]["p50"], 1),
            number(stream["first_event_us"]["p50"] / 1000, 2), number(stream["event_gap_us"]["p50"] / 1000, 2),
            number(stream["event_gap_us"]["p99"] / 1000, 2), number(worst / 1000, 2),
            number((worst - direct["stream"]["event_gap_us"]["max"]) / 1000, 2)])
    head = ["", "chat p50 us", "chat p99 us", "p50 less direct", "first event ms", "gap p50 ms", "gap p99 ms",
            "largest gap ms", "less direct"]
    return "### One client\n\n" + table(head, lines) + \
        "\nThe stream has an event every 10 ms; a gap of 40 ms more would be Nagle's algorithm meeting delayed ACKs.\n"


def memory_table(memory):
    lines = [[name + ("" if r["ok"] else " (!)"), number(r["idle"], 1), number(r["before"], 2), number(r["after"], 2),
              number(r["per_million"], 2)] for name, r in memory["rows"].items()]
    head = ["", "idle", f"after {memory['first']:,} requests", f"after {memory['requests']:,} more",
            "growth per million"]
    return "### Resident memory, MiB (1 KB chat)\n\n" + table(head, lines) + \
        f"\nGrowth is extrapolated from {memory['requests']:,} requests.\n"


def cpu_model():
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def siblings():
    try:
        with open("/sys/devices/system/cpu/cpu0/topology/thread_siblings_list") as file:
            return file.read().strip() not in ("0", "")
    except OSError:
        return False


def markdown(found):
    options = found["options"]
    shared = " Core 0 has an SMT sibling: figures are relative only." if siblings() else ""
    parts = [
        "# Benchmark results\n",
        f"Measured with `{found['command']}`: every row on the same machine in one run, peers one after the other, rounds "
        "interleaved in random order. The method and its limits are in bench/README.md.\n",
        f"- Machine: {os.cpu_count()} cores, {cpu_model()}, Linux {platform.release()}.{shared}",
        "- Versions: " + ", ".join(f"{n} {v}".strip() for n, v in found["versions"].items()),
        f"- Per figure: median of {options['rounds']} rounds of {options['seconds']:g} s, "
        f"{options['connections']} connections; every answer checked.",
        "- cogate runs with its master key and its access log on; the other gateways as they come. `cogate-profiled` is\n"
        "  the program of `./dev build profiled`. `cogate-routed` has three deployments behind the name. `cogate-committed`\n"
        "  and `cogate-queued` are asked with a virtual key that has budgets of its own, its team and its organisation, and\n"
        "  rate limits; every call has a row in the ledger, before its last byte (committed) or soon after it (queued).\n",
    ]
    parts += [workload_table(w, found["missing"]) for w in found["workloads"]]
    if "gaps" in found:
        parts.append(gaps_table(found["gaps"]))
    if "memory" in found:
        parts.append(memory_table(found["memory"]))
    return "\n".join(parts)


STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 } .title { font-weight: 600; font-size: 15px }
  .note { fill: #59636e; font-size: 12px } .bar { fill: #8c959f } .cogate { fill: #0969da } .nginx { fill: #57606a }
  .axis { stroke: #d0d7de } .background { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .note { fill: #9198a1 } .bar { fill: #656c76 } .cogate { fill: #4493f8 }
    .nginx { fill: #9198a1 } .axis { stroke: #3d444d } .background { fill: #0d1117 } }
"""


def svg(found):
    """CPU per request: a group of bars per workload, each group to its own scale; what is longer is cut off."""
    left, width, bar, gap = 110, 430, 18, 6
    out, y = [], 58
    for workload in found["workloads"]:
        rows = {n: r for n, r in workload["rows"].items() if n != "direct" and r["good"]}
        if not rows:
            continue
        base = rows.get("nginx", next(iter(rows.values())))["cpu"]
        limit = 3 * base
        out.append(f'<text class="title" x="16" y="{y}">{html.escape(heading(workload))}</text>')
        y += 12
        top = y
        for name in ordered(rows):
            cpu = rows[name]["cpu"]
            length = max(1.0, width * min(cpu, limit) / limit)
            kind = name if name in ("cogate", "nginx") else "bar"
            out.append(f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{html.escape(name)}</text>')
            out.append(f'<rect class="{kind}" x="{left}" y="{y}" width="{length:.1f}" height="{bar}" rx="2"/>')
            if cpu > limit:
                cut = left + width - 26
                out.append(f'<path class="background" d="M{cut} {y + bar} l8 {-bar} h6 l-8 {bar} z"/>')
            times = f"  ({cpu / base:,.2f} x nginx)" if name != "nginx" else ""
            out.append(f'<text x="{left + length + 8:.1f}" y="{y + 14}">{cpu:,.1f} us{times}</text>')
            y += bar + gap
        out.append(f'<line class="axis" x1="{left}" y1="{top - 2}" x2="{left}" y2="{y - gap + 2}"/>')
        y += 30
    total = left + width + 190
    head = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {y}" width="{total}" height="{y}" role="img" '
            'aria-label="CPU time per request">', f"<style>{STYLE}</style>",
            f'<rect class="background" width="{total}" height="{y}"/>',
            '<text class="title" x="16" y="26">CPU time per proxied request, user and system (less is better)</text>']
    return "\n".join(head + out + ["</svg>"]) + "\n"
