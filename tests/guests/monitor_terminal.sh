# pogo monitor at a terminal: lines are edited, completed and remembered; Ctrl-C
# ends a run, and no more; an empty line repeats; the terminal is as it was.
# pogo-test: timeout=120 sanitized
. "$(dirname "$0")/lib/guest.sh"

cat >terminal.py <<'END'
# A terminal, and somebody at it.
import os, pty, re, select, signal, termios, time

class Terminal:
    def __init__(self, arguments, state, keep=()):
        self.shown = ""
        environment = dict(os.environ, XDG_STATE_HOME=state, TERM="xterm")
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(os.environ["POGO"], ["pogo", "monitor", *arguments],
                      environment)
        self.before = termios.tcgetattr(self.fd)

    # Waits until `text` has been shown since the last keys.
    def shows(self, text, seconds=30):
        end = time.time() + seconds
        while text not in self.shown:
            if time.time() > end or not self.read(end - time.time()):
                print("not ok: never shown: %r; but %r" % (text, self.shown))
                return False
        print("ok: shown: %r" % text)
        return True

    def read(self, seconds):
        if not select.select([self.fd], [], [], max(seconds, 0))[0]:
            return False
        try:
            bytes = os.read(self.fd, 4096)
        except OSError:
            return False
        # What moves the cursor is not what is read.
        self.shown += re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "",
                             bytes.decode(errors="replace"))
        return bool(bytes)

    def types(self, keys):
        self.shown = ""
        os.write(self.fd, keys.encode())

    # A line, and its answer, up to the next prompt.
    def says(self, keys, answer):
        self.types(keys)
        return self.shows(answer) and self.shows("pogo> ")

    def ends(self, status):
        while self.read(10):
            pass
        end, gone = time.time() + 30, 0
        while not gone and time.time() < end:
            gone, how = os.waitpid(self.pid, os.WNOHANG)
            time.sleep(0.01)
        if not gone:
            os.kill(self.pid, signal.SIGKILL)
            how = os.waitpid(self.pid, 0)[1]
        self.ended = os.waitstatus_to_exitcode(how)
        verdict("exit status %d" % status, self.ended == status,
                self.ended, self.shown)
        os.close(self.fd)

    # A guest that runs for ever has begun to: the terminal is as it was.
    def runs(self, keys):
        self.types(keys)
        end = time.time() + 30
        while termios.tcgetattr(self.fd) != self.before:
            if time.time() > end:
                print("not ok: the terminal is not given back by: %r" % keys)
                return
            time.sleep(0.01)
        print("ok: while the guest runs the terminal is as it was")

def verdict(what, good, *seen):
    print("ok: " + what if good else "not ok: %s: %r" % (what, seen))
END

cat >talk.py <<'END'
import os, signal, struct
from terminal import Terminal, verdict

t = Terminal(["--depth", "1", "--console", "none"], os.getcwd() + "/state")
t.shows("hart 0 of vm1, M-mode, 0x1000")
t.shows("pogo> ")
# Completed: a command, and a symbol; what may be several is listed.
t.says("brea\tvm_new\r", "1  at 0x")
t.says("symbol proc_crea\t\r", "<proc_create>")
t.types("symbol vm_f\t")
t.shows("vm_fault")
t.shows("vm_free")
# Edited: all of it away, and a letter in the middle.
t.says("\x15histry\x1b[D\x1b[Do\r", "beginning   0")
# Given up.
t.types("delete 1")
t.shows("delete 1")
t.types("\x03")
t.shows("pogo> ")
t.says("info\r", "1  at 0x")
t.says("continue\r", "stop point 1")
t.says("delete 1\r", "pogo> ")
# Again: a step, and not what is no running.
t.says("step\r", "<vm_new+0x2>")
t.says("\r", "<vm_new+0x4>")
t.says("\r", "<vm_new+0x6>")
t.says("history\r", "present")
t.says("\r", "pogo> ")
verdict("history is not repeated", "present" not in t.shown, t.shown)
t.says("\x1b[A\x1b[A\r", "<vm_new+0x8>")
t.says("nonsense\r", "there is no command 'nonsense'")
t.types("quit 3\r")
t.ends(3)

# The lines are known the next time; the end of input ends it.
t = Terminal(["--console", "none"], os.getcwd() + "/state")
t.shows("pogo> ")
t.says("\x1b[A\x1b[A\r", "there is no command 'nonsense'")
t.types("\x04")
t.ends(0)

# A guest that runs for ever; where no history can be kept, there is none.
open("loop", "wb").write(struct.pack("<I", 0x0000006f))
t = Terminal(["--bios", "none", "--kernel", "loop"], "/proc/none")
t.shows("pogo> ")
for n in range(3):
    t.runs("continue\r")
    t.says("\x03", "interrupted")
t.says("why\r", "there is no trap")
t.types("quit\r")
t.ends(0)

# Other signals end Pogo, at the prompt and while it runs.
for run in False, True:
    t = Terminal(["--bios", "none", "--kernel", "loop"], "/proc/none")
    t.shows("pogo> ")
    if run:
        t.runs("continue\r")
    os.kill(t.pid, signal.SIGTERM)
    t.ends(128 + signal.SIGTERM)

END
python3 talk.py >said || fail "talk.py has ended badly"
cat said
comparisons=$(grep -cE '^(not )?ok: ' said)
failures=$((failures + $(grep -c '^not ok: ' said)))
check "the history is the user's alone" "600 700" \
    "$(stat -c %a state/pogo/history) $(stat -c %a state/pogo)"
finish
