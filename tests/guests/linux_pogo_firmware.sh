# Debian's Linux under our own firmware: processes, signals, pipes, floating
# point and an ext4 disk, bare and in a virtual machine, with one state at the
# end. pogo-test: timeout=400 alone
. "$(dirname "$0")/lib/linux.sh"
exercise pogo
finish
