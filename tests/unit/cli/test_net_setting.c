/* What can be written behind --net. */
#include "cli/net_setting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct net_setting setting;
static struct error error;

static enum status parse(const char *text)
{
    error.text[0] = '\0';
    return net_setting_parse(&setting, text, &error);
}

static void refuses(const char *text, const char *part)
{
    assert_int_equal(parse(text), STATUS_BAD_ARGUMENT);
    assert_null(strchr(error.text, '\n'));
    if (!strstr(error.text, part))
        fail_msg("\"%s\" does not say \"%s\"", error.text, part);
}

static void there_are_three_kinds(void **state)
{
    (void)state;
    assert_int_equal(parse("none"), STATUS_OK);
    assert_int_equal(setting.kind, NET_NONE);
    assert_int_equal(parse("switch"), STATUS_OK);
    assert_int_equal(setting.kind, NET_SWITCH);
    assert_int_equal(parse("user"), STATUS_OK);
    assert_int_equal(setting.kind, NET_USER);
    assert_false(setting.user.restricted);
    assert_int_equal(setting.user.forwards, 0);
}

static void words_may_follow(void **state)
{
    const struct user_net_config *c = &setting.user;

    (void)state;
    assert_int_equal(parse("user,fwd=tcp:8080:80,restrict,fwd=udp:0:65535"),
                     STATUS_OK);
    assert_true(c->restricted);
    assert_int_equal(c->forwards, 2);
    assert_false(c->forward[0].udp);
    assert_int_equal(c->forward[0].host_port, 8080);
    assert_int_equal(c->forward[0].guest_port, 80);
    assert_true(c->forward[1].udp);
    assert_int_equal(c->forward[1].host_port, 0);
    assert_int_equal(c->forward[1].guest_port, 65535);
}

static void unknown_words_are_told(void **state)
{
    static const char *const bad[] = {
        "", "users", "User", "none,restrict", "switch,restrict", "user:80"
    };

    (void)state;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        refuses(bad[k], "--net must be none, switch or user");
    refuses("user,", "does not know ''");
    refuses("user,restrict,", "does not know ''");
    refuses("user,,restrict", "does not know ''");
    refuses("user,forward=1", "does not know 'forward=1'");
    refuses("user,restricted", "does not know 'restricted'");
    refuses("user,fwd", "does not know 'fwd'");
}

static void bad_ports_are_told(void **state)
{
    static const char *const bad[] = {
        "fwd=",
        "fwd=80:80",
        "fwd=sctp:80:80",
        "fwd=tcp:80",
        "fwd=tcp::80",
        "fwd=tcp:80:",
        "fwd=tcp:80:0",
        "fwd=tcp:65536:80",
        "fwd=tcp:80:65536",
        "fwd=tcp:99999999999999999999:80",
        "fwd=tcp:4294967376:80",
        "fwd=tcp:-1:80",
        "fwd=tcp:80:80:80",
        "fwd=tcp:80:80 ",
        "fwd=tcp:0x50:80",
        "fwd=tcp:127.0.0.1:80:80",
    };
    char text[80];

    (void)state;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        snprintf(text, sizeof text, "user,%s", bad[k]);
        refuses(text, "must be fwd=tcp:HOSTPORT:GUESTPORT");
        refuses(text, bad[k]);
    }
}

static void there_can_be_so_many(void **state)
{
    char text[1000] = "user";

    (void)state;
    for (unsigned i = 0; i < USER_NET_FORWARDS; i++)
        strcat(text, ",fwd=tcp:0:80");
    assert_int_equal(parse(text), STATUS_OK);
    assert_int_equal(setting.user.forwards, USER_NET_FORWARDS);
    strcat(text, ",fwd=tcp:0:80");
    refuses(text, "16 forwards at most");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_three_kinds),
        cmocka_unit_test(words_may_follow),
        cmocka_unit_test(unknown_words_are_told),
        cmocka_unit_test(bad_ports_are_told),
        cmocka_unit_test(there_can_be_so_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
