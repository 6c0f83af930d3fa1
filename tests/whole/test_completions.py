"""What bash, zsh and fish complete is what the program takes: commands, options, their values, words."""

import os
import pty
import select
import shutil
import subprocess
import time
import unittest
from pathlib import Path

from place import PROGRAM, ROOT, WRONG_USE, Place, PlaceTest, without_sanitizer
from test_help import Help

FOLDER = ROOT / "completions"
FORMATS = ("text", "markdown", "html", "xlsx", "json", "csv", "pdf")
WORDS = {"en": (["in-person", "phone", "mail", "web"], ["user", "relative", "professional"]),
         "da": (["personlig", "telefon", "mail", "hjemmeside"], ["bruger", "pårørende", "fagperson"])}
SESSIONS = list("12345")
PATIENCE = 20  # seconds until a shell must have answered

BASH = r"""
source "$1"
while IFS= read -r line; do
    read -ra COMP_WORDS <<<"${line//=/ = }"
    [[ $line == *" " ]] && COMP_WORDS+=("")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _tavs tavs "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    echo "${COMPREPLY[*]}"
done
"""

FISH = """
source $argv[1]
while read -l line
    echo (complete -C $line | string split -f 1 \\t)
end
"""

# Writes the line down as it stands, and empties it.
ZSH = """
fpath=("$FOLDER" $fpath); autoload -Uz compinit; compinit -u -D; PS1='$ '; unsetopt beep
show() { print -r -- "$BUFFER" >>"$OUT"; zle kill-buffer }; zle -N show; bindkey '^G' show; print ready >>"$OUT"
"""


