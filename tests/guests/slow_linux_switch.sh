# Two Linux guests on one host, at one switch: a ping, and a text over TCP. What
# they do repeats. pogo-test: timeout=300
. "$(dirname "$0")/lib/net.sh"

touch tcp
pack "$here/linux/net.sh" run.cpio.gz tcp
for run in first second; do
    start_net $run run.cpio.gz switch &
done
wait
check_guest first 1 "ok the other side answers" "ok each of five pings" \
    "ok nobody is where nobody is" "ok a text goes over TCP"
check_guest first 2 "ok a text comes over TCP"
check "nothing was lost in the switch" 2 "$(grep -c ', lost 0$' first/out)"
check_text "the second run ends as the first" first/out second/out
finish
