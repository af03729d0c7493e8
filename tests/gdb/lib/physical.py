# Inside gdb, where an address is translated by Sv39: walks the page table in
# physical memory, as a person would, and reads there what is at the address.
import gdb


def word(address, size=8):
    gdb.execute("maintenance flush dcache", to_string=True)
    memory = gdb.selected_inferior().read_memory(address, size)
    return int.from_bytes(bytes(memory), "little")


def physical_memory(on):
    gdb.execute("maintenance packet Qqemu.PhyMemMode:%d" % on, to_string=True)


def walk(satp, va):
    table = (satp & (1 << 44) - 1) << 12
    for level in (2, 1, 0):
        pte = word(table + (va >> 12 + 9 * level & 511) * 8)
        if not pte & 1:
            raise gdb.GdbError("no translation")
        table = pte >> 10 << 12
        if pte & 0xe:
            return table | va & (1 << 12 + 9 * level) - 1
    raise gdb.GdbError("no leaf")


pc = int(gdb.parse_and_eval("$pc"))
seen = word(pc)
physical_memory(1)
print(gdb.execute("maintenance packet qqemu.PhyMemMode", to_string=True))
pa = walk(int(gdb.parse_and_eval("$satp")), pc)
print("physical %#x" % pa, "the same" if word(pa) == seen else "another")
try:
    word(pc)
    print("there is memory at %#x" % pc)
except gdb.MemoryError:
    print("nothing at %#x" % pc)
# what is written there, the program has
gdb.selected_inferior().write_memory(pa, (seen ^ 0xff).to_bytes(8, "little"))
physical_memory(0)
print("changed" if word(pc) == seen ^ 0xff else "not changed")
gdb.selected_inferior().write_memory(pc, seen.to_bytes(8, "little"))
physical_memory(1)
print("changed back" if word(pa) == seen else "not changed back")
physical_memory(0)
