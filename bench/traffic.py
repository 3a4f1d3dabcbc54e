"""NetFlow v5 datagrams of an office network with some structure: few popular servers, ports in a row, sizes with a long tail.

Random numbers do not compress; what a network sends does. traffic(kind, ...) yields datagrams of 30 records, with 'random' the whole record is noise,
as most load generators make it.
"""
import random
import struct

HEADER = struct.Struct("!HHIIIIBBH")
RECORD = struct.Struct("!IIIHHIIIIHHBBBBHHBBH")
SERVICES = [(443, 6, 0x1B)] * 55 + [(53, 17, 0)] * 20 + [(80, 6, 0x1B)] * 8 + [(443, 17, 0)] * 8 + [(22, 6, 0x1A), (123, 17, 0), (993, 6, 0x1B), (0, 1, 0)]
SPAN_MS = 60_000
UPTIME_MS = 500_000_000


class Network:
    """1,500 hosts of 10.20/16 that talk to 20,000 servers; the n-th server is chosen with a weight of 1/n."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.hosts = [(0x0A140000 | host, self.random.randrange(32768, 60999)) for host in range(256, 1756)]
        self.servers = [self.server() for _ in range(20_000)]
        self.weights = [0.0]
        for rank in range(1, len(self.servers) + 1):
            self.weights.append(self.weights[-1] + 1 / rank)
        self.reply = None

    def server(self):
        r = self.random
        return r.randrange(0x01000000, 0xDF000000), r.choice((2914, 3356, 13335, 15169, 16509, 32934, r.randrange(1, 65000))), r.choice((16, 20, 22, 24))

    def record(self, number):
        """One flow; every second one is the answer to the one before it."""
        if self.reply is not None:
            record, self.reply = self.reply, None
            return record
        r = self.random
        host = r.randrange(len(self.hosts))
        address, port = self.hosts[host]
        self.hosts[host] = address, 32768 + (port + 1) % 28232
        server, system, mask = r.choices(self.servers, cum_weights=self.weights[1:])[0]
        service, protocol, flags = r.choice(SERVICES)
        packets = 1 if service in (53, 123) else int(min(1e6, r.lognormvariate(2.2, 1.4))) + 1
        back = max(1, packets * r.randrange(60, 140) // 100)
        finish = UPTIME_MS + number // 500 - r.randrange(2000)
        start = finish - (0 if packets == 1 else int(min(SPAN_MS, r.expovariate(1 / 4000))))
        out = packets * r.randrange(52, 180)
        answer = back * r.randrange(60, 1400)
        self.reply = RECORD.pack(server, address, 0xC0000201, 2, 1, back, answer, start, finish, service, port if service else 0, 0, flags, protocol, 0, system, 0, mask, 24, 0)
        return RECORD.pack(address, server, 0xC0000202, 1, 2, packets, out, start, finish, port if service else 0, service, 0, flags, protocol, 0, 0, system, 24, mask, 0)


class Noise:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def record(self, number):
        r = self.random
        ip = r.getrandbits
        start = UPTIME_MS + r.randrange(SPAN_MS)
        return RECORD.pack(0x0A000000 | ip(16), 0x0A010000 | ip(16), 0xC0000201, ip(6), ip(6), ip(10) + 1, ip(20), start, start + ip(14), ip(16), ip(16), 0, ip(5), r.choice((6, 17)), 0, ip(15), ip(15), 24, 24, 0)


def traffic(kind, records, seed=1):
    """Datagrams with `records` flows in all; numbered from 0, exported now."""
    import time
    source = Network(seed) if kind == "structured" else Noise(seed)
    for first in range(0, records, 30):
        count = min(30, records - first)
        header = HEADER.pack(5, count, UPTIME_MS + SPAN_MS + first // 500, int(time.time()), 0, first, 0, 0, 0)
        yield header + b"".join(source.record(first + i) for i in range(count))
