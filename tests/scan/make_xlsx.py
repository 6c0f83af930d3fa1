#!/usr/bin/python3
"""Writes the workbooks of tests/scan: small ones that spreadsheet programs would write alike.

    tests/scan/make_xlsx.py [FOLDER]     (default: the folder of this script)
"""

import sys
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
DATE, CPR = 1, 2  # styles

STYLES = (f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" '
          'formatCode="000000\\-0000"/></numFmts><cellXfs count="3"><xf numFmtId="0"/>'
          '<xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>')


def letters(column):
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


class Strings:
    def __init__(self):
        self.numbers = {}

    def number(self, text):
        return self.numbers.setdefault(text, len(self.numbers))

    def xml(self):
        items = "".join(f"<si><t>{escape(text)}</t></si>" for text in self.numbers)
        return f'<sst xmlns="{MAIN}">{items}</sst>'


def cell(reference, value, strings):
    style = ""
    if isinstance(value, tuple):
        value, number = value
        style = f' s="{number}"'
    if isinstance(value, str):
        return f'<c r="{reference}" t="s"><v>{strings.number(value)}</v></c>'
    return f'<c r="{reference}"{style}><v>{value}</v></c>'


def sheet(rows, strings, more=""):
    width = max(len(row) for row in rows)
    body = ""
    for number, row in enumerate(rows, 1):
        cells = "".join(cell(f"{letters(column)}{number}", value, strings)
                        for column, value in enumerate(row, 1) if value is not None)
        body += f'<row r="{number}">{cells}</row>'
    return (f'<worksheet xmlns="{MAIN}"><dimension ref="A1:{letters(width)}{len(rows)}"/>'
            f"<sheetData>{body}</sheetData>{more}</worksheet>")


def workbook(path, sheets, creator="", extra=None, hidden=()):
    """`sheets` maps names to rows."""
    strings = Strings()
    parts = {"docProps/core.xml": '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package'
             '/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>'
             f"{escape(creator)}</dc:creator></cp:coreProperties>",
             "xl/styles.xml": STYLES}
    listed = relations = ""
    for number, (name, rows) in enumerate(sheets.items(), 1):
        state = ' state="hidden"' if name in hidden else ""
        listed += f'<sheet name={quoteattr(name)} sheetId="{number}"{state} r:id="rId{number}"/>'
        relations += (f'<Relationship Id="rId{number}" Type="{RELATIONS}/worksheet" '
                      f'Target="worksheets/sheet{number}.xml"/>')
        parts[f"xl/worksheets/sheet{number}.xml"] = sheet(rows, strings)
    parts["xl/workbook.xml"] = (f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}'
                                "</sheets></workbook>")
    parts["xl/_rels/workbook.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{relations}</Relationships>")
    parts["xl/sharedStrings.xml"] = strings.xml()
    parts |= extra or {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            data = text if isinstance(text, bytes) else (HEAD + text).encode()
            archive.writestr(entry, data)


def comment(text):
    return (f'<comments xmlns="{MAIN}"><authors><author>Kontoret</author></authors><commentList>'
            f'<comment ref="A1" authorId="0"><text>{text}</text></comment></commentList></comments>')


TABLE5 = [["Initial", "Antal samtaler", "Diagnoser", "Hjemkommune"],
          ["A.", 5, "ADHD, angst", "Randers"], ["C.", 2, "Depression", "Favrskov"],
          ["J.", 4, "ADHD", "Randers"], ["K.", 1, "Ingen kendte", "Norddjurs"],
          ["L.", 3, "Angst", "Randers"], ["M.", 5, "Autisme", "Syddjurs"],
          ["M.", 2, "ADHD", "Randers"], ["S.", 1, "PTSD", "Viborg"]]
COUNTS = [["Råd og vejledning"], [None], ["Kanal", 2015, 2016, 2017], ["Personlig", 31, 38, 40],
          ["Telefon", 29, 30, 33], ["I alt", 60, 68, 73]]


def personal(folder):
    workbook(folder / "table5.xlsx", {"Tabel 5": [["Tabel 5. Anonym rådgivning"], [None]] + TABLE5})
    workbook(folder / "hidden_sheet.xlsx", {"Antal": COUNTS, "Kladde": TABLE5}, hidden=("Kladde",))
    workbook(folder / "cpr_as_number.xlsx", {"Ark1": [
        ["Nummer", "Beløb"], [101900010, 100], [2705710018, 250], [1107610002, 300]]})
    workbook(folder / "cpr_formatted.xlsx", {"Ark1": [
        ["Nr", "Beløb"], [(101900010, CPR), 100], [(2705710018, CPR), 250]]})
    workbook(folder / "birthdays.xlsx", {"Ark1": [
        ["Fødselsdato", "Samtaler"], [(32874, DATE), 3], [(33001, DATE), 5], [(30001, DATE), 1]]})
    workbook(folder / "comment.xlsx", {"Antal": COUNTS}, extra={
        "xl/comments1.xml": comment("<r><t>Se 010190</t></r><r><rPr><b/></rPr><t>-0014</t></r>")})
    workbook(folder / "pivot_cache.xlsx", {"Antal": COUNTS}, extra={
        "xl/pivotCache/pivotCacheDefinition1.xml":
        f'<pivotCacheDefinition xmlns="{MAIN}"><cacheFields count="1"><cacheField name="Initialer">'
        '<sharedItems><s v="A."/><s v="K."/><s v="M."/></sharedItems></cacheField></cacheFields>'
        "</pivotCacheDefinition>"})


def plain(folder):
    workbook(folder / "report.xlsx", {"Rapport": COUNTS + [[None], [
        "Et forløb er en til fem samtaler med den samme bruger, pårørende eller fagperson."]],
        "Måneder": [["Måned", "Forløb", "Samtaler"]] + [
            [name, 5 + i, 9 + 2 * i] for i, name in enumerate(
                "januar februar marts april maj juni juli august september oktober november december".split())]})
    workbook(folder / "postal_codes.xlsx", {"Ark1": [
        ["Postnr", "By", "Dato", "Antal"], [8900, "Randers C", (43101, DATE), 12345678],
        [8920, "Randers NV", (43102, DATE), 23456789], [8960, "Randers SØ", (43103, DATE), 4]]})


def main(words):
    folder = Path(words[0]) if words else Path(__file__).resolve().parent
    for name, write in (("personal", personal), ("plain", plain)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        write(folder / name)


if __name__ == "__main__":
    main(sys.argv[1:])
