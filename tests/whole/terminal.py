"""A pseudo-terminal with a small shell behind it, for tests of what a person sees and types.

A process that is to be stopped by Ctrl-Z must be a job of a shell: in a process group of its own whose
leader's parent is in another group of the same session (POSIX, "orphaned process group"). So a child
process leads the session and starts the program as its job, in the foreground or background; it tells
what becomes of the job, and continues it when told to.
"""

import fcntl
import os
import select
import signal
import struct
import termios
import time

PATIENCE = 20  # seconds until a test gives up waiting

SHELL_SIGNALS = (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU,
                 signal.SIGHUP)


def spare_mode(descriptor):
    """A mode that nobody would set by accident, so that "put back" means just that."""
    mode = termios.tcgetattr(descriptor)
    mode[3] &= ~termios.ECHOK
    mode[6][termios.VKILL] = b"\x0b"
    mode[6][termios.VTIME] = b"\x07"
    termios.tcsetattr(descriptor, termios.TCSANOW, mode)


class Terminal:
    """Runs `words` on a terminal. `stdin` is None for the terminal or a descriptor, or bytes that a pipe
    then holds; standard output is collected apart unless `output` is "terminal". Standard error is the
    terminal. `orphan` makes a job that Ctrl-Z can't stop. Use it in a `with`."""

    def __init__(self, words, env=None, stdin=None, output="apart", foreground=True, orphan=False,
                 typed_ahead=b"", columns=0, prepare=spare_mode):
        self.master, self.slave = os.openpty()
        prepare(self.slave)
        if columns:
            fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self.seen = b""     # what the terminal showed, from the last expect on
        self.printed = b""  # standard output
        if typed_ahead:
            self.type(typed_ahead)
        self.more_input = None
        if isinstance(stdin, bytes):
            given, (stdin, self.more_input) = stdin, os.pipe()
            os.write(self.more_input, given)
        self.reports, report_to = os.pipe()
        orders, self.orders = os.pipe()
        self.results, result_to = os.pipe()
        inside = {0: self.slave if stdin is None else stdin,
                  1: result_to if output == "apart" else self.slave, 2: self.slave}
        self.leader = os.fork()
        if self.leader == 0:
            try:
                for descriptor in (self.master, self.reports, self.orders, self.results, self.more_input):
                    if descriptor is not None:
                        os.close(descriptor)
                lead(self.slave, words, env, inside, report_to, orders, foreground, orphan)
            finally:
                os._exit(127)
        for descriptor in (report_to, orders, result_to):
            os.close(descriptor)
        if self.more_input is not None:
            os.close(stdin)
        self.job = int(self._report())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            os.kill(self.job, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.close(self.orders)
        self._close("more_input")
        self._close("master")
        os.waitpid(self.leader, 0)
        for descriptor in (self.slave, self.reports, self.results):
            os.close(descriptor)

    def _close(self, name):
        if getattr(self, name) is not None:
            os.close(getattr(self, name))
            setattr(self, name, None)

    # ---- the person ----

    def type(self, keys):
        os.write(self.master, keys)

    def expect(self, text):
        """Waits until the terminal shows `text`; returns all it showed up to there."""
        text = text if isinstance(text, bytes) else text.encode()
        self._wait(lambda: text in self.seen, f"the terminal to show {text!r}")
        end = self.seen.index(text) + len(text)
        before, self.seen = self.seen[:end], self.seen[end:]
        return before

    def settle(self, seconds=0.15):
        """What else the terminal shows within that time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._collect(left)
        return self.seen

    def hang_up(self):
        self._close("master")

    def give(self, data):
        os.write(self.more_input, data)

    # ---- the mode ----

    def mode(self):
        return termios.tcgetattr(self.slave)

    def echoes(self):
        return bool(self.mode()[3] & termios.ECHO)

    def waiting_input(self):
        """What was typed and nobody has read; takes it away."""
        mode = self.mode()
        raw = termios.tcgetattr(self.slave)
        raw[3] &= ~termios.ICANON
        raw[6][termios.VMIN], raw[6][termios.VTIME] = 0, 0
        termios.tcsetattr(self.slave, termios.TCSANOW, raw)
        data = os.read(self.slave, 4096)
        termios.tcsetattr(self.slave, termios.TCSANOW, mode)
        return data

    # ---- the job ----

    def send(self, number):
        os.kill(self.job, number)

    def order(self, what):
        """"fg" or "bg": continues the stopped job so."""
        os.write(self.orders, what.encode() + b"\n")

    def fate(self):
        """Waits for what becomes of the job next: "exited 0", "killed SIGINT", "stopped SIGTSTP"."""
        return self._report()

    def expect_printed(self, text):
        """Waits until standard output (apart) holds `text`."""
        self._wait(lambda: text in self.printed.decode(), f"{text!r} on standard output")

    def result(self):
        """Waits until the job has ended well; returns the lines of its standard output."""
        fate = self.fate()
        self.settle(0)
        while select.select([self.results], [], [], 0)[0]:
            data = os.read(self.results, 65536)
            if not data:
                break
            self.printed += data
        if fate != "exited 0":
            raise AssertionError(f"{fate}; printed {self.printed!r}, showed {self.seen!r}")
        return self.printed.decode().splitlines()

    # ---- inside ----

    def _collect(self, seconds):
        sources = [s for s in (self.master, self.results) if s is not None]
        for ready in select.select(sources, [], [], seconds)[0]:
            try:
                data = os.read(ready, 65536)
            except OSError:  # the terminal is gone
                data = b""
            if ready == self.master:
                self.seen += data
            else:
                self.printed += data
            if not data:
                time.sleep(0.01)

    def _wait(self, done, what):
        end = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > end:
                raise AssertionError(f"waited for {what}; showed {self.seen!r}, printed {self.printed!r}")
            self._collect(0.1)

    def _report(self):
        line = b""
        end = time.monotonic() + PATIENCE
        while not line.endswith(b"\n"):
            if self.master is not None:
                self._collect(0)
            if select.select([self.reports], [], [], 0.05)[0]:
                byte = os.read(self.reports, 1)
                if not byte:
                    raise AssertionError("the shell ended")
                line += byte
            elif time.monotonic() > end:
                raise AssertionError(f"the job goes on; showed {self.seen!r}, printed {self.printed!r}")
        return line.decode().strip()


# ---- the shell: what follows runs in the child process ------------------------------------------


def lead(terminal, words, env, inside, report_to, orders, foreground, orphan):
    os.setsid()
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    for number in SHELL_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    job = os.fork()
    if job == 0:
        if not orphan:
            os.setpgid(0, 0)
            if foreground:
                os.tcsetpgrp(terminal, os.getpid())
        be_job(words, env, inside)
    report(report_to, str(job))
    pass_on_fate(terminal, job, report_to, orders)
    # The terminal lives as long as the one who leads its session.
    os.read(orders, 1)
    os._exit(0)


def be_job(words, env, inside):
    # Python ignores SIGPIPE and SIGXFSZ; what is ignored stays so in a new program.
    for number in range(1, signal.SIGSYS + 1):
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
    for descriptor, source in inside.items():
        os.dup2(source, descriptor)
    os.closerange(3, 256)
    os.execvpe(words[0], words, os.environ if env is None else env)


def report(report_to, text):
    os.write(report_to, text.encode() + b"\n")


def pass_on_fate(terminal, job, report_to, orders):
    while True:
        _pid, status = os.waitpid(job, os.WUNTRACED)
        if os.WIFEXITED(status):
            return report(report_to, f"exited {os.WEXITSTATUS(status)}")
        if os.WIFSIGNALED(status):
            return report(report_to, "killed " + signal.Signals(os.WTERMSIG(status)).name)
        os.tcsetpgrp(terminal, os.getpgrp())
        report(report_to, "stopped " + signal.Signals(os.WSTOPSIG(status)).name)
        order = os.read(orders, 3)
        if order == b"fg\n":
            os.tcsetpgrp(terminal, job)
        elif order != b"bg\n":
            os._exit(0)
        os.kill(job, signal.SIGCONT)
