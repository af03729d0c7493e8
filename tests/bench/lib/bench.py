"""tests/bench/run, once everything is built: the command line."""
import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import time

from machines import Pogo, Qemu
from measure import COMPUTE, MONITOR, SYSTEM, Measurement
from report import Report

NAMES = COMPUTE + MONITOR + SYSTEM + ["boot"]


def options():
    p = argparse.ArgumentParser(
        prog="tests/bench/run",
        description="Measures Pogo and QEMU, taking turns, pinned to one core.")
    p.add_argument("--quick", action="store_true",
                   help="one run of each, and in Linux no compute workloads")
    p.add_argument("--runs", type=int, metavar="N",
                   help="turns of every contender (default 3; --quick 1)")
    p.add_argument("--json", metavar="FILE", help="write all figures there")
    p.add_argument("--only", nargs="+", action="extend", metavar="NAME",
                   choices=NAMES, help="these only: " + " ".join(NAMES))
    p.add_argument("--part", choices=["bare", "linux"],
                   help="only on the bare machine, or only in Linux")
    p.add_argument("--depths", default="0,1,2", metavar="LIST",
                   help="of Pogo (default 0,1,2)")
    p.add_argument("--exits", action="store_true",
                   help="also count the monitor's exits at depth 1, in all "
                   "and for each operation")
    p.add_argument("--no-qemu", action="store_true", help="Pogo alone")
    p.add_argument("--clock", choices=["cpu", "wall"], default="cpu",
                   help="what the tables show: processor time of the whole "
                   "contender (default), or time on the wall")
    p.add_argument("--core", type=int, metavar="K",
                   default=max(os.sched_getaffinity(0)),
                   help="where the contenders run (default: the last core)")
    p.add_argument("--timeout", type=float, default=300, metavar="SECONDS",
                   help="give a contender up after so long (default 300)")
    o = p.parse_args()
    o.runs = o.runs or (1 if o.quick else 3)
    o.pogo, o.guests, o.bench = (os.environ.get(k, "")
                                 for k in ("POGO", "GUESTS", "BENCH"))
    return o


def first_line(argv):
    done = subprocess.run(argv, capture_output=True, text=True)
    return (done.stdout.splitlines() or [""])[0]


def describe(o, qemu):
    model = ""
    with open("/proc/cpuinfo") as f:
        for line in f:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return {"date": time.strftime("%Y-%m-%dT%H:%M:%S"),
            "processor": model, "kernel": platform.release(),
            "load": os.getloadavg(), "core": o.core, "runs": o.runs,
            "pogo": first_line([o.pogo, "--version"]),
            "qemu": first_line([qemu, "--version"])}


def selection(o):
    """What to run: bare names, Linux names, and whether to boot."""
    wanted = o.only or NAMES
    bare = [n for n in COMPUTE + MONITOR if n in wanted]
    linux = [n for n in (SYSTEM if o.quick else COMPUTE + SYSTEM)
             if n in wanted]
    boot = "boot" in wanted or bool(linux)
    if o.part == "bare":
        linux, boot = [], False
    if o.part == "linux":
        bare = []
    return bare, linux, boot


def save(o, about, m, report):
    """After every turn: a measurement that is cut short was not in vain."""
    if not o.json:
        return
    with open(o.json, "w") as f:
        json.dump({"about": about, "summary": report.summary(),
                   "figures": m.results, "memory": m.memory,
                   "exits": m.exits}, f, indent=1)
        f.write("\n")


def main():
    o = options()
    qemu = os.environ.get("QEMU", "qemu-system-riscv64")
    contenders = [Pogo(o.pogo, int(d)) for d in o.depths.split(",")]
    if not o.no_qemu:
        contenders.append(Qemu(qemu))
    # A contender does not outlive this program.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    others = os.sched_getaffinity(0) - {o.core}
    if others:
        os.sched_setaffinity(0, others)
    about = describe(o, qemu)
    m = Measurement(contenders, o)
    bare, linux, boot = selection(o)
    report = Report(m, o.clock)
    for turn in range(o.runs):
        print(f"turn {turn + 1} of {o.runs}", file=sys.stderr, flush=True)
        m.turn(bare, linux, boot)
        save(o, about, m, report)
    if o.exits and boot:
        m.count_exits(linux)
        save(o, about, m, report)
    print(f"{about['processor']}, core {o.core}, load {about['load'][0]:.1f} "
          f"at the start; {about['qemu']}\n"
          f"median of {o.runs}, {o.clock} time; /QEMU: speed by QEMU's; "
          f"/Spike*: derived, see README.md\n")
    report.print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
