#!/usr/bin/env python3
"""Floods of state beside a good exporter: what they take of memory, and whether the good one loses anything.

usage: flood.py [--rate DATAGRAMS_PER_S] [--bin DIR]

Three floods, each against a flowd of its own on loopback: data and templates from 100,000 source addresses (127.0.0.0/8), 65,280 templates in each of 64
observation domains of one address, and data without a template from many domains, for as long as the others. Beside each an exporter with one template and
numbered flows, 1,000 a second. Prints the worker's resident memory before, at its most and at the end, the dearest state, and flows stored of flows sent.
"""
import argparse
import os
import re
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time

GOOD_PER_SECOND = 1000
EXPORT_TIME = 1_700_000_000


def ipfix(domain, sequence, *sets):
    body = b"".join(sets)
    return struct.pack(">HHIII", 10, 16 + len(body), EXPORT_TIME, sequence, domain) + body


def one_set(number, content):
    return struct.pack(">HH", number, 4 + len(content)) + content


GOOD_TEMPLATE = one_set(2, struct.pack(">HHHHHH", 256, 2, 8, 4, 2, 4))


class GoodExporter(threading.Thread):
    """Flow number n has n as its packets."""

    def __init__(self, port):
        super().__init__()
        self.port, self.sent, self.ends = port, 0, threading.Event()

    def run(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            out.bind(("127.0.0.1", 0))
            out.connect(("127.0.0.1", self.port))
            out.send(ipfix(1, 0, GOOD_TEMPLATE))
            begin = time.time()
            while not self.ends.is_set():
                while self.sent < (time.time() - begin) * GOOD_PER_SECOND:
                    out.send(ipfix(1, self.sent, one_set(256, struct.pack(">II", 0x0A000001, self.sent + 1))))
                    self.sent += 1
                time.sleep(0.001)


def addresses():
    for i in range(100_000):
        source = f"127.{1 + i // 62_500}.{i // 250 % 250}.{1 + i % 250}"
        yield source, ipfix(7, 0, one_set(2, struct.pack(">HHHH", 256, 1, 4, 1)), one_set(257, b"\0" * 100))


def templates():
    for domain in range(64):
        numbers = list(range(256, 65_536))
        for at in range(0, len(numbers), 8000):
            content = b"".join(struct.pack(">HHHH", number, 1, 4, 1) for number in numbers[at:at + 8000])
            yield "127.0.0.2", ipfix(domain, 0, one_set(2, content))


def pending():
    for i in range(200_000):
        yield "127.0.0.3", ipfix(i % 500, 0, one_set(300 + i % 1000, b"\0" * 1300))


def resident(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) / 1024


def worker_of(pid):
    for task in os.listdir("/proc"):
        if not task.isdigit():
            continue
        try:
            with open(f"/proc/{task}/stat", encoding="ascii") as stat, open(f"/proc/{task}/cmdline", "rb") as command:
                if int(stat.read().rsplit(")", 1)[1].split()[1]) == pid and b"--network" in command.read():
                    return int(task)
        except OSError:
            continue
    return None


def flood(name, datagrams, rate, programs):
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        port = 20_000 + os.getpid() % 10_000
        with open(f"{folder}/conf", "w", encoding="ascii") as conf:
            conf.write(f'listen on 127.0.0.1:{port} bufsize 67108864\nlogfile "{folder}/log"\nstatefile none\npidfile "{folder}/pid"\n')
        daemon = subprocess.Popen([f"{programs}/flowd", "-g", "-f", f"{folder}/conf", "-X", "INSECURE"], stderr=open(f"{folder}/err", "wb"))
        time.sleep(1)
        worker = worker_of(daemon.pid)
        before, most = resident(worker), 0.0
        good = GoodExporter(port)
        good.start()
        time.sleep(0.5)
        begin, sent, out, last = time.time(), 0, None, None
        for source, datagram in datagrams:
            if source != last:
                if out:
                    out.close()
                out, last = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), source
                out.bind((source, 0))
            out.sendto(datagram, ("127.0.0.1", port))
            sent += 1
            if sent % 50 == 0:
                most = max(most, resident(worker))
                time.sleep(max(0.0, sent / rate - (time.time() - begin)))
        out.close()
        good.ends.set()
        good.join()
        time.sleep(1)
        end = resident(worker)
        same = worker_of(daemon.pid) == worker
        daemon.send_signal(signal.SIGTERM)
        status = daemon.wait(timeout=20)
        text = subprocess.run([f"{programs}/flowd-reader", "-v", f"{folder}/log"], capture_output=True, text=True, check=False).stdout
        stored = {int(n) for n in re.findall(r"agent \[127\.0\.0\.1\].*packets (\d+)", text)}
        lost = set(range(1, good.sent + 1)) - stored
        print(f"| {name} | {sent} | {before:.1f} | {most:.1f} | {end:.1f} | {good.sent} | {good.sent - len(lost)} | {'yes' if same else 'NO'} | {status} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=5000)
    parser.add_argument("--bin", default=os.path.join(os.path.dirname(__file__), "..", "artifacts", "dist", "bin"))
    arguments = parser.parse_args()
    print("| flood | datagrams | MiB before | most | end | good flows sent | stored | same worker | status |\n|---|---|---|---|---|---|---|---|---|")
    flood("100,000 addresses", addresses(), arguments.rate, arguments.bin)
    flood("64 x 65,280 templates", templates(), arguments.rate / 50, arguments.bin)
    flood("data without template", pending(), arguments.rate, arguments.bin)


if __name__ == "__main__":
    main()
