/*
 * What a library function says about how it went. Libraries never print and
 * never exit: they return one of these, and the command line words it.
 */
#ifndef POGO_BASE_STATUS_H
#define POGO_BASE_STATUS_H

enum status {
    STATUS_OK = 0,
    STATUS_FAULT,       /* no such physical address, or access refused there */
    STATUS_NO_CSR,      /* no such CSR in this machine */
    STATUS_BAD_ARGUMENT,
    STATUS_BAD_FORMAT,  /* input is not what it claims to be */
    STATUS_TOO_BIG,     /* input does not fit where it has to go */
    STATUS_NO_MEMORY,
    STATUS_IO,          /* the host refused; errno says why */
};

#endif
