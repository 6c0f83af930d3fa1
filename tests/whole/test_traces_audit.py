"""tavs audit --traces finds what lies around a store and tells it by place; tavs log says once that the shell
keeps what was typed."""

import json
import os
import re
import shutil

from place import DONE, PROGRAM, REFUSED, ROOT, Place, PlaceTest
from terminal import Terminal

FOUND = 1
MONTH = "2014-05"
SAMPLES = ROOT / "tests/traces"
# What somebody might type; the name must never come out again.
TELLING = "tavs log phone relative # Mette\n"
SECRET = "Mette"

# What the machine that tests run on has to say: its file system, its swap space, its way with crashes.
OF_MACHINE = {"keeps-blocks", "layered", "volatile", "not-encrypted", "swap-not-encrypted", "core-handler",
              "file-system-unknown", "encryption-unknown", "swap-unknown", "encrypted", "swap-encrypted", "no-swap",
              "versioned", "folder-visible"}


class TracesTest(PlaceTest):
    def setUp(self):
        self.place = Place.for_test(self)
        self.place.init()
        self.home = self.place.folder / "home"
        self.store_folder = self.place.work

    def put(self, file, content="", mode=0o600):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        file.chmod(mode)
        return file

    def record(self, *words, **more):
        """The record, which tells nothing that was typed, and its entries that are about this place."""
        result = self.place.tavs("audit", "--traces", "--format", "json", *words, **more)
        self.assertNotIn(SECRET, result.out + result.err)
        record = json.loads(result.out)
        traces = record["traces"]
        self.assertEqual(FOUND if traces["totals"]["trace"] else DONE, result.status, result.err)
        self.assertEqual("failed" if traces["totals"]["trace"] else "passed", record["verdict"])
        for severity, total in traces["totals"].items():
            self.assertEqual(total, sum(entry["severity"] == severity for entry in traces["entries"]))
        return record, [entry for entry in traces["entries"] if entry["code"] not in OF_MACHINE
                        and (entry["file"] or "").startswith(str(self.place.folder))]

    def found(self, **more):
        """(code, file, line) of all that is to be mended, worth knowing or could not be told."""
        return {(entry["code"], entry["file"].removeprefix(f"{self.place.folder}/"), entry["line"])
                for entry in self.record(**more)[1] if entry["severity"] != "clear"}


class Nothing(TracesTest):
    def test_after_ordinary_life(self):
        self.place.done("log", "--month", MONTH, "phone", "relative", "2")
        self.place.done("retract", "--month", MONTH, "phone", "relative", "2")
        self.place.done("show", MONTH, self.place.key)
        self.place.done("export", "2014", "--exact", "--output", "figures.csv", self.place.key)
        self.place.done("report", "2014", "--exact", "--output", "report.txt", self.place.key)
        (self.place.folder / "safe").mkdir()
        self.place.done("backup", self.place.folder / "safe/backup.mdb")
        self.place.done("audit", "--wash")
        self.assertEqual(set(), self.found())

    def test_false_friends(self):
        lines = ["tavs log", "tavs login web", "echo tavs logbook", "git log", "git log phone", "tavs log --help",
                 "tavs log --month 2014-05", "tavs show 2014", "tavs log >/dev/null 2>&1", "tavs help log",
                 "tavs audit --traces", "grep 'tavs log' .bash_history", "tavs --lang da log", "tavs log; echo phone"]
        for name in (".bash_history", ".zsh_history", ".viminfo", ".local/share/fish/fish_history"):
            text = "".join(f"- cmd: {line}\n  when: 1700000000\n" if "fish" in name else f"{line}\n" for line in lines)
            self.put(self.home / name, text)
        self.assertEqual(set(), self.found())

    def test_says_what_it_looked_at(self):
        self.put(self.home / ".bash_history", "ls\n")
        codes = {(entry["code"], entry["file"]) for entry in self.record()[1]}
        self.assertLessEqual({("file-clear", f"{self.home}/.bash_history"),
                              ("folder-clear", str(self.store_folder)),
                              ("folder-clear", self.place.env["TMPDIR"])}, codes)
        (self.home / ".bash_history").unlink()
        self.assertIn(("no-history", str(self.home)),
                      {(entry["code"], entry["file"]) for entry in self.record()[1]})

    def test_changes_nothing(self):
        self.put(self.home / ".bash_history", TELLING)
        self.put(self.store_folder / "tavs.mdb.bak", "x")
        before = self.place.tree()
        self.record()
        self.assertEqual(before, self.place.tree())

    def test_without_the_option(self):
        self.put(self.home / ".bash_history", TELLING)
        self.assertIsNone(json.loads(self.place.done("audit", "--format", "json"))["traces"])
        self.assertNotIn("bash_history", self.place.done("audit"))

    def test_no_store(self):
        self.place.store.unlink()
        self.assert_refused(self.place, REFUSED, "there is no store at ", "audit", "--traces")


