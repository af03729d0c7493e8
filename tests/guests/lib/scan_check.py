"""Compares what `pogo scan --all --json` found with other disassemblers.

    scan_check.py sample SCAN BYTES SEED COUNT OBJDUMP...
    scan_check.py slice SCAN BYTES SEED SIZE OBJDUMP...
    scan_check.py gdb SCAN PROGRAM SEED COUNT ARCHITECTURE

SCAN is the JSON, BYTES the file that offsets are within, OBJDUMP a command that
disassembles flat files with its options. `sample` takes COUNT random sites and
compares each one's length and name; `slice` takes SIZE random bytes of code, and
what is sensitive in them must be the same set; `gdb` is `sample` for processors
that only gdb-multiarch knows here.
"""
import json
import random
import re
import subprocess
import sys
import tempfile

# What a disassembler writes for a rule whose name is not its mnemonic.
NAMES = {
    "mov from segment": r"mov .*,[cdefgs]s$",
    "mov to segment": r"mov [cdefgs]s,",
    "push segment": r"push [cdefgs]s$",
    "pop segment": r"pop [cdefgs]s$",
    "ret far": r"(retf|lret)",
    "call far": r"(lcall|call .*FWORD|call 0x\w+:)",
    "jmp far": r"(ljmp|jmp .*(FWORD|TBYTE)|jmp 0x\w+:)",
    "les, lds": r"l[ed]s ",
    "lfs, lgs": r"l[fg]s ",
    "int n": r"int ",
    "vmmcall": r"vm(mcall|gexit)", # with F3 the latter
    "rd/wr fs/gs base": r"(rd|wr)[fg]sbase",
    "mov from control": r"mov .*,cr\d",
    "mov to control": r"mov cr\d",
    "mov from debug": r"mov .*,(dr|db)\d",
    "mov to debug": r"mov (dr|db)\d",
    "vmptrld, vmclear, vmxon": r"vm(ptrld|clear|xon)",
    # A number where there is no name: its bits 9 and 8 are the mode.
    "csr of S-mode": r"csrr\w+ \w+,(s\w+|0x[159d]\w\w\b)",
    "csr of HS-mode": r"csrr\w+ \w+,(h|vs|0x[26ae]\w\w\b)",
    "csr of M-mode": r"csrr\w+ \w+,(m|pmp|t|0x[37bf]\w\w\b)",
    "csr, counters": r"csrr\w+ \w+,(time|cycle|instret|hpm)",
    "csr, seed": r"csrr\w+ \w+,(seed|0x15)",
    "hlv": r"hlvx?\.",
    "hsv": r"hsv\.",
    "hfence": r"hfence\.",
    # ARM, AArch64, MIPS
    "ldtrs": r"ldtrs",
    "msr pstate": r"msr ",
    "timer": r"m(rs|sr|rc|cr|rrc) ",
    "pmu": r"m(rs|sr|rc|cr) ",
    "daif": r"m(rs|sr) .*daif",
    "msr daifset, daifclr": r"msr daif",
    "dc, ic at EL0": r"(dc|ic|sys) ",
    "mrs ctr_el0": r"mrs .*ctr_el0",
    "mrs dczid_el0": r"mrs .*dczid_el0",
    "mrc p15": r"mrc (p?15|cp15)",
    "mcr p15": r"mcr (p?15|cp15)",
}
# Newer than the disassembler, or than what it takes a flat file to have.
UNKNOWN = re.compile(r"(cbo\.|wrs\.|sinval|sfence\.(w|inval)|csr, seed|hlv|hsv)")

X86 = re.compile(
    r"((push|pop)f[wq]?$|iret|s[gil]dt|smsw|str |l[gil]dt|ltr|lmsw|invlpg|"
    r"ver[rw]|lar|lsl|cpuid|rdtsc|rdpmc|rdpid|rdpru|x[gs]etbv|(wr|rd)msr|hlt|"
    r"cli$|sti$|clts|w?b?invd|swapgs|sysret|sysexit|syscall|sysenter|int[ 13o]|"
    r"ud[012]|vm(m?call|gexit|launch|resume|read|write|ptr|clear|x|run|load|save)|"
    r"st(ac|gi)$|cl(ac|gi)$|monitor|mwait|invpcid|invept|invvpid|"
    r"(rd|wr)[fg]sbase|xsaves|xrstors|(in|out)s? |rsm|getsec|skinit|encls|"
    r"pconfig|mov .*,[cdefgs]s$|mov [cdefgs]s,|mov .*,(cr|dr|db)\d|"
    r"mov (cr|dr|db)\d|(push|pop) [cdefgs]s$|retf|lret|(call|jmp) .*FWORD|"
    r"[lc]call|ljmp|l[desfg]s )")
RISCV = re.compile(
    r"(ecall|ebreak|c\.ebreak|[sm]ret|sfence\.vma|wfi|hfence|"
    r"csrr\w+ \w+,(?!fflags|frm|fcsr|v|0x15\b|seed))")
PREFIX = re.compile(
    r"^(rep(n?[ez])?|lock|[cdefgs]s|data(16|32)|addr(16|32)|rex\S*|bnd|notrack)"
    r" +(?=\S)")


def fail(text):
    print("not ok:", text)
    sys.exit(1)


