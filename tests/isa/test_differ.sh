# Random programs do on Pogo what they do on QEMU, and in a virtual machine
# what they do on the bare one. pogo-test: timeout=300
set -u
: "${POGO:?the program}" "${BUILD:?the build folder}" "${SRC:?the sources}"
export TORTURE=$BUILD/tests/isa/torture
. "$SRC/tests/isa/lib/commands.sh"

. "$SRC/tests/lib/seed.sh"
failures=0
for command in "$(qemu7_command)" "$(qemu10_command)"; do
    [ -n "$command" ] || continue
    profile=base
    [[ $command == *svadu* ]] && profile=full
    "$SRC/tests/isa/differ" --pogo "$(pogo_command 0)" --oracle "$command" \
        --profile $profile --seed "$seed" --count "${COUNT:-5000000}" \
        --per-program 2500000 || failures=1
done
"$SRC/tests/isa/differ" --pogo "$(pogo_command 1)" \
    --oracle "$(pogo_command 0)" --profile full --strict --seed "$seed" \
    --count "${COUNT:-5000000}" --per-program 2500000 || failures=1
exit $failures
