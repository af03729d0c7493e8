"""The host's side of linux_ports.sh: talk.py SOCKET REMARKS CONSOLE

Talks with the guest at SOCKET, and at the pseudo-terminal that the file REMARKS
names, once the guest says in the file CONSOLE that it is there. Prints a line
for each thing that was as it should be.
"""
import os
import re
import socket
import sys
import time


def wait_for(path, pattern):
    for _ in range(600):
        try:
            with open(path, errors="replace") as f:
                found = re.search(pattern, f.read())
            if found:
                return found
        except FileNotFoundError:
            pass
        time.sleep(0.1)
    sys.exit(f"not ok: no '{pattern}' in {path}")


def check(name, expected, actual):
    if expected != actual:
        sys.exit(f"not ok: {name}: expected {expected!r}, got {actual[:80]!r}")
    print("ok:", name, flush=True)


def connect(path):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(60)
    s.connect(path)
    return s


def read_lines(f, n):
    return "".join(f.readline() for _ in range(n))


def main():
    path, remarks, console = sys.argv[1:]
    wait_for(console, "over to the host")
    first = connect(path)
    out = first.makefile("w")
    into = first.makefile()
    out.write("hello guest\n")
    out.flush()
    check("a word comes back", "hello host\n", into.readline())
    out.write(("up\n" * 200000)[:500000])
    out.flush()
    check("100000 lines come", "".join(f"{n}\n" for n in range(1, 100001)),
          read_lines(into, 100000))
    # One that waits is let in when the first has gone.
    second = connect(path)
    second.sendall(b"second\n")
    out.write("last words\n")
    out.flush()
    for f in out, into, first:
        f.close()

    terminal = wait_for(remarks, r"port pipe is (\S+)").group(1)
    fd = os.open(terminal, os.O_RDWR | os.O_NOCTTY)
    os.write(fd, b"typed\n")
    check("the terminal shows a word", b"printed\n", os.read(fd, 100))
    second.settimeout(60)
    check("the socket ends with the machine", b"", second.recv(1))


main()
