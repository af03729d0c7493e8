/* What is in a CSR, field by field. */
#ifndef POGO_DEBUG_CSR_TEXT_H
#define POGO_DEBUG_CSR_TEXT_H

#include "debug/debugger.h"

/*
 * Writes the fields of `csr` when it is `v`, each behind a blank, as the manual
 * names them: " MPP=S SPIE SIE". Single bits that are 0 are left out. Nothing,
 * if it has no fields.
 */
void csr_text(const struct isa *isa, unsigned csr, uint64_t v,
              const struct text_sink *out);

#endif
