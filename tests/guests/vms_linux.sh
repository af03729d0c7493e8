# Two Linux and one embedded kernel, run to completion side by side: each ends
# in the state that it ends in alone. pogo-test: timeout=180
. "$(dirname "$0")/lib/linux.sh"

cat >run.sh <<'END'
#!/bin/sh
n=$(sed 's/.*node=\([0-9]*\).*/\1/' /proc/cmdline)
echo "node $n says $(seq 1 $((n * 1000)) | md5sum)"
END
pack run.sh run.cpio.gz

cat >linux.conf <<END
memory = 128M
[one]
kernel = $GUESTS/Image
initrd = $GUESTS/initramfs.cpio.gz
initrd = run.cpio.gz
append = $kernel_line pogo.run=/run.sh node=1
console = one.text
[two]
kernel = $GUESTS/Image
initrd = $GUESTS/initramfs.cpio.gz
initrd = run.cpio.gz
append = $kernel_line pogo.run=/run.sh node=2
console = two.text
[kernel]
weight = 3
console = kernel.text
END
timeout 170 "$POGO" run --hash --config linux.conf >out 2>err </dev/null
check "exit status" 0 $?
cat err
for node in 1 2; do
    start_linux alone-$node run.cpio.gz --memory 128M --append \
        "$kernel_line pogo.run=/run.sh node=$node" &
done
start alone-3 --memory 128M
wait
n=1
for name in one two kernel; do
    check_run alone-$n 0
    check "$name: hash as alone" "$(hash alone-$n)" \
        "$(sed -n "s/^$name hash //p" out)"
    cmp -s alone-$n.console $name.text ||
        fail "$name: its console is not that of alone-$n"
    n=$((n + 1))
done
check "node 2 ran its script" 1 "$(grep -c 'node 2 says' two.text)"
finish