class CommandLines(TracesTest):
    def test_what_shells_wrote(self):
        """Histories as the shells themselves wrote them; tests/unit/test_traces.c has the same."""
        samples = {"bash_history": (".bash_history", "history", (1, 3, 4, 5, 8, 9)),
                   "bash_history_timed": (".bash_history", "history-timed", (2, 6, 8, 10, 16, 18)),
                   "zsh_history": (".zsh_history", "history", (1, 3, 4, 6, 11, 12)),
                   "zsh_history_extended": (".histfile", "history-timed", (1, 3, 4, 6, 11, 12)),
                   "fish_history": (".local/share/fish/fish_history", "history-timed", (1, 5, 7, 9, 15, 17))}
        for sample, (name, code, lines) in samples.items():
            with self.subTest(sample):
                file = self.put(self.home / name, (SAMPLES / sample).read_bytes())
                self.assertEqual({(code, f"home/{name}", line) for line in lines}, self.found())
                file.unlink()

    def test_what_bash_writes_now(self):
        env = self.place.env | {"HISTFILE": str(self.home / "kept"), "PS1": "$ ", "TERM": "dumb",
                                "PATH": f"{os.path.dirname(PROGRAM)}:{os.environ['PATH']}", "HISTTIMEFORMAT": "%F "}
        with Terminal(["bash", "--norc", "-i"], env=env, output="terminal") as terminal:
            for line in (f"tavs --store {self.place.store} log --month {MONTH} phone relative 2 # {SECRET}",
                         "true tavs log", "exit"):
                terminal.expect("$ ")
                terminal.type(line.encode() + b"\n")
            self.assertEqual("exited 0", terminal.fate())
        kept = (self.home / "kept").read_text().splitlines()
        [line] = [number for number, text in enumerate(kept, 1) if SECRET in text]
        self.assertEqual({("history-timed", "home/kept", line)},
                         self.found(env={"HISTFILE": str(self.home / "kept")}))

    def test_options_of_log_are_known(self):
        """An option's value is no word: the two tables of options agree."""
        options = re.findall(r"(?m)^  -(\w), --([\w-]+)( \S+)? ", self.place.done("help", "log"))
        self.assertIn(("m", "month", " YYYY-MM"), options)
        for letter, name, value in options:
            for form in (f"--{name} value", f"-{letter} value") if value else (f"--{name}", f"-{letter}"):
                with self.subTest(form):
                    file = self.put(self.home / ".bash_history", f"tavs log {form}\ntavs {form} log\n")
                    self.assertEqual(set(), self.found())
                    self.put(file, f"tavs log {form} phone\ntavs {form} log phone\n")
                    self.assertEqual({("history", "home/.bash_history", line) for line in (1, 2)}, self.found())

    def test_editors(self):
        for name in (".viminfo", ".lesshst", ".nano_history", ".local/state/nvim/shada/main.shada", "typescript"):
            with self.subTest(name):
                file = self.put(self.home / name, "x\n:!" + TELLING)
                self.assertEqual({("leftover", f"home/{name}", 2)}, self.found())
                file.unlink()
        self.put(self.home / ".viminfo", f"> {self.place.store}\n")
        self.assertEqual({("opened", "home/.viminfo", None)}, self.found())


