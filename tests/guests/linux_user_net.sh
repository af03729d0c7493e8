# Linux on this host's network (--net user): it gets an address by DHCP, fetches
# a file from a server here, and is reached by a forward. At both depths.
# pogo-test: timeout=180
. "$(dirname "$0")/lib/user_net.sh"

start_server
pack "$here/linux/user_net.sh" run.cpio.gz
expect "$here/linux/user_net.sh" >answers.txt
for depth in 0 1; do
    start_linux "user-$depth" run.cpio.gz --depth $depth \
        --append "$kernel_line pogo.run=/run.sh net.port=$(cat port)" \
        --net user,fwd=tcp:0:7000 &
    guests+=($!)
    visit "user-$depth.console" "user-$depth.err" >"user-$depth.visit" &
    guests+=($!)
done
wait "${guests[@]}"
for depth in 0 1; do
    check_run "user-$depth" 0
    check_answers "user-$depth" answers.txt
    check "user-$depth: the guest's answer" "hello from the guest" \
        "$(cat "user-$depth.visit")"
done
finish
