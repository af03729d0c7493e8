"""Runs the contenders on the workloads, taking turns, and keeps every figure.

results[part][workload] = {
    "instructions": of the guest, counted by Pogo,
    "operations": how many operations of interest, or 0,
    "checksums": {contender: what the guest computed},
    "seconds": {contender: {"wall": [...], "cpu": [...]}},
    "fills": {contender: shadow fills of the outermost virtual machine} }
"""
import os
import sys

from machines import run_once

COMPUTE = ["alu", "dhrystone", "coremark", "sha256", "qsort", "vm", "matrix",
           "chase", "memcpy"]
INTEGER = COMPUTE[:6]
MONITOR = ["start", "csr", "fill"]  # bare metal; depth 0 and 1 only
SYSTEM = ["getppid", "fault", "forkexec", "pipe"]
TICK = 100  # instructions: Pogo's timer is its count of them


def say(text):
    print(text, file=sys.stderr, flush=True)


def counts(stats):
    """The monitor's counters without a level in between."""
    flat = {k: n for k, n in stats.items() if isinstance(n, int)}
    flat.update({"exit: " + k: n for k, n in stats["exits"].items()})
    return flat


class Measurement:
    def __init__(self, contenders, options):
        self.contenders = contenders
        self.options = options
        self.results = {"bare": {}, "linux": {}}
        self.memory = {}
        self.exits = {}
        self.given_up = set()

    def row(self, part, name):
        return self.results[part].setdefault(name, {
            "instructions": 0, "operations": 0, "checksums": {},
            "seconds": {}, "fills": {}})

    def keep(self, part, name, contender, seconds):
        kept = self.row(part, name)["seconds"].setdefault(
            contender.name, {"wall": [], "cpu": []})
        for clock, value in seconds.items():
            kept[clock].append(value)

    def once(self, what, contender, argv):
        """One run, unless an earlier one of the kind took too long."""
        if (what, contender.name) in self.given_up:
            return None
        run = run_once(argv, self.options.core, self.options.timeout)
        if run.timed_out or not run.marks:
            tail = run.text[-200:].decode(errors="replace").strip()
            say(f"  {contender.name}: {what} "
                + ("took too long" if run.timed_out else f"failed: {tail}"))
            self.given_up.add((what, contender.name))
        return run

    def keep_window(self, part, contender, run, name):
        seconds, stop = run.window(name), run.mark("stop", name)
        if not seconds:
            return
        row = self.row(part, name)
        row["operations"] = stop.operations
        row["checksums"][contender.name] = stop.checksum
        self.keep(part, name, contender, seconds)
        say(f"  {contender.name:8} {name:10} {seconds['cpu']:8.3f} s"
            f"  (wall {seconds['wall']:.3f})")

    def bare(self, name):
        image = os.path.join(self.options.bench, "bare", name)
        for c in self.contenders:
            if name in MONITOR[1:] and (c.depth or 0) > 1:
                continue
            run = self.once(name, c, c.bare(image))
            if not run or run.timed_out:
                continue
            if name == "start" and run.marks:
                first = run.marks[0]
                self.keep("bare", name, c,
                          {"wall": first.wall, "cpu": first.cpu})
                continue
            self.keep_window("bare", c, run, name)
            row = self.row("bare", name)
            if run.stats:
                row["instructions"] = run.stats["retired"]
                vm = run.stats.get("virtual machine 1", {})
                row["fills"][c.name] = vm.get("shadow fills", 0)
            if name == "chase":
                self.memory.setdefault("chase", {}).setdefault(
                    c.name, []).append({"all": run.peak, "RAM": 64 << 20})

    def linux(self, names):
        for c in self.contenders:
            run = self.once("Linux", c, c.linux(
                os.path.join(self.options.guests, "Image"),
                os.path.join(self.options.bench, "initramfs.cpio.gz"), names))
            if run:
                self.keep_linux(c, run, names)

    def keep_linux(self, contender, run, names):
        user = run.mark("user", "init")
        if not user:
            return
        self.keep("linux", "boot", contender,
                  {"wall": user.wall, "cpu": user.cpu})
        say(f"  {contender.name:8} {'boot':10} {user.cpu:8.3f} s"
            f"  (wall {user.wall:.3f})")
        if run.resident:
            everything, ram = run.resident
            self.memory.setdefault("boot", {}).setdefault(
                contender.name, []).append({"all": everything, "RAM": ram})
        if contender.depth is not None:
            # The user mark carries the time in its last field but one.
            self.row("linux", "boot")["instructions"] = user.ticks * TICK
        for name in names:
            self.keep_window("linux", contender, run, name)
            stop = run.mark("stop", name)
            if stop and contender.depth is not None:
                self.row("linux", name)["instructions"] = stop.ticks * TICK

    def virtual_stats(self, contender, names):
        """What the outermost monitor counted while Linux ran these."""
        run = self.once("Linux", contender, contender.linux(
            os.path.join(self.options.guests, "Image"),
            os.path.join(self.options.bench, "initramfs.cpio.gz"), names))
        return run.stats["virtual machine 1"] if run and run.stats else None

    def count_exits(self, names):
        """At depth 1, of the boot and, less the boot, of each program. Counts,
        not times: once is enough."""
        for c in self.contenders:
            if c.depth != 1:
                continue
            boot = self.virtual_stats(c, [])
            if not boot:
                return
            self.exits["boot"] = counts(boot)
            for name in names:
                more = self.virtual_stats(c, [name])
                if more:
                    self.exits[name] = {
                        k: n - self.exits["boot"].get(k, 0)
                        for k, n in counts(more).items()}

    def turn(self, bare, linux, boot):
        for name in bare:
            self.bare(name)
        if linux or boot:
            self.linux(linux)
