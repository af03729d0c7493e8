/*
 * Programs that ship inside Pogo, so that it can boot something with nothing
 * else at hand. Each is an array of bytes and its length in bytes.
 */
#ifndef POGO_FIRMWARE_H
#define POGO_FIRMWARE_H

/*
 * The SBI firmware (firmware/sbi): an ELF file with symbols, for 0x80000000. To
 * be entered there in M-mode on every hart, with a0 = hart id, a1 = device tree
 * (8-byte aligned, in RAM, with a few hundred bytes free after it), a2 = a
 * struct fw_dynamic_info as for OpenSBI, or 0.
 */
extern const unsigned char firmware_sbi[];
extern const unsigned long firmware_sbi_size;

/*
 * The teaching kernel (examples/guests/01-kernel): an ELF file with symbols,
 * an S-mode payload for 0x80200000. Load it by physical address (p_paddr).
 */
extern const unsigned char guest_kernel[];
extern const unsigned long guest_kernel_size;

#endif
