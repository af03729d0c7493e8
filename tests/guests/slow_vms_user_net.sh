# Two virtual machines side by side, each with a network of its own by way of
# this host's: both do what one alone does, and one that has ended hears no more.
# pogo-test: timeout=600
. "$(dirname "$0")/lib/user_net.sh"

start_server
pack "$here/linux/user_net.sh" run.cpio.gz
expect "$here/linux/user_net.sh" >answers.txt
cat >vms.conf <<END
kernel = $GUESTS/Image
initrd = $GUESTS/initramfs.cpio.gz
initrd = run.cpio.gz
append = $kernel_line pogo.run=/run.sh net.port=$(cat port)
net = user,fwd=tcp:0:7000
[one]
console = one.console
[two]
console = two.console
END
"$POGO" run --config vms.conf --timeout 500 --hash --stats >out 2>err \
    </dev/null &
run=$!
for name in one two; do
    visit $name.console err $name >$name.visit &
    visits+=($!)
done
wait "${visits[@]}"
wait "$run"
check "exit status" 0 $?
for name in one two; do
    check_answers $name answers.txt
    check "$name: the guest's answer" "hello from the guest" \
        "$(cat $name.visit)"
done
check "frames went by both networks, and none was lost" "0 0" \
    "$(sed -n 's/^ *frames lost *//p' out | paste -sd ' ')"
finish