@without_sanitizer
class Completions(PlaceTest):
    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)
        cls.help = Help(cls.place)
        cls.env = cls.place.env | {"PATH": f"{Path(PROGRAM).parent}:{os.environ['PATH']}"}
        (cls.place.work / "table.csv").write_text("month\n")
        (cls.place.work / "folder").mkdir()

    def need(self, shell):
        if shutil.which(shell) is None:
            self.skipTest(f"{shell} is not installed")

    def run_shell(self, words, lines, **env):
        result = subprocess.run(words, input="".join(f"{line}\n" for line in lines), env=self.env | env, text=True,
                                cwd=self.place.work, capture_output=True, timeout=PATIENCE, check=False)
        complaints = [line for line in result.stderr.splitlines() if "setlocale" not in line]  # it may not be installed
        self.assertEqual((0, []), (result.returncode, complaints))
        answers = [line.split() for line in result.stdout.splitlines()]
        self.assertEqual(len(lines), len(answers))
        return dict(zip(lines, answers))

    def bash(self, lines, **env):
        self.need("bash")
        return self.run_shell(["bash", "--norc", "--noprofile", "-c", BASH, "bash", FOLDER / "tavs.bash"], lines, **env)

    def fish(self, lines, **env):
        self.need("fish")
        return self.run_shell(["fish", "--no-config", "-c", FISH, FOLDER / "tavs.fish"], lines, **env)

    def long_options(self, command):
        return {f"--{name}" for _letter, name, _value in self.help.options(command)}

    def accepted_formats(self, command, *words):
        return {name for name in FORMATS
                if "is not possible" not in self.place.tavs(command, *words, "--format", name).err}

    def check_all(self, ask):
        """What any shell must offer, as sets."""
        commands = self.help.commands
        lines = ["tavs ", "tavs help ", "tavs --", *(f"tavs {name} --" for name in commands)]
        answers = {line: set(words) for line, words in ask(lines).items()}
        self.assertEqual(set(commands), answers["tavs "])
        self.assertEqual(set(commands), answers["tavs help "])
        self.assertEqual(self.long_options(None), answers["tavs --"])
        for name in commands:
            self.assertEqual(self.long_options(name), answers[f"tavs {name} --"], name)

    def check_values(self, ask):
        formats = {"report": ["2017", "--exact"], "export": ["2017", "--exact"], "audit": [], "scan": ["table.csv"],
                   "release": ["list"], "check-release": ["table.csv"], "publish": ["2017", "-o", "."]}
        self.assertEqual(set(formats), {name for name in self.help.commands if "--format" in self.long_options(name)})
        lines = [f"tavs {name} --format " for name in formats]
        for name, words in ask(lines).items():
            command = name.split()[1]
            self.assertEqual(self.accepted_formats(command, *formats[command]), set(words))
        for line, expected in ask(["tavs --lang ", "tavs init --kdf ", "tavs show --by ", "tavs show --by month,ch",
                                   "tavs init --channels mail,p", "tavs report --format=m",
                                   "tavs show -l ", "tavs publish -f html,x", "tavs publish -o fol"]).items():
            words = {"tavs --lang ": ["da", "en"], "tavs init --kdf ": ["interactive", "moderate", "sensitive"],
                     "tavs show --by ": ["month", "channel", "party", "session"],
                     "tavs show --by month,ch": ["month,channel"], "tavs init --channels mail,p": ["mail,phone"],
                     "tavs report --format=m": ["markdown"], "tavs show -l ": ["da", "en"],
                     "tavs publish -f html,x": ["html,xlsx"], "tavs publish -o fol": ["folder"]}[line]
            self.assertEqual(set(words), {word.removeprefix("--format=").rstrip("/") for word in expected}, line)

    def check_words(self, ask):
        lines = ["tavs log ", "tavs log phone ", "tavs log -m 2026-01 phone ", "tavs --lang da retract p user ",
                 "tavs log phone user 2 ", "tavs key ", "tavs key add ", "tavs device re", "tavs -s x key rem",
                 "tavs scan tab", "tavs backup tab", "tavs log -n ", "tavs nothing ", "tavs export ",
                 "tavs audit -o tab", "tavs --store tab", "tavs release ", "tavs publish ", "tavs threshold ",
                 "tavs publish -A ", "tavs release scan tab"]
        channels, parties = WORDS["en"]
        expected = [channels, parties, parties, SESSIONS, [], ["list", "add", "change", "remove"], [], ["retire"],
                    ["remove"], ["table.csv"], ["table.csv"], [], [], [], ["table.csv"], ["table.csv"], ["list", "show"], [],
                    [], [], []]
        for line, words in zip(lines, expected):
            self.assertEqual(set(words), set(ask([line])[line]), line)
        danish = ask(["tavs log ", "tavs log t "], LC_ALL="da_DK.UTF-8")
        self.assertEqual([set(words) for words in WORDS["da"]], [set(words) for words in danish.values()])

    def test_bash(self):
        for check in (self.check_all, self.check_values, self.check_words):
            with self.subTest(check.__name__):
                check(self.bash)

    def test_fish(self):
        for check in (self.check_all, self.check_values, self.check_words):
            with self.subTest(check.__name__):
                check(self.fish)

    def test_words_are_taken(self):
        self.place.init()
        for channels, parties in WORDS.values():
            for channel in channels:
                self.place.done("log", channel, parties[0])
            for party in parties:
                self.place.done("log", channels[0], party, "2")

    # ---- at a prompt ----

    def typed(self, words, prepare, lines, out, **env):
        """What each line has become after Tab; the shell writes it to `out` at Ctrl-G."""
        process, terminal = pty.fork()
        if process == 0:
            os.chdir(self.place.work)
            os.execvpe(words[0], words, self.env | {"TERM": "dumb", "OUT": str(out), "FOLDER": str(FOLDER)} | env)
        self.addCleanup(os.waitpid, process, 0)
        self.addCleanup(os.close, terminal)
        os.write(terminal, prepare.encode())
        for number, line in enumerate(["", *lines], 1):
            if line:
                os.write(terminal, f"{line}\t\a".encode())
            until = time.monotonic() + PATIENCE
            while not out.exists() or len(out.read_text().splitlines()) < number:
                self.assertLess(time.monotonic(), until, line)
                if select.select([terminal], [], [], 0.02)[0]:
                    os.read(terminal, 1 << 16)
        os.write(terminal, b"\x04exit\n")
        answers = out.read_text().splitlines()[1:]
        out.unlink()
        return dict(zip(lines, answers))

    def test_zsh(self):
        self.need("zsh")
        lines = {"tavs rep": "tavs report ", "tavs help vers": "tavs help version ",
                 "tavs report 2017 --form": "tavs report 2017 --format=", "tavs report -f x": "tavs report -f xlsx ",
                 "tavs report --format=x": "tavs report --format=xlsx ",
                 "tavs export 2017 --exc": "tavs export 2017 --excel ",
                 "tavs --lang d": "tavs --lang da ", "tavs init --kdf mod": "tavs init --kdf moderate ",
                 "tavs show --by month,chan": "tavs show --by month,channel,",
                 "tavs init --channels mail,ph": "tavs init --channels mail,phone,",
                 "tavs log ph": "tavs log phone ",
                 "tavs log -m 2026-01 phone rel": "tavs log -m 2026-01 phone relative ",
                 "tavs log phone relative 2 ": "tavs log phone relative 2 ", "tavs key ch": "tavs key change ",
                 "tavs -s x device ret": "tavs -s x device retire ", "tavs scan tab": "tavs scan table.csv ",
                 "tavs audit -o tab": "tavs audit -o table.csv ", "tavs log -n tab": "tavs log -n tab",
                 "tavs publish 2017 -f html,x": "tavs publish 2017 -f html,xlsx,",
                 "tavs publish 2017 -o fol": "tavs publish 2017 -o folder/", "tavs release sh": "tavs release show "}
        out = self.place.folder / "lines"
        self.assertEqual(lines, self.typed(["zsh", "-f", "-i"], ZSH, lines, out))
        lines = {"tavs log tel": "tavs log telefon ", "tavs log t fag": "tavs log t fagperson "}
        self.assertEqual(lines, self.typed(["zsh", "-f", "-i"], ZSH, lines, out, LC_ALL="da_DK"))

    def test_zsh_lists_every_option(self):
        """With its description: the one thing there that is no single word."""
        self.need("zsh")
        lines = [f"tavs {name} --{option}" for name in self.help.commands
                 for _letter, option, value in self.help.options(name)
                 if value is None and not any(other != option and other.startswith(option)
                                              for _letter, other, _value in self.help.options(name))]
        lines = dict.fromkeys(line[:-1] for line in lines if not line.endswith(("--help", "--version")))
        answers = self.typed(["zsh", "-f", "-i"], ZSH, lines, self.place.folder / "lines")
        for line, answer in answers.items():
            self.assertRegex(answer, f"^{line}\\w ?$")

    def test_bash_at_a_prompt(self):
        self.need("bash")
        prepare = f"source '{FOLDER}/tavs.bash'; show() {{ echo \"$READLINE_LINE\" >>\"$OUT\"; READLINE_LINE=; }}\n" \
            "bind -x '\"\\C-g\": show'; echo ready >>\"$OUT\"\n"
        lines = {"tavs rep": "tavs report ", "tavs report --form": "tavs report --format ",
                 "tavs report --format=x": "tavs report --format=xlsx ", "tavs log ph": "tavs log phone ",
                 "tavs scan tab": "tavs scan table.csv "}
        self.assertEqual(lines, self.typed(["bash", "--norc", "--noprofile", "-i"], prepare, lines,
                                           self.place.folder / "lines"))

    # ---- what was typed is no program ----

    # Each would make a file that must not be there: for sed, awk, eval, printf and patterns; with and without spaces.
    TRAPS = ("x//;1etouch${IFS}trap;#", "x/x/e;1etouch${IFS}trap;#", "$(touch${IFS}trap)", "`touch${IFS}trap`",
             "\"$(touch${IFS}trap)\"", "'$(touch${IFS}trap)'", ";touch${IFS}trap;", "key;touch${IFS}trap",
             "a[$(touch${IFS}trap)]", "(touch${IFS}trap)", "<(touch${IFS}trap)", "${x:=$(touch${IFS}trap)}", "%n*[(e:touch${IFS}trap:)]",
             "x|touch${IFS}trap", "{a,$(touch${IFS}trap)}", "~$(touch${IFS}trap)/a")
    AROUND = ("tavs {}", "tavs {} ", "tavs {} a", "tavs help {}", "tavs log {} ", "tavs log phone {}", "tavs scan {}",
              "tavs show --by {},ch", "tavs show --by {}", "tavs report --format {}", "tavs report --format={}",
              "tavs --store {} log ", "tavs --store {}", "tavs --{} ", "tavs log -{}", "tavs publish -f html,{}",
              "tavs audit -o {}", "tavs publish -o {}", "{}tavs lo", "./tavs {}")

    def plant(self):
        """What Tab must not run: a program of the folder, and names of files that are commands to a shell."""
        work = self.place.work
        for name in ("$(touch trap)", "`touch trap`.csv", "a;touch trap;.csv", "-e touch trap", "x\n$(touch trap)"):
            (work / name).write_text("")
            self.addCleanup((work / name).unlink)
        (work / "tavs").write_text("#!/bin/sh\n>trap\n")
        (work / "tavs").chmod(0o755)
        self.addCleanup((work / "tavs").unlink)
        return [shape.format(trap) for number, trap in enumerate(self.TRAPS) for place, shape in enumerate(self.AROUND)
                if shape == "tavs {} " or (number + place) % 7 == 0] + ["tavs scan ", "tavs -s ", "./tavs "]

    def find_trap(self):
        self.assertEqual([], [str(path) for path in self.place.work.rglob("trap*")])

    def test_bash_runs_nothing_that_was_typed(self):
        self.need("bash")
        lines = self.plant()
        script = BASH.replace("_tavs tavs ", '_tavs "${COMP_WORDS[0]}" ')
        result = subprocess.run(["bash", "--norc", "--noprofile", "-c", script, "bash", FOLDER / "tavs.bash"],
                                input="".join(f"{line}\n" for line in lines), env=self.env, text=True,
                                cwd=self.place.work, capture_output=True, timeout=6 * PATIENCE, check=False)
        self.assertEqual(0, result.returncode, result.stderr)
        self.find_trap()

    def test_fish_runs_nothing_that_was_typed(self):
        self.need("fish")
        lines = self.plant()
        result = subprocess.run(["fish", "--no-config", "-c", FISH, FOLDER / "tavs.fish"],
                                input="".join(f"{line}\n" for line in lines), env=self.env, text=True,
                                cwd=self.place.work, capture_output=True, timeout=6 * PATIENCE, check=False)
        self.assertEqual(0, result.returncode, result.stderr)
        self.find_trap()

    def test_prompts_run_nothing_that_was_typed(self):
        """Whatever the line becomes, and if it is not one that the shell completes at all."""
        lines = self.plant()
        lines = [line for number, line in enumerate(lines) if number % 3 == 0 and not line.startswith("./")] + lines[-3:]
        bash = f"source '{FOLDER}/tavs.bash'; show() {{ echo \"$READLINE_LINE\" >>\"$OUT\"; READLINE_LINE=; }}\n" \
            "bind -x '\"\\C-g\": show'; echo ready >>\"$OUT\"\n"
        for words, prepare in ((["bash", "--norc", "--noprofile", "-i"], bash), (["zsh", "-f", "-i"], ZSH)):
            with self.subTest(words[0]):
                self.need(words[0])
                self.typed(words, prepare, lines, self.place.folder / "lines")
                self.find_trap()

    # ---- the files ----

    def test_syntax(self):
        for shell, name, *words in (("bash", "tavs.bash", "-n"), ("zsh", "_tavs", "-n"), ("fish", "tavs.fish", "-n"),
                                    ("shellcheck", "tavs.bash", "-s", "bash")):
            with self.subTest(shell):
                self.need(shell)
                result = subprocess.run([shell, *words, FOLDER / name], capture_output=True, text=True, check=False)
                self.assertEqual((0, "", ""), (result.returncode, result.stdout, result.stderr))


if __name__ == "__main__":
    unittest.main()
