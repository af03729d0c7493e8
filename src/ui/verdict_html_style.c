/*
 * The style sheet and the script of a verdict's page. The page forbids itself
 * all scripts but this one, by its SHA-256 (Content Security Policy, level 2):
 * whoever changes the script changes SCRIPT_HASH too; test_verdict_html says
 * what it must be.
 */
#include "ui/verdict_html_inside.h"

/* Colours by what they mean, on light and on dark. */
static const char colours[] =
    ":root{color-scheme:light dark;--page:#f6f7f9;--panel:#fff;--ink:#1c2430;"
    "--faint:#5d6875;--line:#d9dee6;--red:#a8201a;--red-bg:#fdeceb;"
    "--amber:#7a5000;--amber-bg:#fff3d6;--green:#1b6637;--green-bg:#e4f3e9;"
    "--blue:#1d4f91;--blue-bg:#e5eefa}\n"
    "@media(prefers-color-scheme:dark){:root{--page:#12161c;--panel:#1a2029;"
    "--ink:#e6eaf0;--faint:#9aa5b3;--line:#303a47;--red:#ffa59d;"
    "--red-bg:#43201e;--amber:#f2c46d;--amber-bg:#3b2d12;--green:#94d9ab;"
    "--green-bg:#183726;--blue:#9fc5f6;--blue-bg:#1a2e4a}}\n";

static const char layout[] =
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 "
    "system-ui,\"Helvetica Neue\",Arial,\"DejaVu Sans\",sans-serif;"
    "overflow-wrap:anywhere}\n"
    "code,pre{font-family:ui-monospace,Menlo,Consolas,\"DejaVu Sans Mono\","
    "monospace;font-size:.875em;unicode-bidi:isolate}\n"
    "pre{white-space:pre-wrap;margin:.5em 0}\n"
    "main{max-width:1080px;margin:0 auto;padding:24px}\n"
    "section+section{margin-top:64px}\n"
    "h1{font-size:1.5em;line-height:1.25;margin:.1em 0}\n"
    "h2{font-size:1.2em;margin:1.8em 0 .6em}\n"
    "h3{font-size:1em;margin:0}\n"
    "p{margin:.4em 0}\n"
    "a{color:var(--blue)}\n"
    "small,.question,.basis,.meaning,footer,.legend{color:var(--faint)}\n"
    "footer,.basis{font-size:.875em;margin-top:2em}\n"
    "ul{list-style:none;margin:0;padding:0}\n"
    "summary{cursor:pointer}\n";

static const char parts[] =
    ".verdict{background:var(--bg);border-left:6px solid var(--fg);"
    "border-radius:6px;padding:14px 20px}\n"
    ".verdict>p:first-child{color:var(--fg);font-weight:700;margin:0}\n"
    ".yes{--fg:var(--green);--bg:var(--green-bg)}\n"
    ".no,.v-violation{--fg:var(--red);--bg:var(--red-bg)}\n"
    ".unknown,.v-configurable,.v-unknown{--fg:var(--amber);"
    "--bg:var(--amber-bg)}\n"
    ".v-privileged{--fg:var(--green);--bg:var(--green-bg)}\n"
    ".v-always-traps{--fg:var(--blue);--bg:var(--blue-bg)}\n"
    ".v-innocuous{--fg:var(--faint);--bg:var(--page)}\n"
    ".counts{display:flex;flex-wrap:wrap;gap:8px;margin-top:16px}\n"
    ".counts li{background:var(--bg);color:var(--fg);border-radius:6px;"
    "padding:2px 12px;border:1px solid var(--line)}\n"
    ".facts li{display:flex;gap:10px;padding:6px 0}\n"
    ".facts .sign{color:var(--fg);background:var(--bg);font-weight:700;"
    "flex:none;width:1.5em;height:1.5em;line-height:1.5em;text-align:center;"
    "border-radius:4px}\n"
    ".class{background:var(--panel);border:1px solid var(--line);"
    "border-radius:6px;padding:8px 16px;margin:12px 0}\n"
    ".class>summary{font-weight:700;color:var(--fg)}\n"
    ".legend dl{display:grid;grid-template-columns:2em 1fr;margin:.5em 0}\n"
    ".legend dd{margin:0}\n"
    ".legend dt{font-weight:700}\n";

