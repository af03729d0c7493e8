/* `pogo run` with --vms or --config. */
#ifndef POGO_CLI_RUN_SEVERAL_H
#define POGO_CLI_RUN_SEVERAL_H

/* argv is that of `run`. Returns the exit status. */
int run_several(int argc, char **argv);

#endif
