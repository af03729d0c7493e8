# What comes from outside enters a machine through machine/inputs.h alone, where
# it can be recorded: only the board's ends of the ports call the functions by
# which a device takes input. A switch between machines is no outside.
set -u
cd "$SRC/src" || exit 1
takes='console_push|console_port_push|[>.]deliver|aclint_set_time|virtio_input_push|virtio_balloon_push'
found=$(grep -nE "($takes)\\(" -r . --include=*.c |
    grep -vE '^\./(devices/[a-z_0-9]*\.c|machine/board_inputs\.c|vmm/net_switch\.c|host/(user_net[a-z_]*|port_end)\.c):')
[ -z "$found" ] && exit 0
echo "not ok: input that is not recorded:"
echo "$found"
exit 1
