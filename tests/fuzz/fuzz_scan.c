/*
 * Any bytes as a program to scan: as the file itself says what it is, and as
 * raw code of each instruction set. What is refused is refused in a sentence;
 * what is not is swept, and every site lies in the code, and can be shown.
 * pogo-test: timeout=180
 */
#include <stdlib.h>
#include <string.h>

#include "check/scan/scan.h"

#define LIMIT (4u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void check_site(const struct scan_input *in, struct scan_text *text,
                       const struct scan_site *site)
{
    const struct scan_code *code = &in->code[site->code];
    char buf[80];
    uint64_t offset;

    require(site->offset >= code->offset && site->length > 0 &&
            site->offset + site->length <= code->offset + code->size);
    scan_text(text, in, site, buf, sizeof buf);
    require(memchr(buf, '\0', sizeof buf) && buf[0]);
    scan_symbol_find(in, site->address, &offset);
}

static void sweep(const struct scan_input *in)
{
    struct scan_text text = { { 0 } };
    struct scan_result found;

    if (scan_run(in, NULL, &found) != STATUS_OK)
        return;
    require(found.linear.undecoded + found.linear.padding <=
            found.linear.bytes);
    for (size_t k = 0; k < found.sites.count; k += 1 + k / 8)
        check_site(in, &text, &found.sites.site[k]);
    scan_text_free(&text);
    scan_result_free(&found);
}

static void scan_as(const uint8_t *data, size_t size,
                    const struct scan_options *o)
{
    struct scan_input in;
    struct error e = { "" };

    if (scan_input_open(&in, "input", data, size, o, &e) == STATUS_OK) {
        sweep(&in);
        scan_input_free(&in);
    } else {
        require(e.text[0] && memchr(e.text, '\0', sizeof e.text) &&
                !strchr(e.text, '\n'));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scan_options o = { .isa = SCAN_ISAS,
                              .limit = LIMIT,
                              .symbols_name = "list" };

    if (size == 0)
        return 0;
    scan_as(data, size, &o);
    o.isa = data[size - 1] % SCAN_ISAS;
    scan_as(data, size, &o);
    /* A list of symbols, after the first half. */
    o.symbols = data + size / 2;
    o.symbols_size = size - size / 2;
    scan_as(data, size / 2 ? size / 2 : size, &o);
    return 0;
}
