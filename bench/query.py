#!/usr/bin/env python3
"""Looking for one address in a hundred files: flowd-reader, which skips blocks by their index, beside nfdump.

usage: query.py [--files N] [--rate RECORDS_PER_S] [--rounds N] [--bin DIR]

flowd and nfcapd -y get the same datagrams at once and begin a new file every two seconds. Three addresses are looked for: one that is in no file, one with
few flows, one with many. Prints medians of wall and CPU seconds, their ratio to nfdump's, and the number of flows found, which must be equal.
"""
import argparse
import os
import re
import resource
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import tempfile
import time

from traffic import traffic

SECONDS_PER_FILE = 2
ADDRESSES = (("nowhere", "198.51.100.99"), ("rare", "198.51.100.7"), ("busy", "10.20.1.44"))
RARE_EVERY = 200_000  # records


def with_rare(datagrams):
    """Gives every RARE_EVERYth record the rare source."""
    rare = socket.inet_aton(ADDRESSES[1][1])
    for i, datagram in enumerate(datagrams):
        yield datagram[:24] + rare + datagram[28:] if i % (RARE_EVERY // 30) == 0 else datagram


def run(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    out = subprocess.run(command, shell=True, capture_output=True, text=True, check=True).stdout
    wall = time.monotonic() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, int(out.split()[-1])


def collect(o, folder):
    logs, captured = f"{folder}/flowd", f"{folder}/nfcapd"
    os.makedirs(logs)
    os.makedirs(captured)
    with open(f"{folder}/flowd.conf", "w") as file:
        file.write(f'listen on 127.0.0.1:{o.port} bufsize 33554432\nlogfile "{logs}/%Y%m%d-%H%M%S" rotate {SECONDS_PER_FILE}s align compress zstd\npidfile "{folder}/pid"\n')
    collectors = [
        subprocess.Popen([f"{o.bin}/flowd", "-g", "-X", "INSECURE", "-f", f"{folder}/flowd.conf"], stderr=subprocess.DEVNULL),
        subprocess.Popen(["nfcapd", "-y", "-l", captured, "-p", str(o.port + 1), "-b", "127.0.0.1", "-B", "33554432", "-t", str(SECONDS_PER_FILE)],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)]
    try:
        time.sleep(1.5)
        datagrams = list(with_rare(traffic("structured", o.rate * 10)))
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        begin = time.monotonic()
        for i in range(o.rate * SECONDS_PER_FILE * o.files // 30):
            if i % 100 == 0:
                time.sleep(max(0.0, begin + i * 30 / o.rate - time.monotonic()))
            datagram = datagrams[i % len(datagrams)]
            datagram = datagram[:16] + struct.pack("!I", i * 30 % 2**32) + datagram[20:]
            for port in (o.port, o.port + 1):
                sender.sendto(datagram, ("127.0.0.1", port))
        time.sleep(8)  # for the last files
    finally:
        for collector in collectors:
            collector.send_signal(signal.SIGTERM)
            collector.wait()
    return logs, captured


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--files", type=int, default=100)
    arguments.add_argument("--rate", type=int, default=60_000)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--port", type=int, default=29200)
    arguments.add_argument("--bin", default=os.path.abspath(os.path.join(os.path.dirname(__file__), "../artifacts/dist/bin")))
    o = arguments.parse_args()
    folder = tempfile.mkdtemp(prefix="query-")
    os.chmod(folder, 0o755)
    try:
        logs, captured = collect(o, folder)
        files = [len(os.listdir(place)) for place in (logs, captured)]
        sizes = [sum(e.stat().st_size for e in os.scandir(place)) >> 20 for place in (logs, captured)]
        print(f"flowd {files[0]} files of {sizes[0]} MiB, nfcapd {files[1]} files of {sizes[1]} MiB")
        print(f"{'address':10}{'command':24}{'wall s':>8}{'CPU s':>8}{'wall':>7}{'CPU':>7}{'flows':>9}")
        for name, address in ADDRESSES:
            commands = {
                "nfdump": f"nfdump -R {captured} -q -o line 'ip {address}' | wc -l",
                "flowd-reader": f"{o.bin}/flowd-reader --address {address} {logs} | wc -l",
                "flowd-reader --jobs 2": f"{o.bin}/flowd-reader --jobs 2 --address {address} {logs} | wc -l"}
            results = {command: [] for command in commands}
            for _ in range(o.rounds):
                for command, line in commands.items():
                    results[command].append(run(line))
            base = [statistics.median(r[i] for r in results["nfdump"]) for i in (0, 1)]
            for command, rows in results.items():
                wall, cpu = (statistics.median(r[i] for r in rows) for i in (0, 1))
                print(f"{name:10}{command:24}{wall:8.3f}{cpu:8.3f}{wall / base[0]:7.2f}{cpu / base[1]:7.2f}{rows[0][2]:9}")
    finally:
        shutil.rmtree(folder)


main()
