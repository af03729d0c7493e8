/*
 * Numbers that the assembly, the C and the linker script agree on.
 *
 *   0x80000000  +-----------------------------+  FIRMWARE_BASE
 *               | code, constants, data       |
 *               | struct hart [MAX_HARTS]     |  each: a stack, then its state
 *   0x80020000  +-----------------------------+  end of the protected region
 *               | free                        |
 *   0x80200000  | the payload, usually        |  PAYLOAD_DEFAULT
 */
#ifndef SBI_LAYOUT_H
#define SBI_LAYOUT_H

#define FIRMWARE_BASE   0x80000000
#define FIRMWARE_SIZE   0x20000 /* a power of two: one NAPOT PMP entry */
#define PAYLOAD_DEFAULT 0x80200000

#define MAX_HARTS       8
#define HART_SIZE       4096 /* sizeof(struct hart) */
#define HART_STACK_SIZE 3840 /* offset of the state after the stack */

#define FRAME_SIZE    272 /* sizeof(struct trap_frame), a multiple of 16 */
#define FRAME_MEPC    256
#define FRAME_MSTATUS 264

/* What the boot ROM hands over in a2: the layout of OpenSBI's fw_dynamic. */
#define BOOT_INFO_MAGIC     0x4942534f /* "OSBI" */
#define BOOT_INFO_VERSION   8          /* byte offsets of its fields */
#define BOOT_INFO_BOOT_HART 40

#endif
