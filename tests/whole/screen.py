"""What a terminal shows: just enough of ECMA-48 and xterm for what the program and readline write."""

import re
import unicodedata

SEQUENCE = re.compile(rb"\x1b\[([?0-9;]*)([A-Za-z@])|\x1b[78=>]|\x1b\([A-Z0-9]")


class Screen:
    def __init__(self, rows=24, columns=80, charset="utf-8"):
        self.rows, self.columns, self.charset = rows, columns, charset
        self.usual, self.own = self._blank(), None  # the usual screen, and the one of a program
        self.row = self.column = 0
        self.scrolled = []  # lines that left the usual screen at its top, or the program's
        self.scrollback_erased = 0
        self.rest = b""

    def _blank(self):
        return [[" "] * self.columns for _ in range(self.rows)]

    @property
    def cells(self):
        return self.usual if self.own is None else self.own

    def lines(self):
        """What is to be seen, without what is empty at the end, but with what the cursor has passed."""
        lines = ["".join(row).rstrip() for row in self.cells]
        lines[self.row] = lines[self.row].ljust(self.column)
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def text(self):
        return "\n".join(self.lines())

    def feed(self, data):
        data = self.rest + data
        self.rest = b""
        at = 0
        while at < len(data):
            if data[at] == 0x1b:
                match = SEQUENCE.match(data, at)
                if not match:
                    if len(data) - at > 16:
                        raise AssertionError(f"an unknown sequence: {data[at:at + 16]!r}")
                    self.rest = data[at:]
                    return
                self._obey((match[1] or b"").decode(), (match[2] or b"").decode())
                at = match.end()
            elif data[at] < 0x20:
                self._control(data[at])
                at += 1
            else:
                end = next((i for i in range(at, len(data)) if data[i] < 0x20), len(data))
                try:
                    text = data[at:end].decode(self.charset)
                except UnicodeDecodeError as error:
                    if end < len(data) or end - at - error.start > 3:
                        raise
                    end = at + error.start
                    text = data[at:end].decode(self.charset)
                    self.rest = data[end:]
                    data = data[:end]
                for character in text:
                    self._put(character)
                at = end

    def _put(self, character):
        if unicodedata.combining(character):
            self.cells[self.row][max(0, self.column - 1)] += character
            return
        if self.column == self.columns:
            self.column = 0
            self._line_feed()
        self.cells[self.row][self.column] = character
        self.column += 1

    def _line_feed(self):
        if self.row < self.rows - 1:
            self.row += 1
            return
        self.scrolled.append("".join(self.cells.pop(0)).rstrip())
        self.cells.append([" "] * self.columns)

    def _control(self, byte):
        if byte == 0x0a:
            self._line_feed()
        elif byte == 0x0d:
            self.column = 0
        elif byte == 0x08:
            self.column = max(0, min(self.column, self.columns - 1) - 1)
        elif byte != 0x07:
            raise AssertionError(f"an unknown control character: {byte:#x}")

    def _obey(self, given, final):
        if given.startswith("?"):
            if given == "?1049":
                self.own = self._blank() if final == "h" else None
            return
        numbers = [int(number) if number else 0 for number in given.split(";")]
        count = max(1, numbers[0])
        row = self.cells[self.row] if final in "KPX@" else None
        if final == "H":
            self.row, self.column = count - 1, (numbers[1] if len(numbers) > 1 else 1) - 1
        elif final in "AB":
            self.row = max(0, min(self.rows - 1, self.row + (count if final == "B" else -count)))
        elif final in "CD":
            self.column = max(0, min(self.columns - 1, self.column + (count if final == "C" else -count)))
        elif final == "K":
            row[self.column:] = [" "] * (self.columns - self.column)
        elif final == "P":
            row[self.column:] = row[self.column + count:] + [" "] * count
            del row[self.columns:]
        elif final == "@":
            row[self.column:self.column] = [" "] * count
            del row[self.columns:]
        elif final == "J" and numbers[0] == 3:
            self.scrollback_erased += 1
            self.scrolled.clear()
        elif final == "J":
            first = 0 if numbers[0] == 2 else self.row + 1
            if numbers[0] == 0:
                self.cells[self.row][self.column:] = [" "] * (self.columns - self.column)
            for line in self.cells[first:]:
                line[:] = [" "] * self.columns
        elif final not in "mhl":
            raise AssertionError(f"an unknown sequence: {given!r} {final!r}")
