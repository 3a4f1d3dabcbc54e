#!/usr/bin/env python3
"""What a record costs on disk and in CPU: flowd's compressed logs beside nfcapd's, from the same datagrams in the same run.

usage: storage.py [--kind structured|random] [--records N] [--rate RECORDS_PER_S] [--bin DIR]

All collectors run at once and get every datagram. CPU is user + system time of a collector and of all its children, over its whole life. Prints a table:
octets for a record, part of the plain log's size, CPU seconds for a million records, records stored of records sent.
"""
import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from traffic import traffic

FLOWD = [("flowd, plain", ""), *((f"flowd, zstd {level}", f" rotate 10s compress zstd {level}") for level in (1, 3, 6, 9, 12, 19))]
NFCAPD = [("nfcapd, plain", []), ("nfcapd, LZO", ["-z"]), ("nfcapd, LZ4", ["-y"]), ("nfcapd, bzip2", ["-j"])]


class Collector:
    def __init__(self, name, port, command, count):
        self.name, self.port, self.count = name, port, count
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = status
        self.cpu = usage.ru_utime + usage.ru_stime


def start_flowd(folder, port, name, options, bin):
    logs = os.path.join(folder, "logs")
    os.makedirs(logs)
    pattern = "%Y%m%d-%H%M%S" if options else "log"
    configuration = os.path.join(folder, "flowd.conf")
    with open(configuration, "w") as file:
        file.write(f'listen on 127.0.0.1:{port} bufsize 33554432\nlogfile "{logs}/{pattern}"{options}\npidfile "{folder}/pid"\n')
    def count():
        said = subprocess.run([f"{bin}/flowd-reader", "--check", logs], capture_output=True, text=True).stdout
        return int(re.findall(r": (\d+) records", said)[-1]), sum(e.stat().st_size for e in os.scandir(logs))
    return Collector(name, port, [f"{bin}/flowd", "-g", "-X", "INSECURE", "-f", configuration], count)


def start_nfcapd(folder, port, name, options):
    os.makedirs(folder)
    def count():
        said = subprocess.run(["nfdump", "-R", folder, "-I"], capture_output=True, text=True).stdout
        return int(re.search(r"^Flows: (\d+)", said, re.M)[1]), sum(e.stat().st_size for e in os.scandir(folder))
    return Collector(name, port, ["nfcapd", "-l", folder, "-p", str(port), "-b", "127.0.0.1", "-B", "33554432", "-t", "10", *options], count)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--kind", choices=("structured", "random"), default="structured")
    arguments.add_argument("--records", type=int, default=900_000)
    arguments.add_argument("--rate", type=int, default=20_000)
    arguments.add_argument("--port", type=int, default=29100)
    arguments.add_argument("--bin", default=os.path.join(os.path.dirname(__file__), "../artifacts/dist/bin"))
    o = arguments.parse_args()
    datagrams = list(traffic(o.kind, o.records))
    folder = tempfile.mkdtemp(prefix="storage-")
    os.chmod(folder, 0o755)
    collectors = []
    try:
        for name, options in FLOWD:
            collectors.append(start_flowd(f"{folder}/{len(collectors)}", o.port + len(collectors), name, options, os.path.abspath(o.bin)))
        for name, options in NFCAPD:
            collectors.append(start_nfcapd(f"{folder}/{len(collectors)}", o.port + len(collectors), name, options))
        time.sleep(2)
        send(datagrams, collectors, o.rate)
        time.sleep(5)
        for collector in collectors:
            collector.stop()
        report(collectors, o)
    finally:
        for collector in collectors:
            if collector.process.returncode is None:
                collector.process.kill()
        shutil.rmtree(folder)


def send(datagrams, collectors, rate):
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    begin = time.monotonic()
    for i, datagram in enumerate(datagrams):
        time.sleep(max(0.0, begin + i * 30 / rate - time.monotonic()))
        for collector in collectors:
            sender.sendto(datagram, ("127.0.0.1", collector.port))


def report(collectors, o):
    print(f"{o.records} {o.kind} records of NetFlow v5 at {o.rate} records/s")
    print(f"{'':16}{'octets/record':>14}{'of plain':>10}{'CPU s/10^6':>12}{'stored':>9}")
    plain = None
    for collector in collectors:
        count, size = collector.count()
        plain = size if collector.name.endswith("plain") else plain
        print(f"{collector.name:16}{size / max(1, count):14.1f}{size / plain:10.2f}{collector.cpu / o.records * 1e6:12.2f}{count / o.records:9.3f}")


main()
