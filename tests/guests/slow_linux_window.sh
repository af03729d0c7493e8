# A window under an X server: real keys and a real mouse reach Linux, and what
# it shows is in the window. pogo-test: timeout=300
. "$(dirname "$0")/lib/linux.sh"

export SDL_VIDEODRIVER=x11 SDL_RENDER_DRIVER=software
coproc xvfb { exec Xvfb -displayfd 1 -screen 0 1280x1024x24 2>xvfb.log; }
xvfb_pid=$!
trap 'kill "$xvfb_pid"; rm -rf "$work"' EXIT
read -r -t 30 number <&"${xvfb[0]}" || fail "there is no X server"
export DISPLAY=:$number

# until_true COMMAND...: waits for it, for a minute at most.
until_true() {
    local tries
    for tries in $(seq 600); do
        "$@" >/dev/null 2>&1 && return
        sleep 0.1
    done
    fail "this never came true: $*"
}

pack "$here/linux/window.sh" run.cpio.gz
start window --timeout 200 --kernel "$GUESTS/Image" \
    --initrd "$GUESTS/initramfs.cpio.gz" --initrd "$GUESTS/display.cpio.gz" \
    --initrd run.cpio.gz --display sdl,size=640x480 --screenshot window.png \
    --append "console=tty0 $kernel_line pogo.run=/run.sh" &
guest=$!
until_true xdotool search --name '^Pogo$'
id=$(xdotool search --name '^Pogo$')
xdotool windowfocus "$id" windowmove "$id" 0 0
until_true grep -q "the guest listens" window.console
sleep 1 # until it does
xdotool type --delay 50 '"Hello," he said; {it} works!'
xdotool key Return
until_true grep -q "it was typed" window.console
xdotool mousemove --window "$id" 639 240
sleep 0.5
xdotool click 3
wait "$guest"
check_run window 42
check_console window 'it was typed: "Hello," he said; {it} works!' \
    "the mouse: 3 0 32767 0" "the mouse: 3 1 16417 0" "the mouse: 0 0 0 0" \
    "the mouse: 1 273 1 0"
finish
