#!/usr/bin/env python3
"""Counts what must be trusted, by layer, from a build.

    tcb.py --source DIR --objects FILE [--nm NM] [--size SIZE] [--c FILE]

FILE names the object files of the build, a line each: ROOM PATH. Bytes are
those of their sections, lines those of the sources they are made of and of the
headers beside them. Without --c the table is printed as JSON; with it, it is
written as C for `pogo tcb`, if that changes anything.

A line of code is one that holds something besides blanks and comments.
"""
import argparse
import fnmatch
import json
import os
import re
import subprocess
import sys

# Each file belongs to the first layer that has it: by a pattern, or, where
# `reached` says so, only if the core needs it: its functions by the symbols of
# the object files, its headers by what includes what.
LAYERS = [
    {
        "name": "core",
        "what": "vmm/core",
        "patterns": ["vmm/core/*"],
        "trusted": True,
        "why": "It handles every trap of a guest and writes every shadow "
               "entry, with all rights over the host's harts.",
        "property": "resource control",
    },
    {
        "name": "rules",
        "what": "of isa, mmu, base and machine.h what the core uses",
        "patterns": ["isa/*", "mmu/*", "base/*", "machine/machine.h"],
        "reached": True,
        "trusted": True,
        "why": "The manual as tables and pure functions, by which the core "
               "emulates and translates: a wrong row is a wrong machine.",
        "property": "equivalence",
    },
    {
        "name": "hosted monitor",
        "what": "vmm, machine, bus, devices, the rest of base",
        "patterns": ["vmm/*", "machine/*", "bus/*", "devices/*", "base/*"],
        "except": "machine/bare.*",
        "trusted": True,
        "why": "The board and the devices that a guest drives, and the loop "
               "that runs it: a bug here is open to every guest.",
        "property": "equivalence",
    },
    {
        "name": "hardware",
        "what": "cpu, the rest of isa and mmu, machine/bare",
        "patterns": ["cpu/*", "isa/*", "mmu/*", "machine/bare.*"],
        "trusted": False,
        "why": "It stands for the processor: the monitor trusts it as it "
               "would trust silicon, to trap what it should.",
        "property": "all three, as of any processor",
    },
    {
        "name": "outside",
        "what": "host, without host/slirp",
        "patterns": ["host/*"],
        "except": "host/slirp/*",
        "trusted": True,
        "why": "Where a guest is given something of this host's, such as its "
               "network or a folder, it hands over what goes either way.",
        "property": "resource control of the host's network and files",
    },
    {
        "name": "tools",
        "what": "check, debug, ui, cli, host/slirp",
        "patterns": ["*"],
        "trusted": False,
        "why": "They look, print and draw; no guest depends on them, though "
               "in this program they share a process with the monitor. "
               "host/slirp has a process of its own.",
        "property": "none",
    },
]

