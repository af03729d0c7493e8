# Each kind of bad input: the exit status that docs/command.md says, nothing on
# standard output, and on standard error one sentence that begins with "pogo: "
# and names what is wrong. pogo-test: timeout=120 sanitized
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
cases=0
failures=0

# refuses STATUS PART ARGUMENTS...: PART must be in the sentence.
refuses() {
    local want=$1 part=$2 status
    shift 2
    cases=$((cases + 1))
    timeout 60 "$POGO" "$@" >out 2>err </dev/null
    status=$?
    if [ $status != "$want" ] || [ -s out ] || [ "$(wc -l <err)" != 1 ] ||
        ! grep -q '^pogo: ' err || ! grep -qF -- "$part" err; then
        echo "not ok: pogo $*: status $status, wanted $want and '$part'"
        cat out err
        failures=$((failures + 1))
    fi
}

# ends STATUS ARGUMENTS...: no error of ours.
ends() {
    local want=$1 status
    shift
    cases=$((cases + 1))
    timeout 60 "$POGO" "$@" >out 2>err </dev/null
    status=$?
    [ $status = "$want" ] && return
    echo "not ok: pogo $*: status $status, wanted $want"
    cat out err
    failures=$((failures + 1))
}

# bytes TEXT: TEXT with printf's escapes
bytes() { printf "$1"; }

# Usage
refuses 64 "no command 'fly'" fly
refuses 64 "no command 'fly'" help fly
refuses 64 "no property 'fly'" help verify fly
refuses 64 "'fly' after 'run'" help run fly
refuses 64 "no property 'fly'" verify fly
refuses 64 "no command '--fly'" --fly
refuses 64 "no option '--memroy'" run --memroy 1G
refuses 64 "not 'Image'" run Image
refuses 64 "--kernel needs a value" run --kernel
refuses 64 "--memory must be a size" run --memory lots
refuses 64 "--memory must be a size" run --memory 1K
refuses 64 "--depth must be a number from 0 to 4" run --depth 5
refuses 64 "--harts must be a number from 1 to 8" run --harts=0
refuses 64 "--timeout must be" run --timeout -1
refuses 64 "--clock must be count or host" run --clock sundial
refuses 64 "--hash takes no value" run --hash=md5
refuses 64 "--isa 'rv64xyz'" run --isa rv64xyz
refuses 64 "--isa 'rv32i'" run --isa rv32i
refuses 64 "needs --depth 1" run --log exits
refuses 64 "--log must be" run --depth 1 --log everything
refuses 64 "--disk must be" run --disk a.img,readonly
refuses 64 "--disk must be" run --disk a.img,ro,overlay=b.img
refuses 64 "an overlay of its own" run --disk a,overlay=b --disk c,overlay=b
refuses 64 "--share must be" run --share folder,readonly
refuses 64 "--share must be" run --share ""
refuses 64 "nothing to run" run --bios none
refuses 64 "--net must be none, switch or user" run --net wire
refuses 64 "a machine alone hears nobody" run --net switch
refuses 64 "does not know 'wire'" run --net user,wire
refuses 64 "'fwd=tcp:70000:80' must be" run --net user,fwd=tcp:70000:80
refuses 64 "vm1: --net user: 'fwd=tcp:1:0' must" run --vms 2 --net user,fwd=tcp:1:0
refuses 64 "other commands' runs have to repeat" verify equivalence --net user
refuses 64 "--port must be" run --port log
refuses 64 "3 times at most" run --port a=1 --port b=2 --port c=3 --port d=4
refuses 64 "this command has nobody" pt --until 10 --port log=file
refuses 64 "--port is for a machine alone" run --vms 2 --port log=file
refuses 64 "--balloon must be" run --balloon much
refuses 64 "not more than the guest's memory" run --balloon 257M

# Files that are not there, or cannot be read or written
refuses 65 "'missing' cannot be read" run --kernel missing
refuses 65 "'missing' cannot be read" run --bios missing
refuses 65 "'missing' cannot be read" run --initrd missing
refuses 65 "'missing' cannot be read" run --dtb missing
refuses 65 "'missing' cannot be read" run --input missing
refuses 65 "--disk 'missing' cannot be opened" run --disk missing
refuses 65 "neither a file nor a block device" run --disk /tmp,ro
echo "some disk" >base.img
echo "no overlay" >other
refuses 65 "is no overlay, or is damaged" run --disk base.img,overlay=other
refuses 65 "cannot be written" run --disk base.img,overlay=/no/such/file
refuses 65 "--share 'missing' cannot be opened" run --share missing
refuses 65 "--share 'missing' cannot be opened" run --vms 2 --share missing,ro
refuses 65 "--share 'other' is no folder" run --share other
refuses 64 "--share without ',ro'" verify equivalence --share /tmp
refuses 65 "'/tmp' cannot be read" run --kernel /tmp
refuses 65 "'log=/no/such/file' cannot be had" run --port log=/no/such/file
refuses 65 "there is a file that is no socket" run --port a=unix:base.img
refuses 65 "has 107 characters at most" run --port "a=unix:$(printf %0108d 0)"
refuses 65 "cannot be had" run --port a=unix:/no/such/folder/socket
refuses 65 "--console 'no/such/file' cannot be written" \
    run --console no/such/file
refuses 65 "--dump-dtb 'no/such/file' cannot be written" \
    run --dump-dtb no/such/file