class Copies(TracesTest):
    def assert_only(self, code, file):
        self.assertEqual({(code, str(file.relative_to(self.place.folder)), None)}, self.found())
        file.unlink()

    def test_of_the_store(self):
        trash = self.place.folder / "data/Trash/files"
        for file in (self.store_folder / "tavs.mdb.bak", self.store_folder / "tavs.mdb~",
                     self.store_folder / "old/copy",
                     self.place.folder / "tmp/x.mdb", trash / "tavs.mdb"):
            with self.subTest(file):
                file.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(self.place.store, file)
                self.assert_only("copy", file)

    def test_backup_beside_the_store(self):
        self.place.done("backup", self.store_folder / "backup.mdb")
        self.assert_only("copy", self.store_folder / "backup.mdb")

    def test_older_copy_and_archive(self):
        old = self.place.store.read_bytes()
        self.place.done("log", "--month", MONTH, "phone", "relative", "2")
        self.assert_only("copy", self.put(self.store_folder / "older", old))
        self.assert_only("fragment", self.put(self.store_folder / "all.tar", b"x" * 700 + old))
        self.assert_only("fragment", self.put(self.store_folder / ".tavs.mdb.swp", b"b0VIM 9.0\0" + old))

    def test_another_store_is_none(self):
        self.place.done("--store", self.store_folder / "tavs.mdb2", "init", "--kdf", "interactive", self.place.key)
        self.assertEqual(set(), self.found())

    def test_names(self):
        for name, code in (("tavs.mdb.gz", "named-after"), ("#tavs.mdb#", "named-after"),
                           ("tavs.mdb-lock", "lock-file"),
                           (".tavs.mdb.a1b2c3", "named-after"), (".report.html.a1b2c3", "temporary"),
                           (".nfs00000000012ab34c", "deleted"), ("passphrase", "passphrase-beside")):
            with self.subTest(name):
                self.assert_only(code, self.put(self.store_folder / name, "x"))

    def test_memory_images(self):
        image = bytearray(8192)
        image[:8], image[16] = b"\177ELF\2\1\1\0", 4
        self.assert_only("core-other", self.put(self.store_folder / "core.1", bytes(image)))
        image[1000:1006] = b"\0tavs\0"
        for folder in (self.store_folder, self.home, self.place.folder / "tmp"):
            self.assert_only("core", self.put(folder / "core", bytes(image)))

    def test_device_key(self):
        key = self.place.device_file()
        self.assert_only("device-copy", self.put(key.parent / "old", key.read_bytes()))
        self.assert_only("device-copy", self.put(self.store_folder / "key", key.read_bytes()))

    def test_hard_link(self):
        os.link(self.place.store, self.place.folder / "second")
        self.assertEqual({("hard-link", "work/tavs.mdb", None)}, self.found())

    def test_snapshot_and_synchronised_folder(self):
        snapshot = self.place.folder / ".snapshots/1/snapshot/work/tavs.mdb"
        self.assert_only("snapshot", self.put(snapshot, "older"))
        self.put(self.place.folder / ".stfolder")
        self.assertEqual({("synced", str(self.place.folder), None)}, self.found())


class Modes(TracesTest):
    def test_each(self):
        key = self.place.device_file()
        for path, mode, right, code in ((self.place.store, 0o640, 0o600, "store-mode"),
                                        (self.store_folder, 0o707, 0o755, "folder-writable"),
                                        (key, 0o604, 0o600, "device-mode"),
                                        (key.parent, 0o722, 0o700, "device-mode")):
            with self.subTest(path):
                path.chmod(mode)
                self.assertEqual({(code, str(path.relative_to(self.place.folder)), None)}, self.found())
                path.chmod(right)
                self.assertEqual(set(), self.found())


