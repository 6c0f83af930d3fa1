"""The room `term` on a real pseudo-terminal: passphrases, one-key questions, signals.

tests/drivers/term_driver.c asks; it is compiled here against the library of the build under test.
"""

import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
import termios
import time
import unittest
from pathlib import Path

from locales import danish_latin1_in
from place import is_sanitized
from terminal import Terminal, spare_mode

TESTS = Path(__file__).resolve().parent.parent
DRIVER = TESTS / "drivers/term_driver.c"
BUILD = os.environ.get("TAVS_BUILD")
FATAL = ("SIGALRM", "SIGHUP", "SIGINT", "SIGPIPE", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIGXCPU", "SIGVTALRM",
         "SIGPROF", "SIGIO", "SIGPWR", "SIGSTKFLT", "SIGRTMIN")
FAULTS = ("SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV", "SIGSYS", "SIGTRAP")
STOPPING = ("SIGTSTP", "SIGTTIN", "SIGTTOU")
SECRET = "correct horse battery"
LINE = "Henvendelse: [t]elefon  [p]årørende  e-[M]ail  [x] hjemmeside  > "
HINT = "Press one of the keys in brackets, or Esc to cancel."

folder = driver = None
sanitized = False


def compile_driver(to):
    global sanitized
    flags = (Path(BUILD) / "flags").read_text() if (Path(BUILD) / "flags").exists() else "cc"
    as_built = [flag for flag in flags.split() if flag.startswith(("-fsanitize=", "-fno-sanitize", "--coverage"))]
    sanitized = "-fsanitize=" in flags
    libraries = subprocess.run(["pkg-config", "--libs", "libsodium"], check=True, text=True,
                               capture_output=True).stdout.split()
    subprocess.run([flags.split()[0], "-std=c11", "-D_GNU_SOURCE", f"-I{TESTS.parent}/include", "-g",
                    *dict.fromkeys(as_built), "-Wl,--wrap=poll,--wrap=ppoll,--wrap=write", "-o", to, DRIVER,
                    f"{BUILD}/libtavs.a", *libraries], check=True)


def setUpModule():
    global folder, driver
    if BUILD is None or not (Path(BUILD) / "libtavs.a").exists():
        raise unittest.SkipTest("TAVS_BUILD names no folder with libtavs.a")
    folder = Path(tempfile.mkdtemp(prefix="test-term-"))
    driver = str(folder / "term_driver")
    compile_driver(driver)


def tearDownModule():
    if folder:
        shutil.rmtree(folder)


def on_terminal(*words, **more):
    return Terminal([driver, *map(str, words)], **more)


def told_utf8(descriptor):
    """As `stty iutf8`."""
    spare_mode(descriptor)
    mode = termios.tcgetattr(descriptor)
    mode[0] |= 0o40000
    termios.tcsetattr(descriptor, termios.TCSANOW, mode)


def erases_by_control_h(descriptor):
    spare_mode(descriptor)
    mode = termios.tcgetattr(descriptor)
    mode[6][termios.VERASE] = b"\b"
    termios.tcsetattr(descriptor, termios.TCSANOW, mode)


def passphrase_line(text, charset="utf-8"):
    return f"passphrase ok {text.encode(charset).hex()}"


def danish_latin1():
    return {**os.environ, **danish_latin1_in(folder)}


