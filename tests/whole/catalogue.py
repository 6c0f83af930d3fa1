"""Catalogues of translations: what a .po file holds, and one in which every text carries a mark."""

import ast
import re
import subprocess
from typing import NamedTuple

BEGIN, END = "⟦", "⟧"
CONVERSION = re.compile(r"%(?:\d+\$)?[-+ #0]*[\d*]*(?:\.[\d*]+)?(?:hh|ll|[hljztL])?[diouxXcsn%]")


class Message(NamedTuple):
    comments: list
    text: str
    plural: str
    translations: list


def read(path):
    """All messages of a .po or .pot file, the head among them (its text is empty)."""
    for block in re.split(r"\n\s*\n", path.read_text()):
        comments = [line for line in block.splitlines() if line.startswith("#")]
        fields = re.findall(r'(?m)^(msg[\w\[\]]+) ((?:".*"\s*?\n?)+)', block)
        texts = {name: "".join(ast.literal_eval(line) for line in value.splitlines() if line.strip())
                 for name, value in fields}
        yield Message(comments, texts.get("msgid"), texts.get("msgid_plural"),
                      [value for name, value in texts.items() if name.startswith("msgstr")])


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def marked(text):
    """Each line, as it is, between marks: what is not marked in the program's output was not translated."""
    return "\n".join(re.sub(r"^(\s*)(.*?)(\s*)$", rf"\1{BEGIN}\2{END}\3", line) if line.strip() else line
                     for line in text.split("\n"))


def write_marked(template, path):
    """A catalogue whose translations are the marked texts, for tools/make_translations.c."""
    lines = ['msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
             '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n']
    for message in read(template):
        if message.text:
            form = "msgstr[0]" if message.plural else "msgstr"
            lines.append(f"msgid {quoted(message.text)}")
            if message.plural:
                lines.append(f"msgid_plural {quoted(message.plural)}")
            lines.append(f"{form} {quoted(marked(message.text))}")
            if message.plural:
                lines.append(f"msgstr[1] {quoted(marked(message.plural))}")
            lines.append("")
    subprocess.run(["msgfmt", "--check-format", "--endianness=little", "-o", path, "-"], input="\n".join(lines).encode(), check=True)
