#include "cli/run_several.h"

#include <string.h>

#include "cli/cli.h"
#include "cli/fleet.h"
#include "host/cancel.h"

static int run_fleet(struct fleet *f, const struct fleet_plan *p,
                     struct error *e)
{
    enum status s;

    cancel_on_signals(p->all.timeout);
    s = fleet_open(f, p, false, e);
    if (s != STATUS_OK)
        return complain(guest_exit_status(s), "%s", e->text);
    fleet_run(f);
    if (p->all.stats)
        fleet_print_stats(f, stdout, strcmp(p->all.stats, "json") == 0);
    if (p->all.hash)
        fleet_print_hashes(f, stdout);
    fflush(stdout);
    if (fleet_close_trace(f, e) != STATUS_OK)
        return complain(EXIT_BAD_INPUT, "%s", e->text);
    return fleet_status(f);
}

int run_several(int argc, char **argv)
{
    struct run_settings settings = { 0 };
    struct fleet_plan plan;
    struct fleet fleet = { 0 };
    struct error e = { "" };
    enum status s = fleet_plan_make(&plan, run_options_table, "run", argc, argv,
                                    &settings, &e);
    int status = s == STATUS_OK ? run_fleet(&fleet, &plan, &e)
                                : complain(guest_exit_status(s), "%s", e.text);

    fleet_close(&fleet);
    fleet_plan_free(&plan);
    return status;
}
