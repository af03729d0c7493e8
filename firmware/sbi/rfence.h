/* Fences on other harts. */
#ifndef SBI_RFENCE_H
#define SBI_RFENCE_H

/* Performs the current fence on the calling hart and reports it done. */
void rfence_serve(void);

#endif
