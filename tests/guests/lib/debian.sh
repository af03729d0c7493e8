# What the scripts that start a Debian system share. Sourced, not run.
. "$(dirname "${BASH_SOURCE[0]}")/linux.sh"

server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
cp -r "$here/debian" scripts || exit 1

# A package of a program and 8 MiB that cannot be compressed, as apt wants it.
make_repository() {
    local share=greeting/usr/share/pogo deb=repository/pogo-greeting.deb
    mkdir -p greeting/DEBIAN greeting/usr/bin $share repository
    printf '#!/bin/sh\necho hello from a package\n' \
        >greeting/usr/bin/pogo-greeting
    chmod +x greeting/usr/bin/pogo-greeting
    python3 -c 'import random, sys
sys.stdout.buffer.write(random.Random(1).randbytes(8 << 20))' >$share/bytes
    (cd $share && sha256sum bytes >sum)
    printf '%s\n' "Package: pogo-greeting" "Version: 1.0" "Architecture: all" \
        "Maintainer: nobody <nobody@localhost>" "Description: a greeting" \
        >greeting/DEBIAN/control
    dpkg-deb --root-owner-group --build greeting $deb >/dev/null || exit 1
    {
        cat greeting/DEBIAN/control
        echo "Filename: ./${deb#*/}"
        echo "Size: $(stat -c %s $deb)"
        echo "SHA256: $(sha256sum <$deb | cut -d' ' -f1)"
    } >repository/Packages
    {
        echo "Date: Thu, 01 Jan 2026 00:00:00 UTC"
        echo "SHA256:"
        echo " $(sha256sum <repository/Packages | cut -d' ' -f1)" \
            "$(stat -c %s repository/Packages) Packages"
    } >repository/Release
}

# Serves it on a port of 127.0.0.1, which the guest sees at 10.0.2.2, and says
# so to the guest's apt in scripts/pogo.list.
serve_repository() {
    local port=
    python3 -u -m http.server 0 --bind 127.0.0.1 --directory repository \
        >served 2>&1 &
    server=$!
    while [ -z "$port" ]; do
        kill -0 $server || { cat served; exit 1; }
        sleep 0.1
        port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' served)
    done
    echo "deb [trusted=yes] http://10.0.2.2:$port ./" >scripts/pogo.list
}

# The arguments of all runs; the system's disk is to come first.
debian_arguments=(--timeout 2400 --kernel "$GUESTS/Image"
    --initrd "$GUESTS/initramfs.cpio.gz"
    --append "$kernel_line quiet root=/dev/vda")

# start_debian RUN ARGUMENTS...: the system of the first --disk, with the
# scripts on the disk after it.
start_debian() {
    start "$@" "${debian_arguments[@]}" --disk scripts.img,ro
}

# await RUN TEXT: until the console has said it after what was awaited before
# ($heard bytes), or the run has ended.
await() {
    local size
    until [ -e "$1.status" ]; do
        size=$(stat -c %s "$1.console" 2>/dev/null || echo 0)
        tail -c +$((heard + 1)) "$1.console" 2>/dev/null |
            head -c $((size - heard)) | grep -qaF -- "$2" && break
        sleep 0.5
    done
    heard=$size
}

log_in() {
    await "$1" "debian login: "
    echo root >&$keys
    await "$1" "root@debian:~# "
}

# session RUN COMMAND ARGUMENTS...: as start_debian, with somebody at the
# console who logs in, gives the command, which ends with `finish`, starts the
# machine anew, logs in again and powers off.
session() {
    local run=$1 command=$2 keys heard=0; shift 2
    mkfifo "$run.keys"
    {
        "$POGO" run --quiet --input - --console "$run.console" "$@" \
            "${debian_arguments[@]}" --disk scripts.img,ro \
            <"$run.keys" >"$run.out" 2>"$run.err"
        echo $? >"$run.status"
    } &
    exec {keys}>"$run.keys"
    log_in "$run"
    echo "mount -o ro /dev/vdb /mnt && $command" >&$keys
    await "$run" "pogo guest: "
    echo "systemctl reboot" >&$keys
    log_in "$run"
    echo "systemctl poweroff" >&$keys
    wait $!
    exec {keys}>&-
    [ ! -s "$run.err" ] || sed "s/^/$run says: /" "$run.err"
}
