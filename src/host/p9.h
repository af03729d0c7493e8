/*
 * The numbers of 9P2000.L: the protocol of 9P2000 (Plan 9 manual, section 5)
 * as changed for Linux (diod's protocol.md, Linux's include/net/9p/9p.h). A
 * message is size[4] type[1] tag[2] and fields, little-endian; a string is
 * length[2] and bytes; a qid is type[1] version[4] path[8]. A reply's type is
 * its request's plus one. Errors and file modes are Linux's numbers.
 */
#ifndef POGO_HOST_P9_H
#define POGO_HOST_P9_H

#include "base/bits.h"

#define P9_VERSION "9P2000.L"
#define P9_HEADER  7  /* bytes: size, type, tag */
#define P9_ERROR   11 /* bytes of an Rlerror */
#define P9_QID     13
#define P9_NO_FID  UINT32_MAX
#define P9_WALK    16 /* names in a Twalk, at most */
#define P9_NAME    255

enum p9_type {
    P9_RLERROR = 7,
    P9_TSTATFS = 8,
    P9_TLOPEN = 12,
    P9_TLCREATE = 14,
    P9_TSYMLINK = 16,
    P9_TMKNOD = 18,
    P9_TRENAME = 20,
    P9_TREADLINK = 22,
    P9_TGETATTR = 24,
    P9_TSETATTR = 26,
    P9_TXATTRWALK = 30,
    P9_TXATTRCREATE = 32,
    P9_TREADDIR = 40,
    P9_TFSYNC = 50,
    P9_TLOCK = 52,
    P9_TGETLOCK = 54,
    P9_TLINK = 70,
    P9_TMKDIR = 72,
    P9_TRENAMEAT = 74,
    P9_TUNLINKAT = 76,
    P9_TVERSION = 100,
    P9_TATTACH = 104,
    P9_TFLUSH = 108,
    P9_TWALK = 110,
    P9_TREAD = 116,
    P9_TWRITE = 118,
    P9_TCLUNK = 120,
    P9_TREMOVE = 122,
    P9_TYPES = 128,
};

enum p9_qid_type { P9_QID_FILE = 0, P9_QID_SYMLINK = 0x02, P9_QID_DIR = 0x80 };

/* What Tlopen and Tlcreate ask for. */
enum p9_open {
    P9_OPEN_ACCESS = 03, /* 0: to read, or … */
    P9_OPEN_WRITE = 01,
    P9_OPEN_READ_WRITE = 02,
    P9_OPEN_EXCL = 0200,
    P9_OPEN_TRUNC = 01000,
    P9_OPEN_APPEND = 02000,
    P9_OPEN_DSYNC = 010000,
    P9_OPEN_DIRECTORY = 0200000,
    P9_OPEN_SYNC = 04000000,
};

/* What an open file goes on with. */
#define P9_OPEN_KEPT                                                           \
    ((uint32_t)(P9_OPEN_ACCESS | P9_OPEN_APPEND | P9_OPEN_DSYNC |              \
                P9_OPEN_SYNC | P9_OPEN_DIRECTORY))

#define P9_GETATTR_BASIC UINT64_C(0x7ff) /* all but btime, gen, data version   \
                                          */

/* Which fields of a Tsetattr count. */
enum p9_setattr {
    P9_SETATTR_MODE = 1 << 0,
    P9_SETATTR_UID = 1 << 1,
    P9_SETATTR_GID = 1 << 2,
    P9_SETATTR_SIZE = 1 << 3,
    P9_SETATTR_ATIME = 1 << 4, /* to now, unless … */
    P9_SETATTR_MTIME = 1 << 5,
    P9_SETATTR_ATIME_SET = 1 << 7, /* … to what the message says */
    P9_SETATTR_MTIME_SET = 1 << 8,
};

enum p9_lock { P9_LOCK_SUCCESS = 0, P9_LOCK_TYPE_UNLCK = 2 };

#define P9_UNLINK_DIR 0x200 /* a flag of Tunlinkat: it is a folder */

#endif
