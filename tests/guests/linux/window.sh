# Run by a Linux guest with a screen in a window: says what is typed on the
# keyboard, and where the mouse was pressed.

echo 1 >/proc/sys/kernel/printk
head -c 96 /dev/input/event1 >/tmp/mouse &
echo "the guest listens"
read -r line </dev/tty1
echo "it was typed: $line"
wait
# Each event has 24 bytes: the time, then type, code and value.
od -An -v -t u2 -w24 /tmp/mouse | while read -r _ _ _ _ _ _ _ _ event; do
    echo "the mouse:" $event
done
exit 42
