# Run by root in a Debian system, at a shell that it has logged in to. Each line
# is the same at every depth; the last one says how many checks failed.

. /mnt/check.sh

system() {
    check "this is Debian" debian "$(. /etc/os-release && echo "$ID")"
    check "of the port riscv64" riscv64 "$(dpkg --print-architecture)"
    check "systemd is process 1" systemd "$(cat /proc/1/comm)"
    check "all that it was to start has started" running \
        "$(systemctl is-system-running --wait)"
    check "no unit has failed" "" "$(systemctl --failed --plain --no-legend)"
    check "the disk is the root, and was made writable" "/dev/vda ext4 rw" \
        "$(findmnt -n -o SOURCE,FSTYPE,OPTIONS / | awk -F, '{ print $1 }' |
            tr -s ' ')"
    check "the kernel complained of nothing" "" \
        "$(dmesg | grep -E 'WARNING|BUG|Oops|soft lockup|rcu.*stall')"
}

packages() {
    check "every package is installed in full" "" "$(dpkg --audit)"
    check "the C library's files are as they were packed" "" \
        "$(dpkg --verify libc6 | grep -v ' c ')"
    check "and those of the core utilities" "" "$(dpkg --verify coreutils)"
}

users() {
    useradd --create-home student
    check "a user is added" 0 $?
    check "who may log in" student "$(su -l student -c 'id -un')"
    check "and may not read root's secrets" 1 \
        "$(su -l student -c 'cat /etc/shadow' 2>/dev/null; echo $?)"
    check "root logged in on the serial line" "root ttyS0" \
        "$(loginctl list-sessions --no-legend --no-pager |
            awk '$7 ~ /tty/ { print $3, $7 }')"
}

services() {
    check "a service runs, and is waited for" "hello from a service" \
        "$(systemd-run --quiet --wait --pipe echo hello from a service)"
    logger --tag pogo "a line for the journal"
    journalctl --sync
    check "the journal keeps what it is told" "a line for the journal" \
        "$(journalctl --no-pager --output=cat --identifier=pogo)"
    check "D-Bus answers" debian \
        "$(busctl get-property org.freedesktop.hostname1 \
            /org/freedesktop/hostname1 org.freedesktop.hostname1 Hostname |
            cut -d'"' -f2)"
    check "a thousand processes come and go" 1000 \
        "$(i=0; while [ $i -lt 1000 ]; do /bin/true && i=$((i + 1)); done
            echo $i)"
}

# Perl's numbers are the hart's doubles. (The rule that sums at the midpoints
# errs by 8e-12 with so few.)
languages() {
    check "perl: pi, by an integral" 3.141592653598 \
        "$(perl -e '$n = 1e5; $s += 4 / (1 + (($_ - 0.5) / $n) ** 2)
            for 1 .. $n; printf "%.12f", $s / $n')"
    check "perl: words in a hash" "50000 1250025000" \
        "$(perl -e '$h{"word$_"} = $_ for 1 .. 50000; $s += $_
            for values %h; print scalar(keys %h), " ", $s')"
}

system
packages
users
services
languages
finish
