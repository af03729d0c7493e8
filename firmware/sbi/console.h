/* The serial console: the firmware's own output, and the DBCN extension. */
#ifndef SBI_CONSOLE_H
#define SBI_CONSOLE_H

/* Sets the UART to 8 bits, no parity, FIFOs on, interrupts off. */
void console_init(void);

/* printf with %s, %d (int) and %x (unsigned long, with 0x); one call at a
 * time, whichever hart it comes from. */
void print(const char *format, ...);

#endif
