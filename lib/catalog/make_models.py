#!/usr/bin/env python3
"""make_models.py FOLDER > models.def: the built-in table of models from a folder with price data.

FOLDER holds facts.csv (the chosen price of every model), litellm_model_prices.json, models.dev.json and
genai-prices.json. The three maps fill in what facts.csv cannot say (batch, flex and priority prices, prices of the
whole long-context tier, one-hour cache writes, audio and image tokens, web searches), but only where a map agrees
with the chosen input and output price: prices of different lists are never mixed. All numbers stay decimal.
The grammar of a row is in row.hpp.
"""
import csv
import json
import os
import re
import sys
from decimal import Decimal

TOKEN_FIELDS = {
    "input_cost_per_token": "in", "output_cost_per_token": "out", "cache_read_input_token_cost": "cached",
    "cache_creation_input_token_cost": "write", "cache_creation_input_token_cost_above_1hr": "write1h",
    "output_cost_per_reasoning_token": "reason", "input_cost_per_audio_token": "audioin",
    "output_cost_per_audio_token": "audioout", "cache_read_input_audio_token_cost": "audiocached",
    "cache_creation_input_audio_token_cost": "audiowrite", "input_cost_per_image_token": "imagein",
    "output_cost_per_image_token": "imageout", "output_cost_per_video_token": "videoout",
    "citation_cost_per_token": "citation",
}
UNIT_FIELDS = {
    "ocr_cost_per_page": "page", "annotation_cost_per_page": "notepage", "input_cost_per_request": "request",
    "output_cost_per_second": "secmade", "output_cost_per_video_per_second": "videosecmade",
    "input_cost_per_audio_per_second": "audiosec", "input_cost_per_video_per_second": "videosec",
    "output_cost_per_second_1080p": "secmade1080p",
}
FACT_KEYS = {
    "usd_per_image": "imgmade", "usd_per_input_second": "sec", "usd_per_output_second": "secmade",
    "usd_per_input_char": "char", "usd_per_query": "query", "usd_per_page": "page",
}
DEV_NAMES = {"gemini": ["google"], "vertex_ai": ["google-vertex", "google-vertex-anthropic"],
             "bedrock": ["amazon-bedrock"], "moonshot": ["moonshotai"], "together_ai": ["togetherai"],
             "fireworks_ai": ["fireworks-ai"], "dashscope": ["alibaba"]}
DEV_COST = {"input": "in", "output": "out", "cache_read": "cached", "cache_write": "write", "reasoning": "reason",
            "input_audio": "audioin", "output_audio": "audioout"}
GENAI_NAMES = {"openai": "openai", "gemini": "google", "vertex_ai": "google", "mistral": "mistral",
               "anthropic": "anthropic"}
GENAI_COST = {"input_mtok": "in", "output_mtok": "out", "cache_read_mtok": "cached", "cache_write_mtok": "write",
              "cache_write_1h_mtok": "write1h", "input_audio_mtok": "audioin", "output_audio_mtok": "audioout",
              "cache_audio_read_mtok": "audiocached", "output_image_mtok": "imageout"}
TIERS = {"batches": "batch", "flex": "flex", "priority": "priority"}
AS_OF = "2026-11-22"


