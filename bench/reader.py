#!/usr/bin/env python3
"""Reading logs: flowd-reader beside flowd-reader 0.9.1, nfdump and cat, with the same flows in the same run.

usage: reader.py [--records N] [--copies N] [--rounds N] [--old FLOWD-READER-OF-0.9.1] [--was FLOWD-READER] [--no-nfdump] [--keep FOLDER] [--bin DIR] [--only WORD]

A third of the flows is NetFlow v5, a third v9 with IPv4 and a third v9 with IPv6. flowd reads them from a capture, nfcapd gets them by UDP. Each log is read
COPIES times in a row: flowd's logs are concatenated, nfcapd's file is linked. Prints for each command flows a second, wall and CPU seconds (user + system),
and the ratios of its wall and CPU time to ours, the median over the rounds with the least and the most; in each round every command runs once.
"""
import argparse
import os
import re
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import tempfile
import time

from traffic import HEADER, RECORD, traffic

# Number and length of the elements of a v9 record, in the order of a v5 record as far as v9 has them.
V9 = {4: [(8, 4), (12, 4), (15, 4), (10, 2), (14, 2), (2, 4), (1, 4), (22, 4), (21, 4), (7, 2), (11, 2), (6, 1), (4, 1), (5, 1), (16, 2), (17, 2), (9, 1), (13, 1)]}
V9[6] = [{8: (27, 16), 12: (28, 16), 15: (62, 16)}.get(number, (number, length)) for number, length in V9[4]]
FIELDS = {4: struct.Struct("!IIIHHIIIIHHBBBHHBB"), 6: struct.Struct("!16s16s16sHHIIIIHHBBBHHBB")}
PREFIX6 = bytes.fromhex("20010db800420000a1b2c3d4")

RULES = "discard all\naccept src 10.20.0.0/20 dst any port 443 proto tcp\naccept dst any port 53 proto udp\naccept src 10.20.5.77\n"
NOWHERE = "198.51.100.99"


def template(family):
    body = struct.pack("!HH", 252 + family, len(V9[family])) + b"".join(struct.pack("!HH", *element) for element in V9[family])
    return struct.pack("!HH", 0, 4 + len(body)) + body


def as_v9(datagram, family, sequence):
    version, count, uptime, seconds, _, _, _, _, _ = HEADER.unpack_from(datagram)
    body = b""
    for i in range(count):
        r = RECORD.unpack_from(datagram, HEADER.size + i * RECORD.size)
        addresses = r[:3] if family == 4 else [PREFIX6 + struct.pack("!I", a) for a in r[:3]]
        body += FIELDS[family].pack(*addresses, *r[3:11], *r[12:19])
    body += b"\0" * (-len(body) % 4)
    data = struct.pack("!HH", 252 + family, 4 + len(body)) + body
    return struct.pack("!HHIIII", 9, count, uptime, seconds, sequence, family) + (template(family) if sequence % 100 == 0 else b"") + data


