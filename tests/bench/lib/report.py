"""Tables and ratios from the figures that measure.py kept."""
import math
from statistics import median

from measure import COMPUTE, INTEGER, SYSTEM

# Spike's speed as a share of QEMU 7.2's, measured elsewhere with programs like
# these, on one quiet machine: all that is said here about Spike rests on it.
SPIKE = {"alu": 499 / 2719, "dhrystone": 571 / 1204, "coremark": 518 / 1984,
         "sha256": 642 / 7512, "qsort": 424 / 1427, "vm": 484 / 1859,
         "matrix": 107 / 555, "memcpy": 542 / 2261, "chase": .89 / 1.28}
SPIKE_MEAN = 519 / 2249
MIB = 1 << 20


def mean(values):
    """The geometric one."""
    values = [math.log(v) for v in values if v]
    return math.exp(sum(values) / len(values)) if values else None


class Report:
    def __init__(self, measurement, clock):
        self.m = measurement
        self.clock = clock
        self.names = [c.name for c in measurement.contenders]

    def times(self, row, contender):
        return row["seconds"].get(contender, {}).get(self.clock, [])

    def seconds(self, row, contender):
        times = self.times(row, contender)
        return median(times) if times else None

    def ratio(self, row, a, b):
        """Median over the turns of a's time by b's in the same turn."""
        pairs = list(zip(self.times(row, a), self.times(row, b)))
        pairs = [x / y for x, y in pairs if y > 0]
        return median(pairs) if pairs else None

    def mips(self, row, contender):
        seconds = self.seconds(row, contender)
        if not seconds or not row["instructions"]:
            return None
        return row["instructions"] / seconds / 1e6

    def row_summary(self, name, row):
        s = {"instructions": row["instructions"], "seconds": {}, "MIPS": {},
             "speed by QEMU": {}, "time by depth 0": {}}
        for c in self.names:
            s["seconds"][c] = self.seconds(row, c)
            s["MIPS"][c] = self.mips(row, c)
            if c != "QEMU":
                s["speed by QEMU"][c] = self.ratio(row, "QEMU", c)
            if c not in ("QEMU", "depth 0"):
                s["time by depth 0"][c] = self.ratio(row, c, "depth 0")
            if row["operations"] and s["seconds"][c]:
                s.setdefault("microseconds each", {})[c] = \
                    s["seconds"][c] / row["operations"] * 1e6
        by_qemu = s["speed by QEMU"].get("depth 0")
        if by_qemu and name in SPIKE:
            s["speed by Spike, derived"] = by_qemu / SPIKE[name]
        return s

    def means(self, summaries):
        rows = [summaries[n] for n in INTEGER if n in summaries]
        if len(rows) < len(INTEGER):
            return None
        result = {}
        for key in ("MIPS", "speed by QEMU", "time by depth 0"):
            result[key] = {c: mean([r[key].get(c) for r in rows])
                           for c in rows[0][key]
                           if all(r[key].get(c) for r in rows)}
        by_qemu = result["speed by QEMU"].get("depth 0")
        if by_qemu:
            result["speed by Spike, derived"] = by_qemu / SPIKE_MEAN
        return result

    def memory_summary(self):
        """MiB beyond the guest's RAM that was touched."""
        return {at: {c: median([s["all"] - s["RAM"] for s in samples]) / MIB
                     for c, samples in by.items()}
                for at, by in self.m.memory.items()}

    def monitor_summary(self):
        result = {}
        bare = self.m.results["bare"]
        for name in ("csr", "fill"):
            row = bare.get(name)
            if not row or not row["operations"]:
                continue
            result[name] = {c: self.seconds(row, c) / row["operations"] * 1e9
                            for c in self.names if self.seconds(row, c)}
            result[name + " shadow fills"] = row["fills"].get("depth 1", 0)
        return result

    def summary(self):
        parts = {}
        for part, rows in self.m.results.items():
            parts[part] = {n: self.row_summary(n, r) for n, r in rows.items()}
            means = self.means(parts[part])
            if means:
                parts[part]["geometric mean"] = means
        return {"clock": self.clock, "parts": parts,
                "memory beyond guest RAM, MiB": self.memory_summary(),
                "monitor, ns": self.monitor_summary(),
                "disagreements": self.disagreements()}

    def disagreements(self):
        """A contender that computes something else measures nothing."""
        return [f"{part}/{name}: {row['checksums']}"
                for part, rows in self.m.results.items()
                for name, row in rows.items()
                if len(set(row["checksums"].values())) > 1]

    def print(self):
        s = self.summary()
        for part, title in (("bare", "Bare machine"), ("linux", "Linux")):
            self.print_part(title, s["parts"][part])
        print_monitor(s)
        self.print_exits()
        for text in s["disagreements"]:
            print(f"RESULTS DIFFER: {text}")

    def print_exits(self):
        """Of the boot in all; of a program for each of its operations."""
        for name, counts in self.m.exits.items():
            rows = self.m.results["linux"].get(name, {})
            each = rows.get("operations") or 1
            done = counts["run directly"] + counts["emulated"]
            print(f"{name} at depth 1: {done / 1e6:.1f} Minstr, "
                  f"{100 * counts['run directly'] / done:.3f} % run directly")
            for what, n in sorted(counts.items(), key=lambda p: -p[1]):
                if n and what != "run directly":
                    print(f"  {n:12d} {n / each:12.3f} each  {what}")
            print()

    def print_part(self, title, rows):
        order = [n for n in COMPUTE + ["geometric mean", "boot"] + SYSTEM
                 if n in rows]
        if not order:
            return
        pogo = [c for c in self.names if c != "QEMU"]
        virtual = [c for c in pogo if c != "depth 0"]
        head = ([f"{title}", "Minstr"] + [f"{c} s" for c in self.names]
                + [f"{c} MIPS" for c in self.names]
                + [f"{c}/QEMU" for c in pogo]
                + [f"{c[6:]}/0 time" for c in virtual] + ["/Spike*"])
        lines = [head]
        for n in order:
            r = rows[n]
            line = [n, number((r.get("instructions") or 0) / 1e6, 0)]
            line += [number(r.get("seconds", {}).get(c), 3)
                     for c in self.names]
            line += [number(r["MIPS"].get(c), 0) for c in self.names]
            line += [number(r["speed by QEMU"].get(c), 2) for c in pogo]
            line += [number(r["time by depth 0"].get(c), 2) for c in virtual]
            lines.append(line + [number(r.get("speed by Spike, derived"), 2)])
        print_table(lines)
        self.print_each(order, rows)

    def print_each(self, order, rows):
        lines = [["microseconds each"] + self.names]
        for n in order:
            each = rows[n].get("microseconds each")
            if each and n in SYSTEM + ["chase"]:
                lines.append([n] + [number(each.get(c), 3)
                                    for c in self.names])
        if len(lines) > 1:
            print_table(lines)


def print_monitor(s):
    start = s["parts"]["bare"].get("start")
    names = list(start["seconds"]) if start else []
    if start:
        print_table([["start-up, ms"] + names,
                     ["to the first marker"] +
                     [number((start["seconds"][c] or 0) * 1e3, 1)
                      for c in names]])
    for key in ("monitor, ns", "memory beyond guest RAM, MiB"):
        rows = {n: v for n, v in s[key].items() if isinstance(v, dict)}
        if not rows:
            continue
        columns = list(dict.fromkeys(c for v in rows.values() for c in v))
        print_table([[key] + columns] + [
            [n] + [number(v.get(c), 1) for c in columns]
            for n, v in rows.items()])


def number(value, digits):
    return "-" if not value else f"{value:.{digits}f}"


def print_table(lines):
    widths = [max(len(line[k]) for line in lines) for k in range(len(lines[0]))]
    for line in lines:
        print("  ".join(text.ljust(w) if k == 0 else text.rjust(w)
                        for k, (text, w) in enumerate(zip(line, widths))))
    print()
