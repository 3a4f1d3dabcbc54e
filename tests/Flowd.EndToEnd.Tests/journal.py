#!/usr/bin/env python3
"""Runs a program whose standard error is a socket, as systemd does: journal.py PATH yes|no COMMAND. With "no", JOURNAL_STREAM names another one."""
import os
import socket
import sys

stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
stream.connect(sys.argv[1])
status = os.fstat(stream.fileno())
os.environ["JOURNAL_STREAM"] = f"{status.st_dev}:{status.st_ino + (sys.argv[2] == 'no')}"
os.dup2(stream.fileno(), 2)
os.execvp(sys.argv[3], sys.argv[3:])
