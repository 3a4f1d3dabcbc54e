#!/usr/bin/env python3
"""Holds sockets for a program, as a service manager does, sd_listen_fds(3): holder.py [--wait] [--other] KIND,HOST,PORT ... -- COMMAND

KIND is udp, tcp or unix; for unix, HOST is a path. The program is started again whenever it ends in order. SIGTERM goes to the program, and then
ends this one. With --wait it is started once something has come on each UDP socket; with --other, LISTEN_PID is that of another process.
"""
import fcntl
import os
import select
import signal
import socket
import sys

FIRST = 3  # SD_LISTEN_FDS_START
OUT_OF_THE_WAY = 100


def hold(kind, host, port):
    if kind == "unix":
        held = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        held.bind(host)
        return held
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    held = socket.socket(family, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM)
    if family == socket.AF_INET6:
        held.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    held.bind((host, int(port)))
    if kind == "tcp":
        held.listen()
    return held


def become(held, is_other, command):
    numbers = [fcntl.fcntl(one, fcntl.F_DUPFD, OUT_OF_THE_WAY) for one in held]
    for i, number in enumerate(numbers):
        os.dup2(number, FIRST + i, inheritable=True)
        os.close(number)
    os.environ["LISTEN_PID"] = str(os.getppid() if is_other else os.getpid())
    os.environ["LISTEN_FDS"] = str(len(numbers))
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.execvp(command[0], command)


def main():
    split = sys.argv.index("--")
    own, command = sys.argv[1:split], sys.argv[split + 1:]
    flags = {word for word in own if word.startswith("--")}
    held = [hold(*word.split(",")) for word in own if word not in flags]
    print("holding", file=sys.stderr, flush=True)
    child = 0
    stops = False

    def stop(_number, _frame):
        nonlocal stops
        stops = True
        if child:
            os.kill(child, signal.SIGTERM)
        else:
            sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    if "--wait" in flags:
        for one in held:
            select.select([one], [], [])
    while True:
        child = os.fork()
        if child == 0:
            become(held, "--other" in flags, command)
        _, status = os.waitpid(child, 0)
        if stops or status:
            sys.exit(os.waitstatus_to_exitcode(status))


main()
