# Inside gdb: reads every CSR of csr.def, and writes it. One line a CSR:
#
#   name kept     a write left what was written, and another what that was
#   name fixed    its fields are constants: a write changed nothing
#   name refused  it is read-only, and gdb's write was refused
#   name wrong …
import os
import re

import gdb

# What is legal in a field is CSR by CSR; of these values (twos where nothing
# else is said) every bit is kept.
LEGAL = {
    "fflags": 2, "frm": 2, "fcsr": 0x22,
    "mstatus": 0x22 | 1 << 18, "sstatus": 0x22 | 1 << 18, "mideleg": 0x222,
    "sie": 0x222, "mie": 0xaaa, "sip": 2, "mip": 2, "medeleg": 0xb2ff,
    "stvec": 0x80200001, "mtvec": 0x80000001,
    "mcounteren": 0x2222_2222, "scounteren": 0x2222_2222,
    "mcountinhibit": 5, "senvcfg": 0x31, "menvcfg": 0x31,
    "satp": 8 << 60 | 0x1234 << 44 | 0x80222,
    "pmpcfg0": 0x1f1f1f1f1f1f1f1f, "pmpcfg2": 0x0f0f0f0f0f0f0f0f,
}
TWOS = 0x2222222222222222
NO_EFFECT = re.compile("^(misa|mhpm(event|counter)[0-9]+)$")
# Bits that are as they were written: mstatus has constants, and FS, which
# writing floating-point registers makes Dirty; pmpaddr has no more.
WITHIN = {"mstatus": 0x1e19aa, "sstatus": 0xc0122}
WITHIN.update(("pmpaddr%d" % n, (1 << 54) - 1) for n in range(16))


def csrs():
    path = os.path.join(os.environ["SRC"], "src/isa/csr.def")
    rows = re.findall(r"^CSR\((\w+), (0x[0-9a-f]+),", open(path).read(), re.M)
    # what is delegated shows in sie and sip
    return sorted(rows, key=lambda row: (row[0] != "mideleg", int(row[1], 0)))


def read(name):
    gdb.execute("maintenance flush register-cache", to_string=True)
    return int(gdb.parse_and_eval("$" + name)) & (1 << 64) - 1


def write(name, value):
    try:
        gdb.execute("set var $%s = %d" % (name, value))
    except gdb.error:
        return False
    return True


def kept(name):
    legal = LEGAL.get(name, TWOS)
    within = WITHIN.get(name, (1 << 64) - 1)
    for value in (legal, 0, legal):
        if not write(name, value):
            return "wrong: cannot be written"
        if read(name) & within != value & within:
            return "wrong: %#x was written, and is %#x" % (value, read(name))
    return "kept"


def verdict(name, number):
    before = read(name)
    if number >> 10 == 3:
        if write(name, before ^ TWOS) or read(name) != before:
            return "wrong: written"
        return "refused"
    if NO_EFFECT.match(name):
        if not write(name, before ^ TWOS) or read(name) != before:
            return "wrong"
        return "fixed"
    return kept(name)


for csr, number in csrs():
    print("%s %s" % (csr, verdict(csr, int(number, 0))))
