"""Figures, tables and the picture of the routing scenarios."""
import html
import os
import platform

from report import STYLE, cpu_model, number, table

# A call is logged with its time in whole milliseconds and a restarted mock needs a moment to listen.
SLACK = 0.3


def attempts_at(calls, deployment):
    """Every attempt at a deployment: when it began, when it ended and whether it went well."""
    found = []
    for call in calls:
        route = call.get("route")
        if route:
            found += [(call["at"] + one["start_ms"] / 1000, call["at"] + one.get("end_ms", one["start_ms"]) / 1000,
                       "error" not in one) for one in route if one["deployment"] == deployment]
        elif call["deployment"] == deployment:
            found.append((call["at"], call["at"] + call["duration_ms"] / 1000, "error" not in call))
    return sorted(found)


def failover_figures(calls, sick, broke, back, doubles):
    """`doubles`: each rest of the sick one is twice as long as the one before, the first 1 s."""
    settled = broke + 1
    after = [call for call in calls if call["at"] >= settled]
    tries = attempts_at(calls, sick)
    probes = [began for began, _, _ in tries if settled <= began < back]
    failed = [(began, ended) for began, ended, good in tries if broke <= began < back and not good]
    returned = next((began for began, _, good in tries if began >= back and good), None)
    pauses = [after[0] - before[1] for before, after in zip(failed, failed[1:]) if after[0] - before[1] > 0.5]
    interval = (2 if doubles else 1) * pauses[-1] if pauses else 1.0
    return {
        "calls": len(after), "failed": sum("error" in call for call in after),
        "first_second": sum("error" in call for call in calls if broke <= call["at"] < settled),
        "probes": len(probes), "allowed_probes": max(1, int(back - settled) + 1),
        "pause": interval, "returned": None if returned is None else returned - back,
        "curve": curve(calls, sick, calls[0]["at"] if calls else broke), "broke": broke - calls[0]["at"],
        "back": back - calls[0]["at"],
    }


def curve(calls, sick, start, width=0.25):
    """Per quarter of a second: calls, of them answered by the sick one, of them failed."""
    found = {}
    for call in calls:
        row = found.setdefault(int((call["at"] - start) / width), [0, 0, 0])
        row[0] += 1
        row[1] += call["deployment"] == sick and "error" not in call
        row[2] += "error" in call
    return [(key * width, *found[key]) for key in sorted(found)]


def verdict(held):
    return "held" if held else "MISSED"


def bars(found):
    """Every figure with its bar: (scenario, figure, measured, bar, held)."""
    out = []
    if "hedging" in found:
        plain, hedged = found["hedging"]
        gain = plain["p99"] / max(hedged["p99"], 0.001)
        out.append(("hedging", "p99 first token, times lower", f"{gain:.2f}", ">= 3", gain >= 3))
        out.append(("hedging", "extra calls", f"{100 * hedged['extra']:.2f} %", "<= 5 %", hedged["extra"] <= 0.05))
        out.append(("hedging", "failed calls", str(hedged["failed"]), "0", hedged["failed"] == 0))
    for row in found.get("outage", []):
        out.append((f"total outage, {row['name']}", "upstream attempts per call", f"{row['ratio']:.3f}", "<= 1.25",
                    row["ratio"] <= 1.25))
    for row in found.get("failover", []):
        name = f"one of three: {row['name']}"
        share = row["failed"] / max(row["calls"], 1)
        out.append((name, "client errors after the first second", f"{100 * share:.3f} %", "< 0.1 %", share < 0.001))
        out.append((name, "probes after the first second", str(row["probes"]), f"<= {row['allowed_probes']}",
                    row["probes"] <= row["allowed_probes"]))
        measured = "never" if row["returned"] is None else f"{row['returned']:.2f} s"
        out.append((name, "back in rotation after", measured, f"<= {row['pause']:.2f} s",
                    row["returned"] is not None and row["returned"] <= row["pause"] + SLACK))
    return out


def all_held(found):
    return all(row[4] for row in bars(found))


def markdown(found, options, command):
    parts = [
        "# Routing over real sockets\n",
        f"Measured with `{command}`: `cogate bench` (open loop, Poisson arrivals, streams) -> `cogate serve` "
        "(one worker) -> `cogate mock`. What the figures mean: `./dev bench routing --help`.\n",
        f"- Machine: {os.cpu_count()} cores, {cpu_model()}, Linux {platform.release()}.",
        f"- {options.rate:g} calls/s, in the outage {options.outage_rate:g}; {options.seconds:g} s per measurement.\n",
        table(["scenario", "figure", "measured", "bar", ""],
              [[name, figure, measured, bar, verdict(held)] for name, figure, measured, bar, held in bars(found)])]
    if "hedging" in found:
        parts.append("### Hedging: two deployments, 2 % of calls 10 times as slow; first token in ms\n\n" + table(
            ["", "calls", "failed", "upstream attempts", "p50", "p90", "p99", "p99.9"],
            [[r["name"], number(r["calls"]), number(r["failed"]), number(r["attempts"])] +
             [number(r[p], 1) for p in ("p50", "p90", "p99", "p99.9")] for r in found["hedging"]]))
    if "outage" in found:
        parts.append("### Total outage: num_retries 3, two fallback groups, every deployment answers 500\n\n" + table(
            ["", "calls", "not sent", "upstream attempts", "per call", "p99 of an error, ms"],
            [[r["name"], number(r["calls"]), number(r["unsent"]), number(r["attempts"]), f"{r['ratio']:.3f}",
              number(r["p99"], 1)] for r in found["outage"]]))
    if "failover" in found:
        parts.append("### Failover: one of three deployments breaks and comes back; cooldown_time 1 s\n\n" + table(
            ["it", "errors in the first second", "calls after it", "of them failed", "probes", "back after, s"],
            [[r["name"], number(r["first_second"]), number(r["calls"]), number(r["failed"]), number(r["probes"]),
              number(r["returned"], 2)] for r in found["failover"]]))
    return "\n".join(parts)


