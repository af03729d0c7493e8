# The machine below the guest is a process of its own, which gdb may attach to:
# the same hart, seen from below. pogo-test: timeout=120
. "$(dirname "$0")/lib/gdb.sh"

debug worlds --quiet --kernel "$KERNEL" --depth 1 <<END
file $KERNEL
add-inferior
inferior 2
attach 1
inferior 1
set schedule-multiple on
break primes
continue
info inferiors
info threads
printf "guest: mode %d, satp %#lx\n", \$priv, \$satp
thread 2.1
printf "below: mode %d, satp %#lx\n", \$priv, \$satp
inferior 1
detach inferiors 2
continue
END
shows worlds 'hit Breakpoint 1(\.[0-9])?, primes' '^\* 1 +process 2' '^  2 +process 1' \
    '"vm1" .U-mode' '"bare" .U-mode' '^guest: mode 0' '^below: mode 0' \
    'Inferior 2 .process 1. detached' 'exited normally'
check "each has a satp of its own" 2 \
    "$(grep -oE '^(guest|below): .*satp 0x[0-9a-f]+' worlds.gdb |
        sed 's/.*satp //' | sort -u | wc -l)"
finish
