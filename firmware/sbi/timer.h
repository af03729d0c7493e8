/* The supervisor's timer. */
#ifndef SBI_TIMER_H
#define SBI_TIMER_H

/* The calling hart's M-mode timer went off: pass it on. */
void timer_fired(void);

#endif