class Passphrase(unittest.TestCase):
    def test_is_read_without_echo(self):
        with on_terminal("passphrase", 64) as terminal:
            terminal.expect("Passphrase: ")
            self.assertFalse(terminal.echoes())
            terminal.type(SECRET.encode() + b"\n")
            self.assertEqual(terminal.result(), [passphrase_line(SECRET)])
            self.assertEqual(terminal.mode(), terminal.before)
            self.assertEqual(terminal.settle(), b"\r\n")

    def test_is_asked_on_the_terminal_wherever_standard_input_is(self):
        with on_terminal("passphrase", 64, stdin=b"not this\n") as terminal:
            terminal.expect("Passphrase: ")
            terminal.type(b"but this\n")
            self.assertEqual(terminal.result(), [passphrase_line("but this")])

    def test_can_be_mended_with_the_erase_key(self):
        with on_terminal("passphrase", 64) as terminal:
            terminal.expect("Passphrase: ")
            terminal.type(b"correcx\x7ft\n")
            self.assertEqual(terminal.result(), [passphrase_line("correct")])

    def test_backspace_takes_whole_letters(self):
        """Whatever key the terminal says that it is, and whether or not it was told that letters are UTF-8."""
        for typed, left in (("pår\x7f\x7fo", "po"), ("pa\u030ar\b\bo", "po"), ("x€\x7fy", "xy"), ("x😀\x7f\x7f\x7fy", "y"),
                            ("o\u0323\u0308\x7fy", "y"), ("å\x7f\x7f\x7fa", "a"), ("one twø \x17three", "one three"),
                            ("one\x17\x17two", "two"), ("øøø\x15two", "two"), ("øøø\x0btwo", "two")):
            for prepare in (spare_mode, told_utf8, erases_by_control_h):
                with self.subTest(typed=typed, prepare=prepare), on_terminal("passphrase", 64, prepare=prepare) as terminal:
                    terminal.expect("Passphrase: ")
                    terminal.type(typed.encode() + b"\n")
                    self.assertEqual(terminal.result(), [passphrase_line(left)])
                    self.assertEqual(terminal.mode(), terminal.before)
        for locale, charset, typed in (({"LC_ALL": "C"}, "utf-8", "pår\x7f\x7fo"), (danish_latin1_in(folder), "latin-1", "pår\b\bo"),
                                       (danish_latin1_in(folder), "latin-1", "pÃ¥\x7fo")):
            with self.subTest(locale), on_terminal("passphrase", 64, env=os.environ | locale) as terminal:
                terminal.expect("Passphrase: ")
                terminal.type(typed.encode(charset) + b"\n")
                self.assertEqual(terminal.result(), [passphrase_line("pÃo" if "Ã" in typed else "po")])

    def test_a_long_paste_can_be_mended_and_does_not_reach_the_shell(self):
        with on_terminal("passphrase", 8) as terminal:
            terminal.expect("Passphrase: ")
            terminal.type(b"1234567\x7f8\n")
            self.assertEqual(terminal.result(), ["passphrase ok " + b"1234568".hex()])
        for size in (9, 5000, 20000):
            with self.subTest(size), on_terminal("passphrase", 8) as terminal:
                terminal.expect("Passphrase: ")
                for at in range(0, size, 1000):
                    terminal.type(b"x" * min(1000, size - at))
                    terminal.settle(0.01)
                terminal.type(b"\n")
                self.assertEqual(terminal.result(), ["passphrase long in what was typed"])
                self.assertEqual(terminal.waiting_input(), b"")

    def test_what_was_typed_before_the_prompt_is_dropped(self):
        with on_terminal("passphrase", 64, typed_ahead=b"early\n") as terminal:
            terminal.expect("Passphrase: ")
            terminal.type(b"in time\n")
            self.assertEqual(terminal.result(), [passphrase_line("in time")])

    def test_what_is_typed_after_it_does_not_reach_the_shell(self):
        with on_terminal("passphrase", 64) as terminal:
            terminal.expect("Passphrase: ")
            terminal.type(b"one\ntwo\nthree")
            self.assertEqual(terminal.result(), [passphrase_line("one")])
            self.assertEqual(terminal.waiting_input(), b"")

    def test_lengths(self):
        for typed, answer in ((b"", "empty in what was typed"), (b"1234567", "ok 31323334353637"),
                              (b"12345678", "long in what was typed"),
                              (b"x" * 4000, "long in what was typed"),
                              (b"12\x0034", "zero in what was typed")):
            with self.subTest(typed=typed), on_terminal("passphrase", 8) as terminal:
                terminal.expect("Passphrase: ")
                terminal.type(typed + b"\n")
                self.assertEqual(terminal.result(), ["passphrase " + answer])
                self.assertEqual(terminal.mode(), terminal.before)
                self.assertEqual(terminal.waiting_input(), b"")

    def test_the_end_of_input_cancels(self):
        for typed in (b"\x04", b"half\x04\x04"):
            with self.subTest(typed=typed), on_terminal("passphrase", 64) as terminal:
                terminal.expect("Passphrase: ")
                terminal.type(typed)
                self.assertEqual(terminal.result(), ["passphrase cancelled"])
                self.assertEqual(terminal.mode(), terminal.before)

    def test_works_on_a_terminal_that_a_crashed_program_left_raw(self):
        import tty
        with on_terminal("passphrase", 64, prepare=tty.setraw) as terminal:
            terminal.expect("Passphrase: ")
            terminal.type(b"returx\x7fn key\r")
            self.assertEqual(terminal.result(), [passphrase_line("return key")])
            self.assertEqual(terminal.mode(), terminal.before)

    def test_needs_a_terminal(self):
        done = subprocess.run([driver, "passphrase", "64", "new", "64", "key", "confirm", "interactive"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              start_new_session=True, check=True)
        self.assertEqual(done.stdout.splitlines(),
                         ["passphrase needs-terminal", "passphrase needs-terminal",
                          "key needs-terminal 99", "confirm needs-terminal no", "interactive no"])

    def test_is_utf8_whatever_the_terminal_sends(self):
        with on_terminal("passphrase", 64) as terminal:
            terminal.expect("Passphrase: ")
            terminal.type("blåbærgrød".encode() + b"\n")
            self.assertEqual(terminal.result(), [passphrase_line("blåbærgrød")])
        with on_terminal("passphrase", 64, env=danish_latin1()) as terminal:
            terminal.expect("Passphrase: ")
            terminal.type("blåbærgrød".encode("latin-1") + b"\n")
            self.assertEqual(terminal.result(), [passphrase_line("blåbærgrød")])

    def test_that_grows_too_long_as_utf8_is_refused(self):
        for typed, answer in (("ø" * 3, "ok c3b8c3b8c3b8"), ("ø" * 4, "long in what was typed")):
            with self.subTest(typed), on_terminal("passphrase", 8, env=danish_latin1()) as terminal:
                terminal.expect("Passphrase: ")
                terminal.type(typed.encode("latin-1") + b"\n")
                self.assertEqual(terminal.result(), ["passphrase " + answer])

    def test_leaves_no_trace_in_memory(self):
        if sanitized:
            self.skipTest("AddressSanitizer's own memory is too large to search")
        environments = [None]
        try:
            environments.append(danish_latin1())
        except unittest.SkipTest:
            pass
        for env in environments:
            for what, found in (("keep", True), ("drop", False)):
                with self.subTest(what, charset=env and "ISO 8859-1"), \
                     on_terminal(what, 64, stdin=b"", env=env) as terminal:
                    terminal.expect("Passphrase: ")
                    terminal.type(SECRET.encode() + b"\n")
                    terminal.expect_printed("waiting")
                    self.assertEqual(memory_holds(terminal.job, SECRET.encode()[2:12]), found)
                    terminal.give(b"\n")
                    terminal.result()


def memory_holds(process, text):
    with open(f"/proc/{process}/maps") as maps, open(f"/proc/{process}/mem", "rb", 0) as memory:
        for line in maps:
            first, last, readable = re.match(r"([0-9a-f]+)-([0-9a-f]+) (.)", line).groups()
            if readable != "r" or "[v" in line:
                continue
            memory.seek(int(first, 16))
            left = int(last, 16) - int(first, 16)
            while left > 0:
                try:
                    part = memory.read(min(left, 1 << 24))
                except OSError:
                    break
                if text in part:
                    return True
                left -= len(part) or left
    return False


class Signals(unittest.TestCase):
    QUESTIONS = {("passphrase", 64): "Passphrase: ", ("key",): "> "}

    def test_the_terminal_is_put_back_and_the_signal_does_its_work(self):
        for words, prompt in self.QUESTIONS.items():
            for name in FATAL + STOPPING:
                with self.subTest(name, words=words), on_terminal(*words) as terminal:
                    terminal.expect(prompt)
                    self.assertNotEqual(terminal.mode(), terminal.before)
                    self.assertFalse(terminal.echoes())
                    if words[0] == "passphrase":
                        terminal.type(b"half a pass")
                    terminal.send(signal.Signals[name])
                    fate = "killed " if name in FATAL else "stopped "
                    self.assertEqual(terminal.fate(), fate + name)
                    self.assertEqual(terminal.mode(), terminal.before)
                    self.assertEqual(terminal.waiting_input(), b"")
                    self.assertNotIn(b"half", terminal.settle(0.05))

    @unittest.skipIf(is_sanitized(), "the sanitizers take faults for their own")
    def test_the_terminal_is_put_back_after_a_fault(self):
        for words, prompt in self.QUESTIONS.items():
            for name in FAULTS:
                with self.subTest(name, words=words), on_terminal(*words) as terminal:
                    terminal.expect(prompt)
                    terminal.send(signal.Signals[name])
                    self.assertEqual(terminal.fate(), "killed " + name)
                    self.assertEqual(terminal.mode(), terminal.before)

    def test_after_a_stop_the_question_is_asked_again(self):
        for name in STOPPING + ("SIGSTOP",):
            with self.subTest(name), on_terminal("passphrase", 64) as terminal:
                terminal.expect("Passphrase: ")
                terminal.type(b"half a pass")
                terminal.send(signal.Signals[name])
                self.assertEqual(terminal.fate(), "stopped " + name)
                # What a shell does, also after the SIGSTOP that nobody can prepare for.
                termios.tcsetattr(terminal.slave, termios.TCSANOW, terminal.before)
                terminal.order("fg")
                terminal.expect("Passphrase: ")
                self.assertFalse(terminal.echoes())
                terminal.type(b"whole\n")
                self.assertEqual(terminal.result(), [passphrase_line("whole")])
                self.assertEqual(terminal.mode(), terminal.before)

    def test_a_key_question_is_asked_again_after_a_stop(self):
        with on_terminal("key") as terminal:
            terminal.expect(LINE)
            terminal.type(b"\x1a")
            self.assertEqual(terminal.fate(), "stopped SIGTSTP")
            self.assertEqual(terminal.mode(), terminal.before)
            terminal.order("fg")
            terminal.expect(LINE)
            terminal.type(b"m")
            self.assertEqual(terminal.result(), ["key ok 2"])
            self.assertEqual(terminal.mode(), terminal.before)

    def test_stopped_twice(self):
        with on_terminal("passphrase", 64) as terminal:
            for _ in range(2):
                terminal.expect("Passphrase: ")
                terminal.type(b"\x1a")
                self.assertEqual(terminal.fate(), "stopped SIGTSTP")
                self.assertEqual(terminal.mode(), terminal.before)
                terminal.order("fg")
            terminal.expect("Passphrase: ")
            terminal.type(b"\x03")
            self.assertEqual(terminal.fate(), "killed SIGINT")
            self.assertEqual(terminal.mode(), terminal.before)

    def test_keys_that_send_signals(self):
        for words, keys in ((("passphrase", 64), {b"\x03": "SIGINT", b"\x1c": "SIGQUIT"}),
                            (("key",), {b"\x1c": "SIGQUIT"})):
            for key, name in keys.items():
                with self.subTest(name, words=words), on_terminal(*words) as terminal:
                    terminal.expect(self.QUESTIONS[words])
                    terminal.type(key)
                    self.assertEqual(terminal.fate(), "killed " + name)
                    self.assertEqual(terminal.mode(), terminal.before)

    def test_a_line_that_hangs_up_is_the_end_of_input(self):
        # SIGHUP goes to the shell, which here does not pass it on.
        for words, prompt in self.QUESTIONS.items():
            with self.subTest(words=words), on_terminal(*words) as terminal:
                terminal.expect(prompt)
                terminal.hang_up()
                self.assertIn(" cancelled", terminal.result()[0])

    def test_what_is_ignored_stays_ignored(self):
        for name in FATAL + STOPPING:
            number = signal.Signals[name].value
            with self.subTest(name), on_terminal("ignore", number, "passphrase", 64) as terminal:
                terminal.expect("Passphrase: ")
                terminal.send(number)
                terminal.type(b"goes on\n")
                self.assertEqual(terminal.result(), ["", passphrase_line("goes on")])

    def test_a_handler_runs_when_the_terminal_is_put_back(self):
        for name in FATAL:
            number = signal.Signals[name].value
            with self.subTest(name), on_terminal("handle", number, "passphrase", 64) as terminal:
                terminal.expect("Passphrase: ")
                terminal.send(number)
                self.assertEqual(terminal.result(),
                                 ["", f"handled {number} echo", "passphrase cancelled"])
        for name in STOPPING + ("SIGCONT",):
            number = signal.Signals[name].value
            with self.subTest(name), on_terminal("handle", number, "passphrase", 64) as terminal:
                terminal.expect("Passphrase: ")
                terminal.send(number)
                terminal.expect("Passphrase: ")
                terminal.type(b"again\n")
                self.assertEqual(terminal.result(),
                                 ["", f"handled {number} echo", passphrase_line("again")])

    def test_several_at_once(self):
        with on_terminal("handle", signal.SIGALRM.value, "handle", signal.SIGPIPE.value,
                         "passphrase", 64) as terminal:
            terminal.expect("Passphrase: ")
            terminal.send(signal.SIGSTOP)
            self.assertEqual(terminal.fate(), "stopped SIGSTOP")
            for number in (signal.SIGALRM, signal.SIGPIPE):
                terminal.send(number)
            terminal.order("fg")
            result = terminal.result()
            self.assertEqual(sorted(result[2:4]), ["handled 13 echo", "handled 14 echo"])
            self.assertEqual(result[4:], ["passphrase cancelled"])

    def test_in_the_background_it_waits_to_be_called(self):
        for words, prompt in self.QUESTIONS.items():
            with self.subTest(words=words), on_terminal(*words, foreground=False) as terminal:
                self.assertEqual(terminal.fate(), "stopped SIGTTOU")
                self.assertEqual(terminal.mode(), terminal.before)
                terminal.order("bg")
                self.assertEqual(terminal.fate(), "stopped SIGTTOU")
                self.assertEqual(terminal.mode(), terminal.before)
                self.assertEqual(terminal.settle(0), b"")
                terminal.order("fg")
                terminal.expect(prompt)
                terminal.type(b"t\n")
                self.assertIn(" ok", terminal.result()[0])

    def test_sent_to_the_background_while_it_asks(self):
        with on_terminal("passphrase", 64) as terminal:
            terminal.expect("Passphrase: ")
            terminal.send(signal.SIGSTOP)
            self.assertEqual(terminal.fate(), "stopped SIGSTOP")
            # The shell's own mode, in which the job must not meddle from behind.
            shell = termios.tcgetattr(terminal.slave)
            shell[3] |= termios.ECHO
            shell[6][termios.VERASE] = b"\x08"
            termios.tcsetattr(terminal.slave, termios.TCSANOW, shell)
            terminal.order("bg")
            # By SIGTTIN if it came to the read before it heard of the stop.
            self.assertIn(terminal.fate(), ("stopped SIGTTOU", "stopped SIGTTIN"))
            self.assertEqual(terminal.mode(), shell)
            terminal.order("fg")
            terminal.expect("Passphrase: ")
            terminal.type(b"after all\n")
            self.assertEqual(terminal.result(), [passphrase_line("after all")])

    def test_where_nothing_can_be_stopped_the_question_goes_on(self):
        with on_terminal("passphrase", 64, orphan=True) as terminal:
            terminal.expect("Passphrase: ")
            terminal.type(b"\x1a")
            terminal.expect("Passphrase: ")
            terminal.type(b"still here\n")
            self.assertEqual(terminal.result(), [passphrase_line("still here")])

    @staticmethod
    def hold(descriptor):
        termios.tcflow(descriptor, termios.TCOOFF)  # as Ctrl-S does

    def test_a_held_terminal_can_be_left(self):
        for words in self.QUESTIONS:
            with self.subTest(words=words), on_terminal(*words, prepare=self.hold) as terminal:
                deadline = time.monotonic() + 20
                while terminal.echoes() and time.monotonic() < deadline:
                    time.sleep(0.01)
                terminal.send(signal.SIGTERM)
                self.assertEqual(terminal.fate(), "killed SIGTERM")
                self.assertEqual(terminal.mode(), terminal.before)

    def test_none_is_missed_while_a_held_terminal_is_written_to(self):
        for words in self.QUESTIONS:
            for name in FATAL + STOPPING:
                number = signal.Signals[name].value
                with (self.subTest(name, words=words),
                      on_terminal("amid", number, *words, prepare=self.hold) as terminal):
                    fate = "killed " if name in FATAL else "stopped "
                    self.assertEqual(terminal.fate(), fate + name)
                    self.assertEqual(terminal.mode(), terminal.before)

    def test_none_is_missed_between_the_look_and_the_wait(self):
        for words, prompt in self.QUESTIONS.items():
            for name in FATAL + STOPPING:
                number = signal.Signals[name].value
                with self.subTest(name, words=words), on_terminal("late", number, *words) as terminal:
                    fate = "killed " if name in FATAL else "stopped "
                    self.assertEqual(terminal.fate(), fate + name)
                    self.assertEqual(terminal.mode(), terminal.before)


class NewPassphrase(unittest.TestCase):
    def ask(self, terminal, *lines):
        for prompt, line in zip(("New: ", "Again: "), lines):
            terminal.expect(prompt)
            self.assertFalse(terminal.echoes())
            terminal.type(line.encode() + b"\n")

    def test_is_asked_twice(self):
        with on_terminal("new", 64) as terminal:
            self.ask(terminal, SECRET, SECRET)
            self.assertEqual(terminal.result(), [passphrase_line(SECRET)])
            self.assertEqual(terminal.mode(), terminal.before)
            self.assertNotIn(b"horse", terminal.settle())

    def test_both_lines_may_be_pasted_at_once(self):
        with on_terminal("new", 64) as terminal:
            terminal.expect("New: ")
            terminal.type(f"{SECRET}\n{SECRET}\n".encode())
            self.assertEqual(terminal.result(), [passphrase_line(SECRET)])

    def test_least_length(self):
        with on_terminal("new", 64) as terminal:
            self.ask(terminal, "x" * 11)
            terminal.expect("Too short.\r\n")
            self.ask(terminal, "x" * 12, "x" * 12)
            self.assertEqual(terminal.result(), [passphrase_line("x" * 12)])

    def test_one_that_differs_can_be_tried_again(self):
        for second in (SECRET + "!", SECRET[:-1], "", "short"):
            with self.subTest(second), on_terminal("new", 64) as terminal:
                self.ask(terminal, SECRET, second)
                terminal.expect("They differ.\r\n")
                self.ask(terminal, SECRET, SECRET)
                self.assertEqual(terminal.result(), [passphrase_line(SECRET)])

    def test_three_times_again_and_no_more(self):
        for lines, remark, code in ((("short",), "Too short.", "short"), (("",), "Too short.", "short"),
                                    ((SECRET, SECRET[1:]), "They differ.", "differ")):
            with self.subTest(code), on_terminal("new", 64) as terminal:
                for round_ in range(4):
                    if round_:
                        terminal.expect(remark)
                    self.ask(terminal, *lines)
                self.assertEqual(terminal.result(), ["passphrase " + code])
                self.assertEqual(terminal.mode(), terminal.before)

    def test_a_stop_gives_no_new_tries(self):
        with on_terminal("new", 64) as terminal:
            for _ in range(3):
                self.ask(terminal, "short")
                terminal.expect("Too short.")
            terminal.expect("New: ")
            terminal.type(b"\x1a")
            self.assertEqual(terminal.fate(), "stopped SIGTSTP")
            self.assertEqual(terminal.mode(), terminal.before)
            terminal.order("fg")
            self.ask(terminal, "short")
            self.assertEqual(terminal.result(), ["passphrase short"])

    def test_a_stop_at_the_second_line_begins_anew(self):
        with on_terminal("new", 64) as terminal:
            self.ask(terminal, SECRET)
            terminal.expect("Again: ")
            terminal.type(b"half\x1a")
            self.assertEqual(terminal.fate(), "stopped SIGTSTP")
            terminal.order("fg")
            self.ask(terminal, "another passphrase", "another passphrase")
            self.assertEqual(terminal.result(), [passphrase_line("another passphrase")])

    def test_other_failures_end_it_at_once(self):
        for lines, code in ((("x" * 64,), "long in what was typed"),
                            ((SECRET, "x" * 64), "long in what was typed"),
                            (("12\x003456789012",), "zero in what was typed"),
                            (("\x04",), "cancelled"), ((SECRET, "\x04"), "cancelled")):
            with self.subTest(code, lines=lines), on_terminal("new", 64) as terminal:
                self.ask(terminal, *lines)
                self.assertEqual(terminal.result(), ["passphrase " + code])


class StandardInput(unittest.TestCase):
    def test_one_line_a_call(self):
        with on_terminal("file", "-", "file", "-", "rest", stdin=b"one\r\ntwo words\nthe rest\n") as terminal:
            self.assertEqual(terminal.result(), [f"file ok {b'one'.hex()} private",
                                                 f"file ok {b'two words'.hex()} private",
                                                 f"rest {b'the rest'.hex()}0a"])

    def test_a_terminal_as_standard_input_does_not_echo(self):
        with on_terminal("file", "-", "file", "-") as terminal:
            for line in (b"one\n", b"two\n"):
                terminal.expect("Passphrase: ")
                self.assertFalse(terminal.echoes())
                terminal.type(line)
            self.assertEqual(terminal.result(), [f"file ok {b'one'.hex()} private",
                                                 f"file ok {b'two'.hex()} private"])


class Keys(unittest.TestCase):
    def test_one_key_answers(self):
        for key, index, label in ((b"t", 0, "telefon"), (b"p", 1, "pårørende"), (b"M", 2, "e-Mail"),
                                  (b"m", 2, "e-Mail"), (b"X", 3, "hjemmeside")):
            with self.subTest(key), on_terminal("key") as terminal:
                self.assertEqual(terminal.expect("> ").decode(), LINE)
                self.assertFalse(terminal.echoes())
                terminal.type(key)
                self.assertEqual(terminal.result(), [f"key ok {index}"])
                self.assertEqual(terminal.settle().decode(), label + "\r\n")
                self.assertEqual(terminal.mode(), terminal.before)

    def test_enter_takes_the_preset(self):
        for key in (b"\n", b"\r"):
            with self.subTest(key), on_terminal("preset") as terminal:
                terminal.expect("[p]årørende (Enter)  e-[M]ail  [x] hjemmeside  > ")
                terminal.type(key)
                self.assertEqual(terminal.result(), ["key ok 1"])
                self.assertEqual(terminal.settle().decode(), "pårørende\r\n")

    def test_other_keys_are_ignored_with_one_hint(self):
        with on_terminal("key") as terminal:
            terminal.expect(LINE)
            terminal.type(b"z\n\x00\x1b[A\xc3\xa6")
            terminal.expect(HINT + "\r\n" + LINE)
            # On its own, or what follows Esc would belong to a key's sequence.
            terminal.type(b"9")
            self.assertEqual(terminal.settle(0.3), b"")
            terminal.type(b"t")
            self.assertEqual(terminal.result(), ["key ok 0"])
            self.assertEqual(terminal.settle().decode(), "telefon\r\n")

    def test_cancelled(self):
        for key in (b"\x1b", b"\x1b\x1b", b"q", b"Q", b"\x03", b"\x04"):
            with self.subTest(key), on_terminal("preset") as terminal:
                terminal.expect("> ")
                terminal.type(key)
                self.assertEqual(terminal.result(), ["key cancelled 99"])
                self.assertEqual(terminal.mode(), terminal.before)
                self.assertEqual(terminal.settle(), b"\r\n")

    def test_cancelled_with_the_key_that_this_terminal_interrupts_with(self):
        def prepare(descriptor):
            mode = termios.tcgetattr(descriptor)
            mode[6][termios.VINTR] = b"\x18"
            termios.tcsetattr(descriptor, termios.TCSANOW, mode)

        with on_terminal("key", prepare=prepare) as terminal:
            terminal.expect("> ")
            terminal.type(b"\x18")
            self.assertEqual(terminal.result(), ["key cancelled 99"])

    def test_q_can_be_a_choice(self):
        with on_terminal("quit") as terminal:
            terminal.expect("[q] hjemmeside")
            terminal.type(b"q")
            self.assertEqual(terminal.result(), ["key ok 3"])

    def test_keys_of_several_bytes_are_no_choice_and_no_cancel(self):
        # Up in both spellings, F1, F5, Delete with Ctrl, Alt-p, a mouse click, F1 again: some end in
        # a letter that is a choice.
        for keys in (b"\x1b[A", b"\x1bOA", b"\x1bOP", b"\x1b[15~", b"\x1b[3;5~", b"\x1bp",
                     b"\x1b[<0;12;5M", b"\x1b[1;2P"):
            with self.subTest(keys), on_terminal("key") as terminal:
                terminal.expect(LINE)
                terminal.type(keys)
                terminal.expect(HINT)
                terminal.type(b"t")
                self.assertEqual(terminal.result(), ["key ok 0"])

    def test_typed_ahead_keys_answer_the_next_questions(self):
        with on_terminal("key", "key", "key") as terminal:
            terminal.expect("> ")
            terminal.type(b"tpm then the shell")
            self.assertEqual(terminal.result(), ["key ok 0", "key ok 1", "key ok 2"])
            self.assertEqual(terminal.waiting_input(), b" then the shell")
        with on_terminal("key", "key", typed_ahead=b"mt") as terminal:
            self.assertEqual(terminal.result(), ["key ok 2", "key ok 0"])

    def test_cancelling_drops_what_was_typed_ahead(self):
        with on_terminal("key") as terminal:
            terminal.expect("> ")
            terminal.type(b"qpm")
            self.assertEqual(terminal.result(), ["key cancelled 99"])
            self.assertEqual(terminal.waiting_input(), b"")

    def test_a_passphrase_is_never_answered_by_typed_ahead_keys(self):
        with on_terminal("key", "passphrase", 64) as terminal:
            terminal.expect("> ")
            terminal.type(b"tleft over\n")
            terminal.expect("Passphrase: ")
            terminal.type(b"meant\n")
            self.assertEqual(terminal.result(), ["key ok 0", passphrase_line("meant")])

    def test_in_latin_1(self):
        with on_terminal("key", env=danish_latin1()) as terminal:
            shown = terminal.expect("> ")
            self.assertEqual(shown, LINE.encode("latin-1"))
            terminal.type(b"p")
            self.assertEqual(terminal.result(), ["key ok 1"])
            self.assertEqual(terminal.settle(), "pårørende\r\n".encode("latin-1"))

    def test_in_ascii(self):
        with on_terminal("key", env={**os.environ, "LC_ALL": "C"}) as terminal:
            shown = terminal.expect("> ")
            self.assertTrue(shown.isascii(), shown)
            self.assertRegex(shown.decode(), r"\[p\]..?r..?rende  e-\[M\]ail")

    def test_confirm(self):
        for key, answer in ((b"j", "ok yes"), (b"J", "ok yes"), (b"n", "ok no"), (b"\n", "ok no"),
                            (b"\x1b", "cancelled no")):
            with self.subTest(key), on_terminal("confirm") as terminal:
                terminal.expect("Slet? [j] yes  [n]o (Enter)  > ")
                terminal.type(key)
                self.assertEqual(terminal.result(), ["confirm " + answer])


class Look(unittest.TestCase):
    def test_interactive(self):
        with on_terminal("interactive") as terminal:
            self.assertEqual(terminal.result(), ["interactive yes"])
        with on_terminal("interactive", stdin=b"") as terminal:
            self.assertEqual(terminal.result(), ["interactive no"])

    def test_not_interactive_on_a_terminal_that_is_not_the_controlling_one(self):
        _master, slave = os.openpty()
        done = subprocess.run([driver, "interactive"], stdin=slave, capture_output=True, text=True,
                              start_new_session=True, check=True)
        os.close(slave)
        os.close(_master)
        self.assertEqual(done.stdout, "interactive no\n")

    def test_colour(self):
        plain = {name: value for name, value in os.environ.items() if name not in ("TERM", "NO_COLOR")}
        for more, answer in (({"TERM": "xterm"}, "yes"), ({"TERM": "dumb"}, "no"), ({}, "no"),
                             ({"TERM": ""}, "no"), ({"TERM": "xterm", "NO_COLOR": "1"}, "no"),
                             ({"TERM": "xterm", "NO_COLOR": ""}, "yes")):
            with self.subTest(more), on_terminal("colour", 2, "colour", 1, env={**plain, **more}) as terminal:
                self.assertEqual(terminal.result(), ["colour " + answer, "colour no"])

    def test_width(self):
        with on_terminal("width", 2, "width", 1, columns=123) as terminal:
            self.assertEqual(terminal.result(), ["width 123", "width 80"])
        with on_terminal("width", 2) as terminal:
            self.assertEqual(terminal.result(), ["width 80"])


if __name__ == "__main__":
    unittest.main()
