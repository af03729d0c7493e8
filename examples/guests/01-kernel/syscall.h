/* System call numbers, in a7; arguments from a0, result in a0. */
#ifndef SYSCALL_H
#define SYSCALL_H

#define SYS_write  0 /* (address, length): length, or -1 */
#define SYS_yield  1 /* (): 0 */
#define SYS_getpid 2 /* (): pid */
#define SYS_sleep  3 /* (ticks): 0 */
#define SYS_sbrk   4 /* (bytes): old end of the heap, or -1 */
#define SYS_fork   5 /* (): the child's pid, or 0 in the child, or -1 */
#define SYS_exit   6 /* (status): never returns */

#define WRITE_MAX 128 /* bytes in one write */

#endif
