/* `pogo run --gdb`: a guest that gdb drives. */
#ifndef POGO_CLI_GDB_SERVER_H
#define POGO_CLI_GDB_SERVER_H

/* With the arguments of `pogo run`, of which --gdb is one. Returns the exit
   status. */
int gdb_server(int argc, char **argv);

#endif
