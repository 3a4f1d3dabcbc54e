"""Collectors as the benchmarks run them: how each is started, what it costs, and how many records it stored."""
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BUFFER = 32 << 20
PROTOCOLS = {"netflow5": 30, "netflow9": 24, "ipfix": 24, "sflow": 7}  # records of a datagram that blast sends


def compile_tools(folder):
    """The load generator and the floor, as programs in that folder."""
    for name in ("blast", "floor"):
        subprocess.check_call(["cc", "-O2", "-o", os.path.join(folder, name), os.path.join(HERE, "load", name + ".c")])


def tree(pid):
    """A process and all below it."""
    children = {}
    for other in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{other}/stat") as stat:
                children.setdefault(int(stat.read().rsplit(")", 1)[1].split()[1]), []).append(int(other))
        except OSError:
            pass  # it has ended
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def cpu_seconds(pid):
    """What the threads of a process and of all below it have run so far, to the nanosecond."""
    nanoseconds = 0
    for process in tree(pid):
        for thread in os.listdir(f"/proc/{process}/task"):
            with open(f"/proc/{process}/task/{thread}/schedstat") as stat:
                nanoseconds += int(stat.read().split()[0])
    return nanoseconds / 1e9


def memory_kib(pid):
    """Proportional share of what they hold in memory."""
    total = 0
    for process in tree(pid):
        with open(f"/proc/{process}/smaps_rollup") as rollup:
            total += sum(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
    return total


class Collector:
    """One that runs, in a folder of its own."""

    def __init__(self, name, port, protocol):
        self.name, self.port, self.protocol = name, port, protocol
        self.folder = tempfile.mkdtemp(prefix="flowd-bench-")
        os.chmod(self.folder, 0o777)
        began = time.time()
        self.process = subprocess.Popen(self.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not self.listens():
            if self.process.poll() is not None or time.time() - began > 20:
                raise SystemExit(f"{name} does not listen: {' '.join(self.command())}")
            time.sleep(0.001)
        self.seconds_to_start = time.time() - began

    def listens(self):
        with open("/proc/net/udp") as table:
            return f":{self.port:04X} " in table.read()

    def cpu(self):
        return cpu_seconds(self.process.pid)

    def memory(self):
        return memory_kib(self.process.pid)

    def stop(self):
        """Ends it and returns how many records it stored."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        stored = self.stored()
        shutil.rmtree(self.folder, ignore_errors=True)
        return stored


class Flowd(Collector):
    def __init__(self, name, port, protocol, binaries, lines=""):
        self.binaries, self.lines = binaries, lines
        super().__init__(name, port, protocol)

    def command(self):
        path = os.path.join(self.folder, "flowd.conf")
        with open(path, "w") as configuration:
            configuration.write(f'listen on 127.0.0.1:{self.port} bufsize {BUFFER}\nlogfile "{self.folder}/log"\npidfile "{self.folder}/pid"\nstatefile "{self.folder}/state"\nstore ALL\n{self.lines}\n')
        return [os.path.join(self.binaries, "flowd"), "-g", "-f", path]

    def stored(self):
        check = subprocess.run([os.path.join(self.binaries, "flowd-reader"), "--check", self.folder + "/log"], capture_output=True, text=True)
        return int(re.search(r"(\d+) records", check.stdout + check.stderr).group(1))


class Original(Flowd):
    """flowd 0.9.1; what it stored is counted by our reader."""

    def __init__(self, name, port, protocol, program, binaries):
        self.program = program
        super().__init__(name, port, protocol, binaries)

    def command(self):
        path = os.path.join(self.folder, "flowd.conf")
        with open(path, "w") as configuration:
            configuration.write(f'listen on 127.0.0.1:{self.port} bufsize {BUFFER}\nlogfile "{self.folder}/log"\npidfile "{self.folder}/pid"\nstore ALL\n')
        return [self.program, "-g", "-f", path]


class Nfcapd(Collector):
    @staticmethod
    def program(protocol):
        return "sfcapd" if protocol == "sflow" else "nfcapd"

    def command(self):
        return [self.program(self.protocol), "-l", self.folder, "-p", str(self.port), "-b", "127.0.0.1", "-B", str(BUFFER), "-t", "3600"]

    def stored(self):
        said = subprocess.run(["nfdump", "-R", self.folder, "-I"], capture_output=True, text=True).stdout
        return int(re.search(r"Flows: (\d+)", said).group(1)) if "Flows:" in said else 0


class Floor(Collector):
    def __init__(self, name, port, protocol, tools):
        self.tools = tools
        super().__init__(name, port, protocol)

    def command(self):
        return [os.path.join(self.tools, "floor"), str(self.port), self.folder + "/out"]

    def stored(self):
        return os.path.getsize(self.folder + "/out") // 116