class Said(TracesTest):
    """The text for people, and the record that is filed."""

    def test_text(self):
        self.put(self.home / ".bash_history", "".join(f"#{n}\n{TELLING}ls\n" for n in range(30)))
        self.put(self.store_folder / "tavs.mdb.gz", "x")
        self.put(self.store_folder / ".nfs00000000012ab34c", "x")
        result = self.place.tavs("audit", "--traces")
        self.assertEqual(FOUND, result.status)
        self.assertNotIn(SECRET, result.out + result.err)
        parts = {part.splitlines()[0]: " ".join(part.split()) for part in result.out.split("\n\n")}
        traces = parts["Traces outside the store, to be mended"]
        self.assertIn(f"{self.home}/.bash_history, lines 2, 5, 8, 11,", traces)
        self.assertIn("and 10 more: a command line that tells of a contact, and beside it when it was typed hint: "
                      "close all shells", traces)
        self.assertEqual(1, traces.count("hint: close all shells"))
        self.assertIn(f"{self.store_folder}/tavs.mdb.gz: by its name a backup", traces)
        self.assertIn(".nfs00000000012ab34c", parts["Worth knowing about what lies around it"])
        self.assertIn("Looked at, and nothing is wrong", parts)
        self.assertEqual([], [line for line in result.out.splitlines()
                              if len(line) > 78 and " " in line.strip() and str(self.place.folder) not in line])
        self.assertRegex(result.out.splitlines()[-1], "^Failed")

    def test_verdict_needs_both(self):
        """A sound file and a trace; a damaged file and none; both are said."""
        with self.place.store.open("r+b") as file:
            file.seek(-100, os.SEEK_END)
            file.write(b"something")
        record = json.loads(self.place.tavs("audit", "--traces", "--format", "json").out)
        self.assertEqual(("failed", 0), (record["verdict"], record["traces"]["totals"]["trace"]))
        self.put(self.home / ".bash_history", TELLING)
        record = json.loads(self.place.tavs("audit", "--traces", "--format", "json").out)
        self.assertEqual(("failed", 1), (record["verdict"], record["traces"]["totals"]["trace"]))

    def test_file_that_is_no_store(self):
        self.place.store.write_bytes(b"no store at all")
        self.put(self.store_folder / "tavs.mdb.bak", "x")
        record = json.loads(self.place.tavs("audit", "--traces", "--format", "json").out)
        self.assertIsNone(record["fingerprint"])
        self.assertIn("named-after", [entry["code"] for entry in record["traces"]["entries"]])

    def test_with_everything_else(self):
        self.put(self.home / ".bash_history", TELLING)
        result = self.place.tavs("audit", "--wash", "--full", "--traces", self.place.key, "--format", "json",
                                 "--output", "record.json")
        self.assertEqual((FOUND, ""), (result.status, result.out))
        record = json.loads((self.place.work / "record.json").read_text())
        self.assertEqual((True, True, 1), (record["wash"]["done"], record["full"]["done"],
                                           record["traces"]["totals"]["trace"]))

    def test_every_code_is_explained(self):
        documented = set(re.findall(r"`([a-z-]+)`", (ROOT / "docs/audit.md").read_text()))
        source = (ROOT / "src/traces/text.c").read_text()
        codes = re.findall(r'\{"([a-z-]+)",\s*TRACES_', source)
        self.assertGreater(len(codes), 40)
        self.assertEqual(set(), set(codes) - documented)


