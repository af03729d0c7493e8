/*
 * decode_dump: reads words in hexadecimal, one a line, and prints each with
 * the mnemonic that Pogo's decoder gives it.
 */
#include <inttypes.h>
#include <stdio.h>

#include "isa/insn.h"

int main(void)
{
    struct isa isa = isa_default();
    uint32_t word;

    while (scanf("%" SCNx32, &word) == 1) {
        struct insn i;

        insn_decode(word, &isa, &i);
        printf("%08" PRIx32 " %s\n", word, insn_name((enum insn_op)i.op));
    }
    return 0;
}
