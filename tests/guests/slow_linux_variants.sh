# Linux on machines of other kinds, with other firmware and numbers of harts,
# and deeper: each pair ends in one state. pogo-test: timeout=1200
. "$(dirname "$0")/lib/linux.sh"

pack "$here/linux/run.sh" run.cpio.gz
echo "ok no disk on this machine" >none
expect "$here/linux/run.sh" | sed '/disk is mounted/,$d' >some
cat some none >answers.txt

# pair NAME DEPTHS ARGUMENTS...
pair() {
    local name=$1 depths=$2 depth runs=(); shift 2
    for depth in $depths; do
        start_linux "$name-$depth" run.cpio.gz --depth $depth "$@" &
        runs+=("$name-$depth")
    done
    wait
    for depth in $depths; do
        check_run "$name-$depth" 0
        check_answers "$name-$depth" answers.txt
    done
    check_same "${runs[@]}"
}

base=rv64gc_zicntr
pair nested "0 2"
pair nested-opensbi "0 2" --bios opensbi
pair nested-harts "0 2" --harts 2
pair gc "0 1" --isa $base
pair svadu-sv39 "0 1" --isa ${base}_svadu_sstc_sv39
pair svade-sv48 "0 1" --isa ${base}_svade_zba_zbb_zbs_svinval_sv48
pair opensbi-gc "0 1" --bios opensbi --isa ${base}_svadu --harts 2
pair harts-8 "0 1" --harts 8
pair harts-8-opensbi "0 1" --harts 8 --bios opensbi
pair memory-2G "0 1" --memory 2G
finish
