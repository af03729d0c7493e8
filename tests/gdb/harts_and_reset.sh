# Linux on four harts: threads of gdb, stepped one by one and back; it reboots,
# and breakpoints hold in the machine that begins anew. pogo-test: timeout=180
here_gdb=$(dirname "$0")
. "$here_gdb/lib/gdb.sh"
. "$here_gdb/../guests/lib/linux.sh"

printf '#!/bin/sh\nreboot -f\n' >run.sh
pack run.sh run.cpio.gz

debug harts --quiet --depth 1 --harts 4 --kernel "$GUESTS/Image" \
    --initrd "$GUESTS/initramfs.cpio.gz" --initrd run.cpio.gz \
    --append "$kernel_line pogo.run=/run.sh" \
    --symbols "$GUESTS/System.map" <<'EOF'
break *start_kernel
continue
info threads
tbreak *vfs_write
continue
info threads
thread 3
x/i $pc
set $before = $pc
stepi
printf "stepped %d\n", $pc - $before
reverse-stepi
printf "back %d, hart %d\n", $pc == $before, $mhartid
set $first = $vmm_time
continue
printf "later %d\n", $vmm_time > $first
delete
reverse-continue
tbreak *vfs_write
continue
backtrace 2
EOF
shows harts 'hit Breakpoint 1, .*start_kernel' '^\* 1 .*S-mode.*start_kernel' \
    '2.4 .*M-mode, waits' 'hit Temporary breakpoint 2, .*vfs_write' \
    '^\* 1 .*vfs_write' '2.3 .*waits.*idle' 'Switching to thread 3' \
    '^stepped [24]' '^back 1, hart 2' 'hit Breakpoint 1, .*start_kernel' \
    '^later 0' 'No more reverse-execution history' '0x0*1000 in' \
    'hit Temporary breakpoint 3, .*vfs_write' '#1 .*ksys_write'
finish
