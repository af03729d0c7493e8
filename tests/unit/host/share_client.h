/* A 9P client for tests, and a folder that it has, with things outside it. */
#ifndef POGO_TESTS_HOST_SHARE_CLIENT_H
#define POGO_TESTS_HOST_SHARE_CLIENT_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host/p9.h"
#include "host/share.h"
#include "host/share_message.h"

#define ROOT 0 /* the fid that is attached */
#define TAG  0x1234

struct client {
    struct share share;
    char top[64]; /* the temporary folder: `in` is shared, `out` is not */
    uint8_t request[SHARE_MESSAGE + 1], reply[SHARE_MESSAGE];
    size_t max;             /* room for replies */
    struct share_reader in; /* the fields of the last reply */
};

/*
 * cmocka set-up and tear-down: *state is the client, with a session and ROOT
 * attached. In the folder: `file` ("hello\n"), `folder/inner` ("inside\n"),
 * `fifo`, `socket`, the symlinks `link` to `file`, `out` to ../out, `secret` to
 * ../out/secret, `top` to "/". Outside: `out/secret` and `out/inner`
 * ("secret\n"). The tear-down sees that nothing outside has changed.
 */
int client_set_up(void **state);
int client_set_up_by_steps(void **state); /* as on a host without openat2 */
int client_set_up_read_only(void **state);
int client_tear_down(void **state);

#define CLIENT_TEST(name)                                                      \
    cmocka_unit_test_setup_teardown(name, client_set_up, client_tear_down)
#define CLIENT_TEST_BY_STEPS(name)                                             \
    cmocka_unit_test_setup_teardown(name, client_set_up_by_steps,              \
                                    client_tear_down)
#define CLIENT_TEST_READ_ONLY(name)                                            \
    cmocka_unit_test_setup_teardown(name, client_set_up_read_only,             \
                                    client_tear_down)

/*
 * A message as it should be. Fields: 1 2 4 (an int) 8 (a uint64_t) or s (a
 * string), one argument each. Returns its size.
 */
size_t p9_message(struct client *c, unsigned type, const char *fields, ...);

/*
 * Has the first n bytes of the request answered. Returns 0, or the error of an
 * Rlerror; -1 without a reply. A reply is seen to be well-formed.
 */
int p9_ask(struct client *c, size_t n);

/* Both. */
int p9_call(struct client *c, unsigned type, const char *fields, ...);

/* The next field of the reply. */
uint64_t p9_field(struct client *c, size_t size);

/* Common messages. A path has any number of names with '/' between them. */
int p9_walk(struct client *c, unsigned fid, unsigned to, const char *path);
int p9_open(struct client *c, unsigned fid, unsigned flags);
int p9_read(struct client *c, unsigned fid, uint64_t offset, char *text,
            size_t size);
int p9_write(struct client *c, unsigned fid, uint64_t offset, const char *text);
int p9_clunk(struct client *c, unsigned fid);

/* Host's side, paths from client.top: a file's contents; making things. */
const char *host_read(struct client *c, const char *path, char text[64]);
void host_write(struct client *c, const char *path, const char *text);
const char *host_path(struct client *c, const char *path, char to[256]);
bool host_has(struct client *c, const char *path);

#endif
