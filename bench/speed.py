#!/usr/bin/env python3
"""flowd beside nfcapd, sfcapd, flowd 0.9.1 and the floor (load/floor.c), which get the same datagrams one after the other, several rounds of each.

usage: speed.py [--rounds N] [--seconds S] [--bin NAME=DIR]... [--original FLOWD] [--port FIRST] [--out FILE] SERIES...

Series:
  rates      CPU for each protocol at 5,000 and 20,000 datagrams/s, and memory
  blast      share of records kept while one sender sends as fast as it can
  exporters  CPU at 5,000 datagrams/s of v5 from 1 to 10,000 exporters, each of which was heard before
  templates  CPU at 5,000 datagrams/s of v9 by 1 to 10,000 templates: when all are known and announced again, and when they are new
  rules      CPU at 5,000 datagrams/s of v5 with 0 to 10,000 rules
  start      time until the socket is there
  run        memory of flowd over --seconds at 2,000 datagrams/s of v9

CPU is that of all processes of a collector, in seconds for a million records sent. Prints each figure, its spread, and its ratio to the first collector of the
same round; with --out a line of JSON for each measurement is added to FILE, for plot.py. Needs cc, and nfdump for its part (sfcapd is in nfdump-sflow).
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time

from collectors import HERE, PROTOCOLS, Floor, Flowd, Nfcapd, Original, compile_tools

SETTLE = 1.5
RUN_RATE = 2000
RULE = "{action} src 10.{a}.{b}.0/24 dst 10.0.0.0/8 port {port} proto tcp"


class Bench:
    def __init__(self, options, tools):
        self.options, self.tools, self.ports = options, tools, 0
        self.flowds = [one.split("=", 1) for one in options.bin] or [["flowd", os.path.join(HERE, "..", "artifacts", "dist", "bin")]]

    def port(self):
        self.ports = (self.ports + 1) % 500
        return self.options.port + self.ports

    def collectors(self, protocol, lines="", others=True):
        """Names, and how to start each: nfcapd first, which ratios are to."""
        other = Nfcapd.program(protocol)
        if others and shutil.which(other):
            yield other, lambda name: Nfcapd(name, self.port(), protocol)
        for name, binaries in self.flowds:
            yield name, lambda name, binaries=binaries: Flowd(name, self.port(), protocol, binaries, lines)
        if others and self.options.original and protocol in ("netflow5", "netflow9"):
            yield "0.9.1", lambda name: Original(name, self.port(), protocol, self.options.original, self.flowds[-1][1])
        if others and protocol == "netflow5":
            yield "floor", lambda name: Floor(name, self.port(), protocol, self.tools)

    def load(self, collector, datagrams, rate, *more):
        subprocess.run([os.path.join(self.tools, "blast"), collector.protocol, str(collector.port), str(datagrams), str(rate), *map(str, more)], check=True, stdout=subprocess.DEVNULL)
        time.sleep(SETTLE)

    def measure(self, start, name, protocol, rate, *more, datagrams=None, known=0):
        """Known: so many datagrams come before it is measured, in which all exporters and templates introduce themselves."""
        datagrams = datagrams or int(rate * self.options.seconds)
        collector = start(name)
        time.sleep(SETTLE)  # the socket is there before the rules are compiled
        if known:
            self.load(collector, known, rate, *more)
        idle, before = collector.memory(), collector.cpu()
        self.load(collector, datagrams, rate, *more)
        cpu, loaded = collector.cpu() - before, collector.memory()
        sent = datagrams * PROTOCOLS[protocol]
        return {"collector": name, "protocol": protocol, "rate": rate, "cpu": cpu / sent * 1e6, "kept": collector.stop() / (sent + known * PROTOCOLS[protocol]), "idle_kib": idle, "loaded_kib": loaded}

    def compare(self, series, label, protocol, rate, *more, lines="", others=True, datagrams=None, known=0, key="cpu"):
        """Rounds of all collectors; prints a line for each."""
        results = {}
        for _ in range(self.options.rounds):
            for name, start in self.collectors(protocol, lines, others):
                result = self.measure(start, name, protocol, rate, *more, datagrams=datagrams, known=known) | {"series": series, "label": label}
                results.setdefault(name, []).append(result)
                self.note(result)
        first = next(iter(results))
        for name, of_name in results.items():
            values = [result[key] for result in of_name]
            ratios = [result[key] / reference[key] for result, reference in zip(of_name, results[first])]
            print(f"{series:9} {protocol:8} {label!s:>14} {name:8} {statistics.median(values):7.3f} ({min(values):.3f} to {max(values):.3f})  x{statistics.median(ratios):5.2f} of {first}"
                  f"  kept {statistics.median(result['kept'] for result in of_name):.4f}  PSS {statistics.median(result['idle_kib'] for result in of_name) / 1024:.1f} MiB idle,"
                  f" {statistics.median(result['loaded_kib'] for result in of_name) / 1024:.1f} loaded", flush=True)

    def note(self, result):
        if self.options.out:
            with open(self.options.out, "a") as out:
                out.write(json.dumps(result) + "\n")

    def rates(self):
        for protocol in PROTOCOLS:
            for rate in (5000, 20000):
                self.compare("rates", rate, protocol, rate)

    def blast(self):
        for protocol in PROTOCOLS:
            self.compare("blast", "full", protocol, 0, datagrams=int(100_000 * self.options.seconds), key="kept")

    def exporters(self):
        for exporters in (1, 10, 100, 1000, 10_000):
            self.compare("exporters", exporters, "netflow5", 5000, exporters, others=False, known=max(exporters, 1000))

    def templates(self):
        for exporters, each in ((1, 1), (1, 10), (2, 50), (20, 50), (200, 50)):
            self.compare("templates", exporters * each, "netflow9", 5000, exporters, each, others=False, known=max(exporters * each, 1000))
            self.compare("announced", exporters * each, "netflow9", 5000, exporters, each, others=False)

    def rules(self):
        for count in (0, 10, 100, 1000, 10_000):
            rules = [RULE.format(action="discard" if i % 7 == 6 else f"accept tag {i}", a=i // 250 % 250, b=i % 250, port=1 + i) for i in range(count)]
            self.compare("rules", count, "netflow5", 5000, lines="\n".join(rules), others=False)

    def start(self):
        for name, start in self.collectors("netflow5"):
            times = []
            for _ in range(10 * self.options.rounds):
                collector = start(name)
                times.append(collector.seconds_to_start * 1000)
                collector.stop()
                self.note({"series": "start", "label": "", "collector": name, "milliseconds": times[-1]})
            print(f"start {name:8} {statistics.median(times):6.1f} ms ({min(times):.1f} to {max(times):.1f})", flush=True)

    def run(self):
        name, binaries = self.flowds[-1]
        collector = Flowd(name, self.port(), "netflow9", binaries, "")
        sender = subprocess.Popen([os.path.join(self.tools, "blast"), "netflow9", str(collector.port), str(int(RUN_RATE * self.options.seconds)), str(RUN_RATE), "10"], stdout=subprocess.DEVNULL)
        began = time.time()
        while sender.poll() is None:
            self.note({"series": "run", "label": "", "collector": name, "second": time.time() - began, "loaded_kib": collector.memory()})
            print(f"run {time.time() - began:6.0f} s {collector.memory() / 1024:.1f} MiB", flush=True)
            time.sleep(max(1.0, self.options.seconds / 120))
        print(f"run kept {collector.stop() / (int(RUN_RATE * self.options.seconds) * PROTOCOLS['netflow9']):.6f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("series", nargs="+", choices=["rates", "blast", "exporters", "templates", "rules", "start", "run"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--bin", action="append", default=[])
    parser.add_argument("--original", help="flowd of version 0.9.1")
    parser.add_argument("--port", type=int, default=29300)
    parser.add_argument("--out")
    options = parser.parse_args()
    tools = tempfile.mkdtemp(prefix="flowd-bench-tools-")
    try:
        compile_tools(tools)
        for series in options.series:
            getattr(Bench(options, tools), series)()
    finally:
        shutil.rmtree(tools)


if __name__ == "__main__":
    main()
