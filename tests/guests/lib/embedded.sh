# What the scripts that run the embedded guest share. Sourced, not run.
. "$(dirname "${BASH_SOURCE[0]}")/guest.sh"

expected=$SRC/examples/guests/01-kernel/expected.txt

# The console that expected.txt is compared with, as the guest's README says:
# neither the firmware's banner nor the summary, which depend on the machine.
kernel_text() { console "$1" | sed -n '/^kernel: in/,/^kernel: all/p'; }

# check_kernel RUN [TEXT-FILE]: it said what it should, and ended well.
check_kernel() {
    check_run "$1" 0
    kernel_text "$1" >"$1.text"
    check_text "$1: console" "${2:-$expected}" "$1.text"
}