refuses 65 "cannot be written" run --depth 1 --log exits=no/such/file
port=$(python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
refuses 65 "cannot have TCP port $port of this host" \
    run --net "user,fwd=tcp:$port:1,fwd=tcp:$port:2"
cp "$POGO" alone
POGO=./alone refuses 65 "pogo-net, which --net user needs, cannot be started" \
    run --net user

# Files that are not what they should be
: >empty
refuses 65 "'empty' is empty" run --kernel empty
refuses 65 "'/dev/zero' is larger than" run --memory 4M --kernel /dev/zero
refuses 65 "another machine" run --kernel "$(command -v bash)"
bytes '\177ELF' >elf
refuses 65 "'elf' is a malformed" run --kernel elf
head -c 65536 /dev/urandom >random
gzip -c random | head -c 30000 >cut.gz
refuses 65 "'cut.gz' is a damaged or cut-off gzip file" run --kernel cut.gz
head -c 300000000 /dev/zero | gzip -1 >bomb.gz
refuses 65 "'bomb.gz' decompresses to more" run --kernel bomb.gz
head -c 5000000 /dev/zero >large
refuses 65 "'large' is larger than" run --memory 4M --kernel large
refuses 65 "needs 0x2dc6c0 bytes at 0x80200000" \
    run --memory 4M --kernel <(head -c 3000000 /dev/zero)
refuses 65 "the initrd of 5000000 bytes does not fit" \
    run --memory 6M --initrd large
refuses 65 "'random' is not a valid device tree" run --dtb random
bytes 'ls\\n\n' >keys
refuses 65 "line 1 of 'keys'" run --input keys
bytes '5 ok\n4 late\n' >keys
refuses 65 "line 2 of 'keys'" run --input keys
refuses 65 "larger than 1 MiB" run --dtb large

# Snapshots
refuses 64 "--snapshot-at needs" run --snapshot-at 5
refuses 64 "--snapshot-base needs" run --snapshot-base a
refuses 64 "is for 'pogo run'" verify equivalence --snapshot a
refuses 64 "snapshot knows 'info' only" snapshot
refuses 64 "needs the file's name" snapshot info --json
refuses 65 "cannot be read" snapshot info missing
refuses 65 "'missing' cannot be read" run --resume missing
refuses 65 "is no snapshot" run --resume random
refuses 65 "not a regular file" run --resume /dev/zero
refuses 65 "cannot be written" \
    run --console none --quiet --until 9 --snapshot no/such/file
refuses 64 "is not a regular file" \
    run --console none --quiet --until 9 --snapshot /dev/null
refuses 65 "nothing was saved" run --console none --snapshot end.snap
refuses 65 "before --snapshot-at 99999999" \
    run --console none --quiet --until 9 --snapshot-at 99999999 --snapshot a
cp random disk.img
ends 124 run --console none --until 500000 --disk disk.img --snapshot a.snap
ends 124 run --console none --resume a.snap --disk disk.img --until 500001
refuses 64 "--memory is 268435456 in" run --resume a.snap --memory 1G
refuses 64 "--harts is 1 in" run --resume a.snap --harts 2
refuses 64 "--seed is 0 in" run --resume a.snap --seed 3
refuses 64 "--isa is another" run --resume a.snap --isa rv64gc
refuses 64 "with 1 disks" run --resume a.snap
refuses 64 "booted from other files" \
    run --resume a.snap --disk disk.img --append more
refuses 64 "add ',overlay" run --resume a.snap --disk disk.img,ro
cp a.snap old.snap
echo >>a.snap
refuses 65 "is damaged or cut short" run --resume a.snap --disk disk.img
head -c 5000 old.snap >a.snap
refuses 65 "is damaged or cut short" run --resume a.snap --disk disk.img
bytes 'POGOSNAP\2\0\0\0more than the least that a file may be' >a.snap
refuses 65 "of format 2" run --resume a.snap
ends 124 run --console none --resume old.snap --disk disk.img \
    --until 500002 --snapshot new.snap --snapshot-base old.snap
mv old.snap elsewhere.snap
refuses 65 "--snapshot-base FILE names it" \
    run --resume new.snap --disk disk.img
refuses 65 "is not what 'new.snap' stands on" \
    run --resume new.snap --disk disk.img --snapshot-base new.snap
ends 124 run --console none --resume new.snap --disk disk.img \
    --snapshot-base elsewhere.snap --until 500003
mv elsewhere.snap old.snap
refuses 64 "the new snapshot is to stand on" \
    run --console none --quiet --resume new.snap --disk disk.img --until 500003 \
    --snapshot new.snap --snapshot-base new.snap
touch disk.img
refuses 65 "has been changed since" run --resume old.snap --disk disk.img
echo more >>disk.img
refuses 65 "has another size" run --resume old.snap --disk disk.img
ends 0 snapshot info old.snap
ends 0 help snapshot

# Limits and ends of Pogo's own
ends 0 help
ends 0 help run
ends 0 help verify
ends 0 help verify control
ends 0 --version
ends 124 run --console none --until 1000
ends 0 run --console none
# j . and wfi with nothing enabled, in M-mode
bytes '\157\0\0\0' >forever
ends 124 run --bios none --kernel forever --timeout 0.3
bytes '\163\0\120\020\157\360\337\377' >sleeper
ends 124 run --bios none --kernel sleeper
# lui t0,0x100; lui t1,0x73; addi t1,t1,0x333; sw t1,0(t0): status 7
bytes '\267\002\020\0\067\063\007\0\023\003\063\063\043\240\142\0' >seven
ends 7 run --bios none --kernel seven
ends 7 run --depth 1 --bios none --kernel seven

# --dump-dtb writes a tree that --dtb takes, and runs nothing.
ends 0 run --harts 2 --dump-dtb tree.dtb
[ -s out ] || [ ! -s tree.dtb ] && { echo "not ok: --dump-dtb"; failures=1; }
ends 0 run --console none --harts 2 --dtb tree.dtb

echo "$cases cases, $failures failures"
exit $((failures > 0))
