# Debian's Linux under OpenSBI, bare and in a virtual machine, where OpenSBI is
# in virtual M-mode: as linux_pogo_firmware.sh. pogo-test: timeout=400 alone
. "$(dirname "$0")/lib/linux.sh"
exercise opensbi --bios opensbi
finish