def exports(records):
    """The datagrams, 30 records each."""
    for i, datagram in enumerate(traffic("structured", records)):
        yield datagram if i % 3 == 0 else as_v9(datagram, 4 if i % 3 == 1 else 6, i // 3)


def write_capture(path, datagrams):
    """A pcap of raw IPv4; the clock goes on by 1 ms for each datagram."""
    begin = int(time.time()) // 3600 * 3600 - 7200
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for i, datagram in enumerate(datagrams):
            udp = struct.pack("!HHHH", 4000, 2055, 8 + len(datagram), 0) + datagram
            ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, bytes([127, 0, 0, 1]), bytes([127, 0, 0, 1])) + udp
            file.write(struct.pack("<IIII", begin + i // 1000, i % 1000 * 1000, len(ip), len(ip)) + ip)


def make_log(folder, bin, capture, logfile):
    with open(f"{folder}/flowd.conf", "w") as file:
        file.write(f'listen on 127.0.0.1:29310\nstore ALL\nlogfile {logfile}\npidfile "{folder}/pid"\n')
    subprocess.run([f"{bin}/flowd", "-g", "-X", "INSECURE", "-f", f"{folder}/flowd.conf", "-r", capture], check=True, stderr=subprocess.DEVNULL)


def capture_with_nfcapd(folder, datagrams, rate=60_000):
    os.makedirs(folder)
    collector = subprocess.Popen(["nfcapd", "-w", folder, "-p", "29311", "-b", "127.0.0.1", "-B", "33554432", "-t", "3600"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1)
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    begin = time.monotonic()
    for i, datagram in enumerate(datagrams):
        if i % 20 == 0:
            time.sleep(max(0.0, begin + i * 30 / rate - time.monotonic()))
        sender.sendto(datagram, ("127.0.0.1", 29311))
    time.sleep(2)
    collector.send_signal(signal.SIGTERM)
    collector.wait()
    return next(e.path for e in os.scandir(folder) if e.name.startswith("nfcapd."))


def prepare(o, folder):
    datagrams = list(exports(o.records))
    write_capture(f"{folder}/capture", datagrams)
    make_log(folder, o.bin, f"{folder}/capture", f'"{folder}/one"')
    os.makedirs(f"{folder}/zstd")
    make_log(folder, o.bin, f"{folder}/capture", f'"{folder}/zstd/%Y%m%d" rotate 1d compress zstd')
    for name, source in (("plain", f"{folder}/one"), ("zst", next(e.path for e in os.scandir(f"{folder}/zstd")))):
        with open(f"{folder}/{name}", "wb") as log:
            for _ in range(o.copies):
                with open(source, "rb") as part:
                    shutil.copyfileobj(part, log)
    shutil.rmtree(f"{folder}/zstd")
    os.remove(f"{folder}/capture")
    with open(f"{folder}/rules", "w") as file:
        file.write(RULES)
    if o.nfdump:
        captured = capture_with_nfcapd(f"{folder}/captured", datagrams)
        os.makedirs(f"{folder}/nf")
        for i in range(o.copies):
            os.link(captured, f"{folder}/nf/nfcapd.2026010100{i:02}")


def questions(o, folder):
    """Of each: what is asked, and the commands by program; ours is the first."""
    us, plain, zst = f"{o.bin}/flowd-reader", f"{folder}/plain", f"{folder}/zst"
    nf = f"nfdump -R {folder}/nf -q"
    nf_filter = "'(src net 10.20.0.0/20 and dst port 443 and proto tcp) or (dst port 53 and proto udp) or src ip 10.20.5.77'"
    table = {}

    def ask(name, options, log, old=True, nfdump=None, cat=False, to="> /dev/null"):
        commands = {"ours": f"{us} {options} {log} {to}", "ours, 1 job": f"{us} --jobs 1 {options} {log} {to}"}
        if o.was:
            commands["ours, before"] = f"{o.was} {options} {log} {to}"
        if o.old and old and log == plain:
            commands["0.9.1"] = f"{o.old} {options} {log} {to}"
        if o.nfdump and nfdump:
            commands["nfdump"] = f"{nf} {nfdump} {to}"
        if cat:
            commands["cat"] = f"cat {log} {to}"
        table[name] = commands

    ask("brief", "", plain, nfdump="-o line")
    ask("brief, pipe", "", plain, nfdump="-o line", to="| cat > /dev/null")
    ask("brief, file", "", plain, nfdump="-o line", to=f"> {folder}/text")
    ask("-v", "-v", plain, nfdump="-o extended")
    ask("CSV", "-c", plain, nfdump="-o csv")
    ask("NDJSON", "-j", plain, old=False, nfdump="-o json")
    ask("scan, -q", "-q", plain, cat=True)
    ask("rules, -q", f"-q -f {folder}/rules", plain, nfdump=f"-o fmt:%pr {nf_filter}", cat=True)
    ask("address", f"--address {NOWHERE}", plain, old=False, nfdump=f"-o line 'ip {NOWHERE}'", cat=True)
    ask("--check", "--check", plain, old=False, cat=True)
    ask("brief, zstd", "", zst)
    ask("rules, zstd", f"-q -f {folder}/rules", zst, cat=True)
    return table


def run(command):
    before = os.times()
    begin = time.monotonic()
    subprocess.run(command, shell=True, check=True, stderr=subprocess.DEVNULL, env={**os.environ, "TZ": "UTC"})
    wall = time.monotonic() - begin
    after = os.times()
    return wall, after.children_user + after.children_system - before.children_user - before.children_system


def report(name, results, flows):
    ours = results["ours"]
    for program, rows in results.items():
        wall, cpu = (statistics.median(row[i] for row in rows) for i in (0, 1))
        by_wall, by_cpu = ([row[i] / max(mine[i], 0.01) for row, mine in zip(rows, ours)] for i in (0, 1))
        print(f"{name:14}{program:14}{flows / wall / 1e6:9.2f}{wall:8.3f}{cpu:8.3f}{wall / flows * 1e9:8.0f}"
              f"{statistics.median(by_wall):8.2f} {min(by_wall):5.2f}-{max(by_wall):<6.2f}{statistics.median(by_cpu):8.2f} {min(by_cpu):5.2f}-{max(by_cpu):.2f}", flush=True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--records", type=int, default=600_000)
    arguments.add_argument("--copies", type=int, default=4)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--old")
    arguments.add_argument("--was")
    arguments.add_argument("--keep")
    arguments.add_argument("--only", default="")
    arguments.add_argument("--no-nfdump", dest="nfdump", action="store_false")
    arguments.add_argument("--bin", default=os.path.abspath(os.path.join(os.path.dirname(__file__), "../artifacts/dist/bin")))
    o = arguments.parse_args()
    folder = o.keep or tempfile.mkdtemp(prefix="reader-")
    os.makedirs(folder, exist_ok=True)
    os.chmod(folder, 0o755)
    try:
        if not os.path.exists(f"{folder}/rules"):
            prepare(o, folder)
        said = subprocess.run([f"{o.bin}/flowd-reader", "--check", f"{folder}/plain", f"{folder}/zst"], capture_output=True, text=True).stdout
        flows = int(re.findall(r": (\d+) records", said)[0])
        print(said, end="")
        print(f"{'what':14}{'program':14}{'10^6/s':>9}{'wall s':>8}{'CPU s':>8}{'ns':>8}{'wall':>8} {'spread':12}{'CPU':>8} spread")
        for name, commands in questions(o, folder).items():
            if not re.search(o.only, name):
                continue
            results = {program: [] for program in commands}
            for _ in range(o.rounds):
                for program, command in commands.items():
                    results[program].append(run(command))
            report(name, results, flows)
    finally:
        if not o.keep:
            shutil.rmtree(folder)


main()