TOKENS = re.compile(
    r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|/\*.*?\*/|//[^\n]*', re.S)


def code_lines(text):
    """Lines left when comments are gone; strings stay."""
    def strip(match):
        token = match.group(0)
        if token[0] != "/":
            return token
        return "\n" * token.count("\n")
    return sum(1 for line in TOKENS.sub(strip, text).splitlines()
               if line.strip())


def run(*command):
    return subprocess.run(command, check=True, capture_output=True,
                          text=True).stdout


def read_objects(path, source):
    """{source file, relative to src: object file}"""
    objects = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            room, obj = line.split(None, 1)
            name = os.path.basename(obj.strip())
            name = f"{room}/{re.sub(r'[.]o(bj)?$', '', name)}"
            if not os.path.exists(os.path.join(source, "src", name)):
                sys.exit(f"tcb.py: {obj.strip()} is not made of src/{name}")
            objects[name] = obj.strip()
    return objects


def symbols(nm, objects):
    """({file: defined}, {file: undefined})"""
    names = {obj: name for name, obj in objects.items()}
    defined = {name: set() for name in objects}
    undefined = {name: set() for name in objects}
    for line in run(nm, "-g", "-P", "-A", *names).splitlines():
        obj, rest = line.split(": ", 1)
        symbol, kind = rest.split()[:2]
        table = undefined if kind in "Uwv" else defined
        table[names[obj]].add(symbol)
    return defined, undefined


def includes(source, name):
    with open(os.path.join(source, "src", name), encoding="utf-8") as f:
        return {i for i in re.findall(r'^\s*#\s*include\s*"([^"]+)"',
                                      f.read(), re.M)
                if os.path.exists(os.path.join(source, "src", i))}


def reached_from(start, next_of):
    seen, todo = set(start), list(start)
    while todo:
        for name in next_of(todo.pop()):
            if name not in seen:
                seen.add(name)
                todo.append(name)
    return seen


def reached_by_core(source, objects, nm, files):
    """The core's own files, and all others that it cannot do without."""
    defined, undefined = symbols(nm, objects)
    where = {s: name for name, names in defined.items() for s in names}
    core = [f for f in files if f.startswith("vmm/core/")]

    def needed(name):
        found = {where[s] for s in undefined.get(name, ()) if s in where}
        return found | includes(source, name)
    return reached_from(core, needed)


SECTIONS = {
    "text": (".text",),
    "rodata": (".rodata", ".data.rel.ro"),
    "data": (".data", ".bss"),
}


def section_bytes(size, objects):
    """{file: {"text": bytes, "rodata": bytes, "data": bytes}}"""
    names = {obj: name for name, obj in objects.items()}
    total = {name: dict.fromkeys(SECTIONS, 0) for name in objects}
    name = None
    for line in run(size, "-A", "-d", *names).splitlines():
        fields = line.split()
        if line.endswith(":"):
            name = names[line[:-1].strip()]
        if len(fields) != 3 or not fields[1].isdigit():
            continue
        for kind, prefixes in SECTIONS.items():
            if fields[0].startswith(prefixes):
                total[name][kind] += int(fields[1])
                break
    return total


def count(args):
    objects = read_objects(args.objects, args.source)
    src = os.path.join(args.source, "src")
    files = set(objects)
    for folder, _, names in os.walk(src):
        room = os.path.relpath(folder, src)
        files |= {f"{room}/{n}" for n in names if n.endswith((".h", ".def"))}
    reached = reached_by_core(args.source, objects, args.nm, files)
    sizes = section_bytes(args.size, objects)
    rows = []
    for layer in LAYERS:
        mine = {f for f in files
                if any(fnmatch.fnmatch(f, p) for p in layer["patterns"])
                and not fnmatch.fnmatch(f, layer.get("except", ""))
                and (not layer.get("reached") or f in reached)}
        files -= mine
        row = {k: layer[k] for k in ("name", "what", "why", "property",
                                     "trusted")}
        row.update(files=len(mine), code=0, lines=0, text=0, rodata=0, data=0)
        for name in mine:
            with open(os.path.join(src, name), encoding="utf-8") as f:
                text = f.read()
            row["code"] += code_lines(text)
            row["lines"] += text.count("\n")
            for kind, value in sizes.get(name, {}).items():
                row[kind] += value
        rows.append(row)
    return rows


def as_c(rows):
    def value(v):
        if isinstance(v, bool):
            return "true" if v else "false"
        return json.dumps(v)
    out = ["/* Made by tools/tcb.py from the object files of this build. */",
           '#include "cli/tcb.h"', "", "const struct tcb_layer tcb_layers[] = {"]
    for row in rows:
        members = ", ".join(f".{k} = {value(v)}" for k, v in row.items())
        out.append("    { " + members + " },")
    out += ["    { .name = NULL },", "};", ""]
    return "\n".join(out)


def write_if_new(path, text):
    try:
        with open(path, encoding="utf-8") as f:
            if f.read() == text:
                return
    except FileNotFoundError:
        pass
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", required=True)
    parser.add_argument("--objects", required=True)
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--size", default="size")
    parser.add_argument("--c")
    args = parser.parse_args()
    rows = count(args)
    if args.c:
        write_if_new(args.c, as_c(rows))
    else:
        json.dump(rows, sys.stdout, indent=1)
        print()


main()
