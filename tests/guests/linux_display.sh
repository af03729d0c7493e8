# Linux's console on a screen: what is typed on its keyboard is seen, pixel for
# pixel as tests/golden/linux_display.png shows, bare, in a virtual machine, and
# with a window. pogo-test: timeout=300
. "$(dirname "$0")/lib/linux.sh"

# (The first clears away the shell's greeting, which names its version.)
cat >keys <<'END'
5000000000 clear; sleep 99\n
5500000000 <ctrl-c>
6000000000 echo "It's {a|b} ~ & <lt>c>" | tr a-z A-Z; seq 3<backspace>2\n
6500000000 <up><home>true; <end> # again, with \\^_`@$%*()+=[]:?,./\n
6800000000 printf "\\033[31mred \\033[32mgreen \\033[1;34mblue\\033[m\\n"\n
7000000000 exit 7\n
END
pack "$here/linux/display.sh" run.cpio.gz
kernel_line="console=tty0 $kernel_line"
# show RUN ARGUMENTS...
show() {
    local run=$1; shift
    start "$run" --until 20000000000 --timeout 300 --kernel "$GUESTS/Image" \
        --initrd "$GUESTS/initramfs.cpio.gz" --initrd "$GUESTS/display.cpio.gz" \
        --initrd run.cpio.gz --append "$kernel_line pogo.run=/run.sh" \
        --keys keys --screenshot "$run.png" "$@"
}
show bare --depth 0 &
show virtual --depth 1 --display none,size=1024x768 &
wait
SDL_VIDEODRIVER=dummy show window --display sdl
for run in bare virtual window; do
    check_run "$run" 42
    check_console "$run" "the screen is 1024,768" \
        "the keyboard is Pogo keyboard" "the tablet is Pogo tablet" \
        "the shell's status is 7"
    check "$run: pixels that differ from the golden picture" 0 \
        "$("$BUILD/tests/guests/png-compare" \
            "$SRC/tests/golden/linux_display.png" "$run.png")"
    cmp -s bare.png "$run.png" || fail "$run.png is not bare.png"
done
check_same bare virtual window
seen=$BUILD/tests/guests/linux_display.png
[ "$failures" = 0 ] || { cp bare.png "$seen" && echo "what was seen: $seen"; }
finish