def plain(text):
    """Without prefixes, comments, and more than one blank."""
    text = re.sub(r"\s+", " ", re.split(r"[#;]|//", text)[0]).strip()
    while PREFIX.match(text):
        text = PREFIX.sub("", text)
    return text


def matches(rule, text):
    if rule in NAMES:
        return re.match(NAMES[rule], text)
    return any(text.startswith(word.strip()) for word in rule.split(","))


def sites_of(scan):
    with open(scan) as f:
        file = json.load(f)["files"][0]
    return [dict(site, rule=insn["name"]) for insn in file["instructions"]
            for site in insn["sites"]]


def pieces_of(scan):
    with open(scan) as f:
        return json.load(f)["files"][0]["code"]


def disassemble(command, data, start=0):
    """(offset, length, text) of each instruction in `data`."""
    with tempfile.NamedTemporaryFile() as f:
        f.write(data)
        f.flush()
        out = subprocess.run(command + ["-D", "-b", "binary", "-w", f.name],
                             capture_output=True, text=True, check=True).stdout
    found = []
    for line in out.splitlines():
        part = line.split("\t")
        if len(part) < 2 or not re.match(r" *[0-9a-f]+:$", part[0]):
            continue
        found.append((start + int(part[0].strip()[:-1], 16),
                      len(part[1].replace(" ", "")) // 2,
                      plain(" ".join(part[2:]))))
    return found


def sample(scan, path, rng, count, command):
    sites = [s for s in sites_of(scan) if not UNKNOWN.match(s["rule"])]
    chosen = rng.sample(sites, min(count, len(sites)))
    x86 = any("86" in word for word in command)
    fill = b"\x90" if x86 else b"\x01\x00"
    data = b""
    with open(path, "rb") as f:
        for site in chosen:
            f.seek(site["offset"])
            code = f.read(site["length"])
            data += code + fill * ((16 - len(code)) // len(fill))
    lines = {at: (length, text)
             for at, length, text in disassemble(command, data)}
    for k, site in enumerate(chosen):
        length, text = lines.get(16 * k, (0, "nothing"))
        if length != site["length"] or not matches(site["rule"], text):
            fail(f"{site['name']}: {site['rule']}, {site['text']} of "
                 f"{site['length']} bytes, is '{text}' of {length}")
    print(f"ok: {len(chosen)} of {len(sites)} sites are what objdump says")


def drop_runs(found):
    """int3 beside int3 is padding."""
    is_int3 = {at for at, _, text in found if text == "int3"}
    return [f for f in found if f[2] != "int3" or
            not (f[0] - 1 in is_int3 or f[0] + 1 in is_int3)]


def piece(scan, path, rng, size, command):
    with open(path, "rb") as f:
        data = f.read()
    sites = sites_of(scan)
    # Around some site, so that there is something to see.
    middle = rng.choice(sites)["offset"]
    code = next(c for c in pieces_of(scan)
                if c["offset"] <= middle < c["offset"] + c["size"])
    size = min(size, code["size"])
    start = max(code["offset"], middle - size // 2) & ~1
    size = min(size, code["offset"] + code["size"] - start)
    x86 = any("86" in word for word in command)
    found = disassemble(command, data[start:start + size], start)
    # Where two sweeps begin at different bytes, they soon go in step.
    begin, end = start + 256, start + size - 256
    theirs = {at: text for at, _, text in
              (drop_runs(found) if x86 else found)
              if begin <= at < end and (X86 if x86 else RISCV).match(text)}
    ours = {s["offset"]: s["text"] for s in sites
            if begin <= s["offset"] < end and not UNKNOWN.match(s["rule"])}
    for at in sorted(set(ours) ^ set(theirs))[:10]:
        print(f"offset 0x{at:x}: pogo {ours.get(at)}, objdump {theirs.get(at)}")
    if set(ours) != set(theirs):
        fail(f"{path}: {len(ours)} sites, objdump has {len(theirs)}")
    print(f"ok: in {size} bytes from 0x{start:x} the same {len(ours)} sites")


def by_gdb(scan, program, rng, count, architecture):
    sites = sites_of(scan)
    chosen = rng.sample(sites, min(count, len(sites)))
    command = ["gdb-multiarch", "-nx", "-batch"]
    if architecture != "auto":
        command += ["-ex", f"set architecture {architecture}"]
    for site in chosen:
        odd = 1 if site["isa"] == "thumb" else 0
        command += ["-ex", f"x/i {int(site['name'], 16) | odd:#x}"]
    out = subprocess.run(command + [program], capture_output=True, text=True,
                         check=True).stdout
    lines = [plain(line.split("\t", 1)[1]) for line in out.splitlines()
             if re.match(r"\s+0x", line)]
    if len(lines) != len(chosen):
        fail(f"gdb shows {len(lines)} of {len(chosen)} instructions")
    for site, text in zip(chosen, lines):
        if not matches(site["rule"], text):
            fail(f"{site['name']}: {site['rule']} is '{text}'")
    print(f"ok: {len(chosen)} of {len(sites)} sites are what gdb says")


def main():
    what, scan, path, seed, number, *rest = sys.argv[1:]
    rng = random.Random(int(seed))
    if what == "sample":
        sample(scan, path, rng, int(number), rest)
    elif what == "slice":
        piece(scan, path, rng, int(number), rest)
    else:
        by_gdb(scan, path, rng, int(number), rest[0])


main()