class Hint(TracesTest):
    """tavs log with words, typed at a shell that keeps it, says so once."""

    HINT = "hint: your shell keeps this line in its history"

    def at_shell(self, lines, shell=("bash", "--norc", "-i"), **env):
        """What the terminal shows until the shell ends; a line may be (line, question, keys)."""
        full = self.place.env | {"PS1": "ready> ", "TERM": "dumb", "TAVS_STORE": str(self.place.store),
                                 "PATH": f"{os.path.dirname(PROGRAM)}:{os.environ['PATH']}"} | env
        shown = b""
        with Terminal(list(shell), env={name: value for name, value in full.items() if value is not None},
                      output="terminal") as terminal:
            for line in lines:
                line, question, keys = line if isinstance(line, tuple) else (line, None, None)
                shown += terminal.expect("ready> ")
                terminal.type(line.encode() + b"\n")
                if question:
                    shown += terminal.expect(question)
                    terminal.type(keys)
            shown += terminal.expect("ready> ")
            terminal.type(b"exit\n")
            terminal.fate()
            shown += terminal.settle(0.05)
        return shown.decode().replace("\r\n", "\n")

    def log(self, *words):
        return " ".join(("tavs", "log", "--month", MONTH, *words))

    def test_once_in_a_login(self):
        shown = self.at_shell([self.log("phone", "user"), self.log("web", "user")])
        self.assertEqual(1, shown.count(self.HINT))
        self.assertLess(shown.index("Counted: phone"), shown.index(self.HINT))
        self.assertLess(shown.index(self.HINT), shown.index("Counted: web"))
        self.assertNotIn(self.HINT, self.at_shell([self.log("mail", "user"), "tavs retract mail user"]))
        self.assertEqual(1, self.at_shell([self.log("phone", "user")],
                                          XDG_RUNTIME_DIR=str(self.place.folder / "tmp")).count(self.HINT))
        self.assertIn(self.HINT, self.at_shell([f"tavs retract --month {MONTH} phone user"],
                                               XDG_RUNTIME_DIR=str(self.home)))

    def test_leaves_nothing_but_an_empty_file_in_memory(self):
        before = self.place.names()
        self.at_shell([self.log("phone", "user")], HISTFILE=str(self.place.folder / "tmp/history"))
        self.assertEqual({"run/tavs-hint-given", "tmp/history"}, self.place.names() - before)
        self.assertEqual(0, (self.place.folder / "run/tavs-hint-given").stat().st_size)

    def test_without_a_place_to_remember(self):
        self.assertEqual(2, self.at_shell([self.log("phone", "user")] * 2, XDG_RUNTIME_DIR=None).count(self.HINT))

    def test_not_said(self):
        """Where there are no words, no person, no shell that keeps them, or where it knows better."""
        script = self.put(self.place.folder / "script", f"{self.log('phone', 'user')}\n")
        line = self.log("phone", "user")
        for lines, env in (([line + " --quiet"], {}),
                           ([line + " 2>/dev/null"], {}),
                           ([line + " 2>&1 | cat"], {}),
                           ([f"bash {script}"], {}),
                           ([f"python3 -c 'import os; os.system(\"{line}\")'"], {}),
                           (["tavs show --help", "tavs log --help"], {}),
                           ([line], {"HISTCONTROL": "ignorespace"}),
                           ([line], {"HISTCONTROL": "erasedups:ignoreboth"}),
                           ([line], {"HISTFILE": ""}),
                           ([line], {"HISTFILE": "/dev/null"})):
            with self.subTest(lines=lines, env=env):
                self.assertNotIn(self.HINT, self.at_shell(lines, XDG_RUNTIME_DIR=None, **env))
        self.assertIn(self.HINT, self.at_shell([line], XDG_RUNTIME_DIR=None, HISTCONTROL="ignoredups"))
        self.assertIn(self.HINT, self.at_shell(["tavs log phone nobody"], XDG_RUNTIME_DIR=None))  # kept as well

    def test_dash_keeps_nothing(self):
        for shell in ("dash", "sh"):
            if os.path.basename(os.path.realpath(shutil.which(shell))) == "dash":
                self.assertNotIn(self.HINT,
                                 self.at_shell([self.log("phone", "user")], (shell, "-i"), XDG_RUNTIME_DIR=None))

    def test_asked_for_keys(self):
        shown = self.at_shell([("tavs log", "Channel:", b"pu1")], XDG_RUNTIME_DIR=None)
        self.assertIn("Counted: phone, user", shown)
        self.assertNotIn(self.HINT, shown)