def hedging_bars(found, y, left, width):
    out, longest = [], max(r["p99.9"] for r in found) or 1
    out.append(f'<text class="title" x="16" y="{y}">Hedging: time to the first token, 2 % of calls 10 times as slow</text>')
    y += 12
    for row in found:
        for share in ("p50", "p99", "p99.9"):
            length = max(1.0, width * row[share] / longest)
            kind = "cogate" if row["name"] == "hedging" else "bar"
            out.append(f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{html.escape(row["name"])} {share}</text>')
            out.append(f'<rect class="{kind}" x="{left}" y="{y}" width="{length:.1f}" height="18" rx="2"/>')
            out.append(f'<text x="{left + length + 8:.1f}" y="{y + 14}">{row[share]:,.1f} ms</text>')
            y += 22
        y += 6
    return out, y + 26


def outage_bars(found, y, left, width):
    limit, out = 1.5, []
    out.append(f'<text class="title" x="16" y="{y}">Total outage: upstream attempts per call (bar: 1.25)</text>')
    y += 12
    top = y
    for row in found:
        length = max(1.0, width * min(row["ratio"], limit) / limit)
        out.append(f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{html.escape(row["name"])}</text>')
        out.append(f'<rect class="cogate" x="{left}" y="{y}" width="{length:.1f}" height="18" rx="2"/>')
        out.append(f'<text x="{left + max(length, width * 1.25 / limit) + 8:.1f}" y="{y + 14}">{row["ratio"]:.3f}</text>')
        y += 22
    at = left + width * 1.25 / limit
    out.append(f'<line class="axis" x1="{at:.1f}" y1="{top - 4}" x2="{at:.1f}" y2="{y}"/>')
    return out, y + 32


def failover_curves(found, y, left, width):
    out, height = [], 60
    out.append(f'<text class="title" x="16" y="{y}">Failover: share of calls that the sick deployment answered, and failed '
               'calls</text>')
    y += 14
    for row in found:
        length = max(point[0] for point in row["curve"]) + 0.25
        scale = width / length
        points = " ".join(f"{left + at * scale:.1f},{y + height * (1 - mine / max(calls, 1)):.1f}"
                          for at, calls, mine, _ in row["curve"])
        ends = left + row["broke"] * scale, left + row["back"] * scale
        out.append(f'<rect class="sick" x="{ends[0]:.1f}" y="{y}" width="{ends[1] - ends[0]:.1f}" height="{height}"/>')
        out.append(f'<polyline class="line" points="{points}"/>')
        for at, calls, _, failed in row["curve"]:
            if failed:
                tall = max(2.0, height * failed / max(calls, 1))
                out.append(f'<rect class="error" x="{left + at * scale:.1f}" y="{y + height - tall:.1f}" width="3" '
                           f'height="{tall:.1f}"/>')
        out.append(f'<line class="axis" x1="{left}" y1="{y + height}" x2="{left + width}" y2="{y + height}"/>')
        out.append(f'<text x="{left - 8}" y="{y + 34}" text-anchor="end">{html.escape(row["name"])}</text>')
        out.append(f'<text class="note" x="{left + width + 8}" y="{y + 14}">100 %</text>')
        out.append(f'<text class="note" x="{left + width + 8}" y="{y + height}">{length:.0f} s</text>')
        y += height + 18
    return out, y + 12


MORE_STYLE = """
  .line { fill: none; stroke: #0969da; stroke-width: 2 } .sick { fill: #ffebe9 } .error { fill: #cf222e }
  @media (prefers-color-scheme: dark) { .line { stroke: #4493f8 } .sick { fill: #3c1618 } .error { fill: #f85149 } }
"""


def svg(found):
    left, width, y, out = 150, 430, 58, []
    for name, draw in (("hedging", hedging_bars), ("outage", outage_bars), ("failover", failover_curves)):
        if name in found:
            more, y = draw(found[name], y, left, width)
            out += more
    total = left + width + 120
    head = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {y}" width="{total}" height="{y}" role="img" '
            'aria-label="Routing under slowness and failure">', f"<style>{STYLE}{MORE_STYLE}</style>",
            f'<rect class="background" width="{total}" height="{y}"/>',
            '<text class="title" x="16" y="26">Routing under slowness and failure, over real sockets</text>']
    return "\n".join(head + out + ["</svg>"]) + "\n"
