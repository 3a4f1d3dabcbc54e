#!/usr/bin/env python3
"""Plots of what speed.py --out measured.

usage: plot.py RESULTS FOLDER

Writes FOLDER/SERIES.svg for each series that RESULTS has: the median of each collector over its rounds, and bars from the least to the most. Needs matplotlib
(Debian: python3-matplotlib).
"""
import collections
import json
import os
import statistics
import sys

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "flowd"  # so that the same results give the same file
import matplotlib.pyplot as plt

CPU = "CPU, seconds for a million records"
CURVES = {"exporters": "exporters", "templates": "templates in all", "announced": "templates in all, which are new", "rules": "rules"}


def middle(values):
    """The median, and how far it is to the least and to the most."""
    median = statistics.median(values)
    return median, median - min(values), max(values) - median


def grouped(results, key):
    groups = collections.defaultdict(lambda: collections.defaultdict(list))
    for result in results:
        groups[result["collector"]][result["label"]].append(result[key])
    return groups


def curve(axes, results, name):
    for collector, points in grouped(results, "cpu").items():
        labels = sorted(points)
        values = [middle(points[label]) for label in labels]
        places = [max(label, 0.5) for label in labels]  # 0 has no place on a logarithmic axis
        axes.errorbar(places, [v[0] for v in values], yerr=[[v[1] for v in values], [v[2] for v in values]], marker="o", capsize=3, label=collector)
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set(xlabel=CURVES[name], ylabel=CPU)


def bars(axes, results, key, label):
    by_case = collections.OrderedDict()
    for result in results:
        case = f'{result["protocol"]}\n{result["label"]}' + ("/s" if key == "cpu" else "")
        by_case.setdefault(case, collections.defaultdict(list))[result["collector"].replace("sfcapd", "nfcapd")].append(result[key])
    collectors = list(dict.fromkeys(name for case in by_case.values() for name in case))
    width = 0.8 / len(collectors)
    for i, collector in enumerate(collectors):
        cases = [(place, middle(case[collector])) for place, case in enumerate(by_case.values()) if collector in case]
        axes.bar([place + i * width for place, _ in cases], [v[0] for _, v in cases], width, yerr=[[v[1] for _, v in cases], [v[2] for _, v in cases]],
                 capsize=2, label="nfcapd, sfcapd" if collector == "nfcapd" else collector)
    axes.set_xticks([place + 0.4 - width / 2 for place in range(len(by_case))], list(by_case), fontsize=8)
    axes.set_ylabel(label)


def memory(axes, results):
    axes.plot([result["second"] / 60 for result in results], [result["loaded_kib"] / 1024 for result in results], label="flowd, all processes")
    axes.set_ylim(bottom=0)
    axes.set(xlabel="minutes", ylabel="PSS, MiB")


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    by_series = collections.OrderedDict()
    with open(sys.argv[1]) as lines:
        for result in map(json.loads, lines):
            by_series.setdefault(result["series"], []).append(result)
    os.makedirs(sys.argv[2], exist_ok=True)
    for name, results in by_series.items():
        figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
        if name in CURVES:
            curve(axes, results, name)
        elif name == "rates":
            bars(axes, results, "cpu", CPU)
        elif name == "blast":
            bars(axes, results, "kept", "share of records kept")
        elif name == "run":
            memory(axes, results)
        else:
            continue
        axes.grid(axis="y", alpha=0.3)
        axes.legend()
        figure.savefig(os.path.join(sys.argv[2], name + ".svg"), metadata={"Date": None})


if __name__ == "__main__":
    main()
