"""look.py PROCESS FILE SOCKET: waits until the guest has said something in FILE,
prints the most memory that the process has had and what it has now, in MiB, and
tells the guest at SOCKET to go on.
"""
import os
import re
import socket
import sys
import time

process, log, path = sys.argv[1:]
while not (os.path.exists(log) and os.path.getsize(log)):
    if not os.path.exists(f"/proc/{process}"):
        sys.exit("the guest has ended")
    time.sleep(0.05)
with open(f"/proc/{process}/task/{process}/children") as f:
    # timeout's child
    process = (f.read().split() or [process])[0]
with open(f"/proc/{process}/status") as f:
    status = f.read()
print(*(int(re.search(rf"{name}:\s*(\d+) kB", status).group(1)) // 1024
        for name in ("VmHWM", "VmRSS")), flush=True)
s = socket.socket(socket.AF_UNIX)
s.connect(path)
s.sendall(b"go on\n")
s.recv(1)
