/*
 * Where things are. Physical addresses are those of QEMU's `virt` board.
 *
 *   virtual                                 physical
 *   0x0c00_0000  PLIC              S  RW    the same
 *   0x1000_0000  UART              S  RW    the same
 *   0x4000_0000  user programs     U  R X   shared pages of the kernel image
 *   0x5000_0000  user heap         U  RW    any free page, on first use
 *   0x6000_0000  user stack's end  U  RW    any free page, on first use
 *   0x8000_0000  (firmware)        -        M-mode's own: PMP forbids it
 *   0x8020_0000  kernel text       S  R X   the same
 *        ...     kernel data, free S  RW    the same
 *   0x8040_0000  end of the RAM this kernel uses
 *
 * The kernel is mapped at its physical addresses and in every address space,
 * without the U bit: a trap can enter it without changing satp first.
 */
#ifndef MEMLAYOUT_H
#define MEMLAYOUT_H

#define UART_BASE 0x10000000
#define UART_IRQ  10
#define PLIC_BASE 0x0c000000

#define USER_BASE      0x40000000
#define USER_HEAP      0x50000000
#define USER_HEAP_MAX  0x00100000 /* bytes */
#define USER_STACK_END 0x60000000
#define USER_STACK_MAX 0x00010000 /* bytes */

#define KERNEL_BASE 0x80200000
#define KERNEL_END  0x80400000

#define PAGE_SIZE 4096

#define FRAME_SIZE    272 /* sizeof(struct frame) */
#define FRAME_SEPC    256
#define FRAME_SSTATUS 264

#endif
