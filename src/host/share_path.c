/*
 * Files of a shared folder, by path, and nothing else of the host's.
 *
 * The kernel resolves a path below the folder and refuses to leave it or to
 * follow a link (openat2(2), RESOLVE_BENEATH). Where there is no openat2, it
 * resolves one name after another, from descriptor to descriptor. Either way
 * nothing is checked first and used later: who changes the folder meanwhile
 * cannot make a path lead elsewhere.
 */
#define _GNU_SOURCE /* O_PATH, syscall */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host/share_inside.h"

bool share_name_is_good(const char *name, size_t n)
{
    return n > 0 && n <= P9_NAME && !memchr(name, '/', n) &&
           !memchr(name, '\0', n) && !(name[0] == '.' && n == 1) &&
           !(name[0] == '.' && n == 2 && name[1] == '.');
}

bool share_path_is_good(const char *path, size_t n)
{
    if (n == 0)
        return true;
    for (size_t at = 0; n < PATH_MAX;) {
        const char *slash = memchr(path + at, '/', n - at);
        size_t end = slash ? (size_t)(slash - path) : n;

        if (!share_name_is_good(path + at, end - at))
            return false;
        if (!slash)
            return true;
        at = end + 1;
    }
    return false;
}

int share_path_join(char *path, const char *name)
{
    size_t n = strlen(path), more = strlen(name);

    if (n + (n > 0) + more >= PATH_MAX)
        return ENAMETOOLONG;
    if (n > 0)
        path[n++] = '/';
    memcpy(path + n, name, more + 1);
    return 0;
}

void share_path_up(char *path)
{
    char *slash = strrchr(path, '/');

    *(slash ? slash : path) = '\0';
}

bool share_path_is_under(const char *path, const char *top)
{
    size_t n = strlen(top);

    return n == 0 ||
           (strncmp(path, top, n) == 0 && (path[n] == '\0' || path[n] == '/'));
}

/* Name by name: every folder on the way is opened, and none through a link. */
static int open_by_steps(const struct share *s, const char *path, int flags,
                         mode_t mode)
{
    int at = s->root, fd, error;
    const char *slash;

    while ((slash = strchr(path, '/'))) {
        char name[P9_NAME + 1] = { 0 };

        memcpy(name, path, (size_t)(slash - path));
        fd = openat(at, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        error = errno;
        if (at != s->root)
            close(at);
        errno = error;
        if (fd < 0)
            return -1;
        at = fd;
        path = slash + 1;
    }
    fd = openat(at, path, flags, mode);
    error = errno;
    if (at != s->root)
        close(at);
    errno = error;
    return fd;
}

int share_path_open(const struct share *s, const char *path, int flags,
                    mode_t mode)
{
    struct open_how how = {
        .flags = (uint64_t)(flags | O_NOFOLLOW | O_CLOEXEC),
        .mode = mode,
        .resolve =
            RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };

    if (path[0] == '\0')
        path = ".";
    if (s->by_steps)
        return open_by_steps(s, path, (int)how.flags, mode);
    return (int)syscall(SYS_openat2, s->root, path, &how, sizeof how);
}

int share_path_parent(const struct share *s, const char *path,
                      const char **name)
{
    const char *slash = strrchr(path, '/');
    char folder[PATH_MAX];

    *name = slash ? slash + 1 : path[0] ? path : ".";
    strcpy(folder, path);
    share_path_up(folder);
    return share_path_open(s, folder, O_PATH | O_DIRECTORY, 0);
}

int share_path_stat(const struct share *s, const char *path, struct stat *st)
{
    int fd = share_path_open(s, path, O_PATH, 0), error = 0;

    if (fd < 0)
        return errno;
    if (fstat(fd, st) != 0)
        error = errno;
    close(fd);
    return error;
}
