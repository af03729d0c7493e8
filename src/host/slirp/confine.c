#define _GNU_SOURCE /* O_PATH, syscall */
#include "host/slirp/confine.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What the first version of Landlock knows, from execution to symbolic links.
 */
#define ALL_ACCESS MASK(12, 0)

static void limit(int what, rlim_t most)
{
    struct rlimit r = { .rlim_cur = most, .rlim_max = most };

    setrlimit(what, &r);
}

/* The C library has no functions for these system calls. */
static bool confine_files(const char *readable)
{
    struct landlock_ruleset_attr all = { .handled_access_fs = ALL_ACCESS };
    struct landlock_path_beneath_attr one = {
        .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
        .parent_fd = open(readable, O_PATH | O_CLOEXEC),
    };
    int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    bool ok;

    if (rules >= 0 && one.parent_fd >= 0)
        syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &one,
                0);
    ok = rules >= 0 && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    if (one.parent_fd >= 0)
        close(one.parent_fd);
    if (rules >= 0)
        close(rules);
    return ok;
}

bool confine(const char *readable)
{
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, CONFINE_DESCRIPTORS);
    if (CONFINE_MEMORY)
        limit(RLIMIT_AS, CONFINE_MEMORY);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return confine_files(readable);
}
