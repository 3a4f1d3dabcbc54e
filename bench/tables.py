#!/usr/bin/env python3
"""The results of speed.py as tables of Markdown: tables.py RESULTS...

Medians, with the least and the most. Ratios are those of flowd to each other collector of the same round. Of several RESULTS each is a column or row of its own.
"""
import collections
import json
import statistics
import sys

NAMES = {"netflow5": "NetFlow v5", "netflow9": "NetFlow v9", "ipfix": "IPFIX", "sflow": "sFlow"}
OTHERS = ["nfcapd", "0.9.1", "floor"]


def read(path):
    """By series, then by protocol and label, then by collector: its rounds."""
    table = collections.defaultdict(lambda: collections.defaultdict(lambda: collections.defaultdict(list)))
    with open(path) as lines:
        for result in map(json.loads, lines):
            collector = result["collector"].replace("sfcapd", "nfcapd")
            table[result["series"]][result.get("protocol"), result["label"]][collector].append(result)
    return table


def spread(values, digits=3):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def column(rounds, key):
    return [result[key] for result in rounds]


def row(*cells):
    print("| " + " | ".join(cells) + " |")


def head(*cells):
    print()
    row(*cells)
    row(*("---" for _ in cells))


def sides(table, series, key):
    head("protocol", "datagrams/s", "flowd", *OTHERS, *(f"flowd / {other}" for other in OTHERS))
    for (protocol, label), collectors in table[series].items():
        ours = column(collectors["flowd"], key)
        others = [column(collectors[other], key) if other in collectors else None for other in OTHERS]
        ratios = [None if other is None else [mine / theirs for mine, theirs in zip(ours, other)] for other in others]
        row(NAMES[protocol], f"{label:,}" if isinstance(label, int) else label, spread(ours), *("" if other is None else spread(other) for other in others),
            *("" if ratio is None else spread(ratio, 2) for ratio in ratios))


def curve(table, series):
    head(series, *(f"{label:,}" for _, label in table[series]))
    cases = [collectors["flowd"] for collectors in table[series].values()]
    row("CPU", *(spread(column(case, "cpu")) for case in cases))
    row("memory under load, MiB", *(f'{statistics.median(column(case, "loaded_kib")) / 1024:.0f}' for case in cases))


def memory(table):
    rounds = [result for collectors in table["rates"].values() for result in collectors["flowd"]]
    print(f'\nMiB of flowd, idle {spread([kib / 1024 for kib in column(rounds, "idle_kib")], 1)}, loaded {spread([kib / 1024 for kib in column(rounds, "loaded_kib")], 1)}')


def main():
    for path in sys.argv[1:]:
        table = read(path)
        for series, key in (("rates", "cpu"), ("blast", "kept")):
            if series in table:
                sides(table, series, key)
        if "rates" in table:
            memory(table)
        for series in ("exporters", "templates", "announced", "rules"):
            if series in table:
                curve(table, series)
        for collectors in table["start"].values():
            print("\nMilliseconds to start: " + ", ".join(f'{name} {spread(column(rounds, "milliseconds"), 0)}' for name, rounds in collectors.items()))
        for collectors in table["run"].values():
            kib = column(collectors["flowd"], "loaded_kib")
            print(f"\nMiB over the run: first {kib[1] / 1024:.1f}, last {kib[-1] / 1024:.1f}, most {max(kib) / 1024:.1f}")


main()