def text(number):
    number = Decimal(number)
    digits = format(number.quantize(Decimal("0.000000000001")), "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def count(cell):
    return str(int(Decimal(cell))) if cell else "-"


def limit(tokens):
    """A context tier's lower bound; "above 271999" and "above 272000" mean the same one."""
    tokens = int(tokens)
    return tokens + 1 if tokens % 1000 == 999 else tokens


def litellm_prices(entry):
    prices = {}
    for field, value in entry.items():
        if isinstance(value, (str, dict, list, bool)):
            continue
        name, tier, above = field, "", ""
        found = re.fullmatch(r"(.*)_(batches|flex|priority)", name)
        if found:
            name, tier = found.group(1), "@" + TIERS[found.group(2)]
        found = re.fullmatch(r"(.*)_above_(\d+)k_tokens", name)
        if found:
            name, above = found.group(1), f">{int(found.group(2)) * 1000}"
        if name in TOKEN_FIELDS:
            prices[TOKEN_FIELDS[name] + tier + above] = Decimal(value) * 1000000
        elif name in UNIT_FIELDS and not tier and not above:
            prices[UNIT_FIELDS[name]] = Decimal(value)
    for size, code in (("low", "searchlow"), ("medium", "search"), ("high", "searchhigh")):
        value = entry.get("search_context_cost_per_query", {}).get("search_context_size_" + size)
        if value is not None:
            prices[code] = Decimal(value)
    for low in entry.get("tiered_pricing", []):
        if "range" in low:
            above = f">{int(low['range'][0])}" if low["range"][0] else ""
            for field, value in low.items():
                if field in TOKEN_FIELDS:
                    prices[TOKEN_FIELDS[field] + above] = Decimal(value) * 1000000
    return prices


def dev_cost(cost, prices, tier="", above=""):
    for field, value in cost.items():
        if field in DEV_COST and not (field == "cache_read" and value == 0 and cost.get("input")):
            prices[DEV_COST[field] + tier + above] = Decimal(value)


def dev_prices(entry):
    prices = {}
    cost = entry.get("cost") or {}
    dev_cost(cost, prices)
    for part in cost.get("tiers", []):
        if part.get("tier", {}).get("type") == "context":
            dev_cost(part, prices, above=f">{limit(part['tier']['size'])}")
    for mode in entry.get("experimental", {}).get("modes", {}).values():
        body = mode.get("provider", {}).get("body", {})
        tier = body.get("service_tier") or body.get("speed")
        if tier in ("priority", "fast") and "cost" in mode:
            dev_cost(mode["cost"], prices, tier="@" + tier)
    return prices


def genai_prices(listed):
    prices = {}
    for field, value in listed.items():
        if field not in GENAI_COST:
            continue
        code = GENAI_COST[field]
        if isinstance(value, dict):
            prices[code] = Decimal(value["base"])
            for part in value["tiers"]:
                prices[f"{code}>{limit(part['start'])}"] = Decimal(part["price"])
        else:
            prices[code] = Decimal(value)
    return prices


class Maps:
    def __init__(self, folder):
        def load(name):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                return json.load(file, parse_float=Decimal, parse_int=Decimal)
        self.litellm = load("litellm_model_prices.json")
        self.dev = load("models.dev.json")
        self.genai = {maker["id"]: {m["id"]: m for m in maker["models"]} for maker in load("genai-prices.json")}

    def of_litellm(self, provider, model):
        entry = self.litellm.get(f"{provider}/{model}")
        if entry is None:
            entry = self.litellm.get(model)
            listed = (entry or {}).get("litellm_provider", "") if isinstance(entry, dict) else ""
            if provider not in (listed, re.sub("_converse$|_chat$", "", listed), listed.split("-")[0]):
                entry = None
        return entry or {}

    def of_dev(self, provider, model):
        for name in DEV_NAMES.get(provider, [provider]):
            entry = self.dev.get(name, {}).get("models", {}).get(model)
            if entry:
                return entry
        return {}

    def of_genai(self, provider, model):
        """The dated price lists of a model, oldest first: [(day or None, prices)]; none when the day's hour counts."""
        prices = self.genai.get(GENAI_NAMES.get(provider), {}).get(model, {}).get("prices", [])
        if isinstance(prices, dict):
            return [(None, genai_prices(prices))]
        lists = []
        for each in prices:
            rule = each.get("constraint", {})
            if rule.get("type", "start_date") != "start_date":
                return []
            lists.append((rule.get("start_date"), genai_prices(each["prices"])))
        return lists


def fact_prices(row):
    prices = {}
    per_input = Decimal(row["input_per_mtok"] or 0)
    for column, code in (("input_per_mtok", "in"), ("output_per_mtok", "out"), ("cached_input_per_mtok", "cached"),
                         ("cache_write_per_mtok", "write")):
        if row[column] and not (code == "cached" and Decimal(row[column]) == 0 and per_input > 0):
            prices[code] = Decimal(row[column])
    extra = {}
    for item in row["other_prices"].split():
        key, value = item.split("=")
        if key == "batch":
            prices["in@batch"], prices["out@batch"] = (Decimal(v) for v in value.split("/"))
        elif key == "dims":
            extra["dims"] = value
        elif key == "usd_per_image" and row["mode"] == "realtime":
            prices["imagein"] = Decimal(value) * 1000000  # the catalogues file a token price under that name
        else:
            prices[FACT_KEYS[key]] = Decimal(value)
    # A transcription's seconds are charged once, not as input and output.
    if row["mode"] == "audio_transcription" and "sec" in prices:
        prices.pop("secmade", None)
    found = re.fullmatch(r">(\d+):in=(\S+)", row["long_context_tier"])
    if found:
        prices[f"in>{limit(found.group(1))}"] = Decimal(found.group(2))
    return prices, extra


def same_list(mine, other):
    """Whether two price lists agree on the base prices and on the input price of the long context."""
    keys = [k for k in mine if k in ("in", "out") or k.startswith("in>")]
    shared = [k for k in keys if k in other]
    return "in" in shared and ("out" in shared or "out" not in mine) and all(mine[k] == other[k] for k in shared)


def complete(row, prices, maps):
    provider, model = row["provider"], row["model"]
    entry = maps.of_litellm(provider, model)
    lists = [litellm_prices(entry), dev_prices(maps.of_dev(provider, model))]
    lists += [p for day, p in maps.of_genai(provider, model) if (day or "") <= AS_OF][-1:]
    if provider == "azure":  # OpenAI's list prices
        lists += [{k: v for k, v in p.items() if ">" in k}
                  | {k: p[k] for k in ("in", "out") if k in p} for p in (dev_prices(maps.of_dev("openai", model)),)]
    for other in lists:
        if same_list(prices, other):
            tiers = {k.split(">")[1] for k in prices if ">" in k}
            for key, value in other.items():
                above = key.partition(">")[2]
                if row["mode"] == "audio_transcription" and key == "secmade":
                    continue
                if not above or above in tiers or not tiers:
                    prices.setdefault(key, value)
        elif "in" not in prices and "in" not in other and row["mode"] != "audio_transcription":
            for key, value in other.items():
                if key in ("page", "notepage", "secmade", "videosecmade", "secmade1080p"):
                    prices.setdefault(key, value)
    for key in ("cached", "audiocached", "write"):
        if prices.get(key) == 0 and prices.get("in", 0) > 0:
            del prices[key]
    # What Anthropic asks for one-hour writes: twice the input price, where five minutes cost 1.25 of it.
    if "write1h" not in prices and prices.get("write", 0) > 0 and prices["write"] == prices["in"] * Decimal("1.25") \
            and "claude" in model:
        prices["write1h"] = 2 * prices["in"]
    words = []
    special = entry.get("provider_specific_entry", {})
    for name, factor in (("eu", entry.get("regional_processing_uplift_multiplier_eu")),
                         ("us", entry.get("regional_processing_uplift_multiplier_us") or special.get("us")),
                         ("fast", special.get("fast") if "in@fast" not in prices else None)):
        if factor and prices.get("in"):
            words.append(f"factor.{name}={text(factor)}")
    return words


def written(prices):
    return [f"{key}={text(value)}" for key, value in prices.items()]


def dated(row, prices, maps):
    """Words of all price lists: earlier and later ones where a map has dates and agrees on today's prices."""
    lists = maps.of_genai(row["provider"], row["model"])
    today = [i for i, (day, _) in enumerate(lists) if (day or "") <= AS_OF]
    if len(lists) < 2 or not today or not same_list(prices, lists[today[-1]][1]):
        return written(prices)
    words = []
    for i, (day, listed) in enumerate(lists):
        if day:
            words.append("from=" + day)
        kept = {k: v for k, v in prices.items() if k.startswith(("search", "dims"))}
        words += written(prices if i == today[-1] else {**listed, **kept})
    return words


def main():
    folder = sys.argv[1]
    maps = Maps(folder)
    print("// Models and prices. Made by make_models.py; do not edit. The grammar of a row is in row.hpp.")
    with open(os.path.join(folder, "facts.csv"), encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            prices, extra = fact_prices(row)
            factors = complete(row, prices, maps)
            words = [row["provider"], row["model"], row["mode"], count(row["context_window"]),
                     count(row["max_output"]), row["capabilities"] or "-"]
            words += [f"{key}={value}" for key, value in extra.items()]
            if row["status_or_deprecation"]:
                words.append("until=" + row["status_or_deprecation"])
            words += factors + dated(row, prices, maps)
            print('"' + " ".join(words) + '",')


if __name__ == "__main__":
    main()
