#include "debug/gdb/tables.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "debug/gdb/osdata.h"

/* Characters that XML has no place for are left out. */
void gdb_xml_escape(const struct text_sink *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '<': text_print(out, "&lt;"); break;
        case '>': text_print(out, "&gt;"); break;
        case '&': text_print(out, "&amp;"); break;
        case '"': text_print(out, "&quot;"); break;
        case '\'': text_print(out, "&apos;"); break;
        default:
            if ((unsigned char)*text >= ' ' || *text == '\n' || *text == '\t')
                out->put(out->context, text, 1);
        }
    }
}

/* ---- info os ---- */

static osdata_rows types;

static const struct {
    const char *name, *title, *description;
    osdata_rows *rows;
} tables[] = {
    { "types", "", "", types },
    { "worlds", "Worlds",
      "The bare machine, and the virtual machine of each monitor",
      osdata_worlds },
    { "traps", "Traps", "The last traps and exits of all worlds",
      osdata_traps },
    { "vms", "Monitors", "What each monitor has done, and the memory it takes",
      osdata_vms },
    { "exits", "Exits", "Each monitor's exits by cause and by what it did",
      osdata_exits },
    { "shadow", "Shadow spaces", "The shadow page tables of each monitor",
      osdata_shadow },
};
#define TABLES (sizeof tables / sizeof *tables)

static void types(struct debugger *d, const struct text_sink *out)
{
    (void)d;
    for (size_t k = 1; k < TABLES; k++) {
        osdata_begin_row(out);
        osdata_column(out, "Type", "%s", tables[k].name);
        osdata_column(out, "Description", "%s", tables[k].description);
        osdata_column(out, "Title", "%s", tables[k].title);
        osdata_end_row(out);
    }
}

void osdata_begin_row(const struct text_sink *out)
{
    text_print(out, "<item>\n");
}

void osdata_column(const struct text_sink *out, const char *title,
                   const char *format, ...)
{
    char text[512];
    va_list list;

    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    text_print(out, "<column name=\"");
    gdb_xml_escape(out, title);
    text_print(out, "\">");
    gdb_xml_escape(out, text);
    text_print(out, "</column>\n");
}

void osdata_end_row(const struct text_sink *out)
{
    text_print(out, "</item>\n");
}

bool gdb_osdata(struct debugger *d, const char *annex,
                const struct text_sink *out)
{
    for (size_t k = 0; k < TABLES; k++) {
        if (strcmp(tables[k].name, *annex ? annex : "types") != 0)
            continue;
        text_print(out,
                   "<?xml version=\"1.0\"?>\n"
                   "<!DOCTYPE osdata SYSTEM \"osdata.dtd\">\n"
                   "<osdata type=\"%s\">\n",
                   tables[k].name);
        tables[k].rows(d, out);
        text_print(out, "</osdata>\n");
        return true;
    }
    return false;
}

/* ---- memory ---- */

void gdb_memory_map(struct debugger *d, unsigned world,
                    const struct text_sink *out)
{
    const struct ram *ram = &session_board(d->session, world)->bus.ram;

    text_print(out,
               "<?xml version=\"1.0\"?>\n"
               "<!DOCTYPE memory-map SYSTEM \"gdb-memory-map.dtd\">\n"
               "<memory-map>\n"
               "<memory type=\"ram\" start=\"%#llx\" length=\"%#llx\"/>\n"
               "</memory-map>\n",
               (unsigned long long)ram->base, (unsigned long long)ram->size);
}