static const char tables[] =
    "table{border-collapse:collapse;width:100%;table-layout:fixed}\n"
    "th{text-align:left;font-weight:400;vertical-align:top}\n"
    "thead th{color:var(--faint);font-size:.875em}\n"
    ".matrix{margin-top:8px}\n"
    ".matrix>thead th{font-weight:700;vertical-align:bottom;padding:4px}\n"
    ".matrix>thead th+th{width:78px;text-align:center}\n"
    ".matrix>thead span{display:block;font-weight:400;font-size:.85em;"
    "line-height:1.2}\n"
    ".matrix>tbody>tr>*{padding:4px 3px}\n"
    ".matrix>tbody>tr:not(.note):not(.open)>*{border-top:1px solid "
    "var(--line)}\n"
    ".matrix small{display:block;font-size:.75em}\n"
    ".matrix>tbody>tr>.yes,.matrix>tbody>tr>.unknown{--fg:inherit;"
    "--bg:inherit}\n"
    ".matrix .yes>*,.matrix .unknown>*,.matrix .no>*{display:block;"
    "text-align:center;border-radius:4px;border:1px solid transparent}\n"
    ".matrix .yes>*,.matrix .unknown>*{background:var(--bg);color:var(--fg);"
    "font-weight:700}\n"
    ".matrix .yes>a,.matrix "
    ".unknown>a{border-color:currentColor;text-underline-offset:3px}\n"
    ".matrix .no>*{color:var(--faint)}\n"
    ".matrix>tbody>.note>td{font-size:.875em;color:var(--faint);"
    "padding:0 3px 8px}\n"
    "article{background:var(--panel);border:1px solid var(--line);"
    "border-radius:6px;padding:12px 16px;margin:12px 0}\n"
    "article:target{outline:3px solid var(--blue)}\n"
    ".open article{margin:4px 0 12px;border:2px solid var(--blue)}\n"
    ".states{margin:10px 0 4px;font-size:.9375em}\n"
    ".states tr>*{padding:4px 8px;border-top:1px solid var(--line)}\n"
    ".states thead tr>*{border-top:0}\n"
    ".states .varied>*{background:var(--amber-bg)}\n"
    ".states .differs>*{background:var(--red-bg)}\n"
    ".mark{font-size:.8125em;font-weight:700;color:var(--amber);"
    "white-space:nowrap}\n"
    ".differs .mark:last-child{color:var(--red)}\n"
    ".arrow{color:var(--faint)}\n";

static const char narrow[] =
    "@media(max-width:640px){body{font-size:15px}main{padding:10px}\n"
    ".verdict{padding:10px 12px}.class,article{padding:8px}\n"
    ".matrix>thead th+th{width:27px}.matrix>thead span{display:none}\n"
    ".matrix>tbody>tr>*{padding:4px 1px}.states tr>*{padding:4px}\n"
    ".states{font-size:.8125em}.states thead th:first-child{width:28%}.states "
    ".mark{display:block}}\n"
    "@media print{.class,article{break-inside:avoid}}\n";

/* A cell's witness opens below its row, and closes again; without the script
   the cell is a link to it. */
#define SCRIPT                                                                 \
    "document.addEventListener('click',function(e){"                           \
    "var a=e.target.closest('.matrix td a');"                                  \
    "if(!a)return;"                                                            \
    "var w=document.getElementById(a.hash.slice(1)),"                          \
    "o=document.querySelector('tr.open'),"                                     \
    "s=o&&o.cell===a;"                                                         \
    "if(!w)return;"                                                            \
    "e.preventDefault();"                                                      \
    "if(o)o.remove();"                                                         \
    "if(s)return;"                                                             \
    "w=w.cloneNode(true);"                                                     \
    "w.removeAttribute('id');"                                                 \
    "o=document.createElement('tr');"                                          \
    "o.className='open';"                                                      \
    "o.cell=a;"                                                                \
    "o.insertCell().colSpan=a.closest('tr').cells.length;"                     \
    "o.cells[0].append(w);"                                                    \
    "a.closest('tr').after(o)})"
#define SCRIPT_HASH "xmY7z3UrYNlLRhtLdXro11e/Nok+kiGj9/ldu2E51OM="

void html_head(FILE *out, const char *title)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
          "<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\""
          "default-src 'none'; style-src 'unsafe-inline'; "
          "script-src 'sha256-" SCRIPT_HASH "'\">\n"
          "<meta name=\"viewport\" "
          "content=\"width=device-width,initial-scale=1\">\n",
          out);
    html_text(out, "<title>Virtualizable? ", title, "</title>\n");
    fprintf(out, "<style>\n%s%s%s%s%s</style>\n</head>\n", colours, layout,
            parts, tables, narrow);
}

void html_script(FILE *out)
{
    fputs("<script>" SCRIPT "</script>\n", out);
}
