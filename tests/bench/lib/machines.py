"""The contenders, and one run of one of them.

A guest prints marker lines (guest/bare.c, guest/linux.c); a run takes the time
at which each one arrives, by the clock on the wall and by the processor time
that all threads of the contender have used until then.
"""
import json
import os
import re
import select
import subprocess
import sys
import time

MARKER = re.compile(rb"@(user|start|stop|missing) (\S+)"
                    rb"(?: (\d+) (\d+) (\d+))?\r?\n")
MEMORY = 256 << 20
APPEND = "console=ttyS0 cryptomgr.notests -- "


class Pogo:
    def __init__(self, program, depth):
        self.name = f"depth {depth}"
        self.depth = depth
        self.head = [program, "run", "--quiet", "--stats=json",
                     "--depth", str(depth), "--memory", str(MEMORY)]

    def bare(self, image):
        return self.head + ["--bios", image, "--kernel", "none"]

    def linux(self, kernel, initrd, names):
        return self.head + ["--kernel", kernel, "--initrd", initrd,
                            "--append", APPEND + " ".join(names)]


class Qemu:
    def __init__(self, program):
        self.name = "QEMU"
        self.depth = None
        self.head = [program, "-M", "virt", "-cpu", "rv64",
                     "-m", f"{MEMORY >> 20}M", "-display", "none",
                     "-monitor", "none", "-serial", "stdio"]

    def bare(self, image):
        return self.head + ["-bios", image]

    def linux(self, kernel, initrd, names):
        return self.head + ["-kernel", kernel, "-initrd", initrd,
                            "-append", APPEND + " ".join(names)]


class Mark:
    """A marker line, and when it came."""

    def __init__(self, match, wall, cpu):
        self.kind = match[1].decode()
        self.name = match[2].decode()
        self.checksum, self.ticks, self.operations = \
            (int(f or 0) for f in match.group(3, 4, 5))
        self.wall, self.cpu = wall, cpu


class Run:
    """What one run gave: its marks, statistics, and memory in bytes."""

    def __init__(self):
        self.marks = []
        self.stats = None
        self.wall = self.cpu = 0.0
        self.peak = 0
        self.resident = None  # at the first user instruction: (all, RAM)
        self.timed_out = False

    def mark(self, kind, name):
        for m in self.marks:
            if (m.kind, m.name) == (kind, name):
                return m
        return None

    def window(self, name):
        """Seconds between start and stop, {"wall": ..., "cpu": ...}."""
        start, stop = self.mark("start", name), self.mark("stop", name)
        if not start or not stop:
            return None
        return {"wall": stop.wall - start.wall, "cpu": stop.cpu - start.cpu}


def cpu_clock(pid):
    """Processor time of all threads: the kernel's CPUCLOCK_SCHED of pid."""
    return time.clock_gettime(~pid << 3 | 2)


def resident(pid):
    """Bytes resident, in all and in the guest's RAM, the largest mapping."""
    total = ram = size = largest = 0
    with open(f"/proc/{pid}/smaps") as f:
        for line in f:
            words = line.split()
            if words[0] == "Size:":
                size = int(words[1])
            elif words[0] == "Rss:":
                total += int(words[1])
                if size > largest:
                    largest, ram = size, int(words[1])
    return total << 10, ram << 10


def take_marks(run, text, pid, begin):
    """Reads the marks in text; returns what may be half of another."""
    stamp = time.monotonic() - begin, cpu_clock(pid)
    end = 0
    for match in MARKER.finditer(text):
        run.marks.append(Mark(match, *stamp))
        end = match.end()
        if match[1] == b"user":
            run.resident = resident(pid)
    return text[end:]


def run_once(argv, core, timeout):
    """Runs the contender to its end, or for `timeout` seconds."""
    run = Run()
    begin = time.monotonic()
    child = subprocess.Popen(
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}))
    rest = b""
    try:
        while True:
            left = timeout - (time.monotonic() - begin)
            if left <= 0 or not select.select([child.stdout], [], [], left)[0]:
                run.timed_out = True
                break
            chunk = os.read(child.stdout.fileno(), 65536)
            if not chunk:
                break
            rest = take_marks(run, rest + chunk, child.pid, begin)
    finally:
        if run.timed_out or sys.exc_info()[0]:
            child.kill()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    run.wall = time.monotonic() - begin
    run.cpu = usage.ru_utime + usage.ru_stime
    run.peak = usage.ru_maxrss << 10
    child.stdout.close()
    stats = re.search(rb'^\{"depth".*\}$', rest, re.MULTILINE)
    run.stats = json.loads(stats[0]) if stats else None
    run.text = rest
    return run
