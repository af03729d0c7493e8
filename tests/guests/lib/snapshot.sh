# What the scripts about snapshots of Linux share. Sourced, not run.
. "$(dirname "${BASH_SOURCE[0]}")/linux.sh"

# below N: a random number from 0 to N - 1, in $below.
below() { below=$(((RANDOM << 30 | RANDOM << 15 | RANDOM) % $1)); }

# points N END: N random counts below END in ascending order, in $points.
points() {
    local n=$1 k; points=()
    for ((k = 0; k < n; k++)); do
        below "$2"; points+=($((below + 1)))
    done
    points=($(printf '%s\n' "${points[@]}" | sort -n))
}

# whole_run: the guest of linux/run.sh with a disk, from reset to power-off.
whole_run() {
    mkdir files && echo "hello from the host" >files/greeting
    "$SRC/tools/make-disk" 16M new.img files || exit 1
    pack "$here/linux/run.sh" run.cpio.gz
    start_linux whole run.cpio.gz --disk new.img,overlay=whole.over
    check_run whole 0
    end=$(hash whole | sed 's/.* //')
}

# boot_to RUN COUNT SNAPSHOT ARGUMENTS...: the same, saved at a count.
boot_to() {
    local run=$1 count=$2 snapshot=$3; shift 3
    start_linux "$run" run.cpio.gz --disk "new.img,overlay=$run.over" \
        --until "$count" --snapshot "$snapshot" "$@"
}

# go_on RUN SNAPSHOT ARGUMENTS...: from a snapshot, with an overlay of its own.
go_on() {
    local run=$1 snapshot=$2; shift 2
    start "$run" --timeout 300 --resume "$snapshot" \
        --disk "new.img,overlay=$run.over" "$@"
}
