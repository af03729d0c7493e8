# Run by a Linux guest with a screen: a shell on it, which somebody types to.
# Nothing else writes there, and no cursor blinks.

echo 1 >/proc/sys/kernel/printk
printf '\033[2J\033[H\033[?25l' >/dev/tty1
echo "the screen is $(cat /sys/class/graphics/fb0/virtual_size)"
echo "the keyboard is $(cat /sys/class/input/input0/name)"
echo "the tablet is $(cat /sys/class/input/input1/name)"
PS1='$ ' setsid -c sh -i </dev/tty1 >/dev/tty1 2>&1
echo "the shell's status is $?"
sleep 1 # until all of it is seen
exit 42
