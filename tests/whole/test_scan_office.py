"""tavs scan on office documents: wherever a CPR number can be in one it is found, and its harmless twin is clear."""

import io
import struct
import time
import unittest
import unittest.mock
import zipfile
import zlib
from xml.sax.saxutils import escape

from place import DONE, WRONG_USE, Place, PlaceTest

REFUSED_FILE = 1
SAYS = {"clear": (DONE, "nothing found"), "look": (DONE, "worth a look, but not refused"),
        "refuse": (REFUSED_FILE, "refused: personal data, must not leave the house as it is")}
CPR, HARMLESS = "070761-4285", "17 samtaler"
FIRST, LAST = "0707", "61-4285"

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="mc" xmlns:wps="wps" xmlns:r="r"'
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="' + OFFICE + '"'
SLIDE = 'xmlns:p="p" xmlns:a="a" xmlns:r="r"'
ODF = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
               for name in "office text table draw style meta dc svg fo form script".split())


def relations(*targets):
    """Of (id, kind, target)."""
    links = "".join(f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'
                    for name, kind, target in targets)
    return f'<Relationships xmlns="{RELATIONS}">{links}</Relationships>'


def archive(parts, **more):
    """Bytes of a zip archive; parts may be text or bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", more.get("method", zipfile.ZIP_DEFLATED)) as file:
        for name, content in parts.items():
            file.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)),
                          content if isinstance(content, bytes) else (HEAD + content).encode(),
                          more.get("method", zipfile.ZIP_DEFLATED))
        file.comment = more.get("comment", b"")
    return out.getvalue()


def docx(body="<w:p><w:r><w:t>Rapport</w:t></w:r></w:p>", main="word/document.xml", extra=None, **more):
    return archive({"_rels/.rels": relations(("a", "officeDocument", main)),
                    main: f"<w:document {WORD}><w:body>{body}</w:body></w:document>", **(extra or {})}, **more)


def xlsx(rows='<row r="1"><c r="A1"><v>7</v></c></row>', after="", book="", extra=None, **more):
    return archive({"_rels/.rels": relations(("a", "officeDocument", "xl/workbook.xml")),
                    "xl/workbook.xml": f'<workbook {SHEET}><sheets><sheet name="Ark1" sheetId="1" r:id="s1"/></sheets>'
                                       f"{book}</workbook>",
                    "xl/_rels/workbook.xml.rels": relations(("s1", "worksheet", "worksheets/sheet1.xml")),
                    "xl/worksheets/sheet1.xml": f"<worksheet {SHEET}><sheetData>{rows}</sheetData>{after}</worksheet>",
                    **(extra or {})}, **more)


def pptx(shapes="<a:p><a:r><a:t>Rapport</a:t></a:r></a:p>", extra=None, **more):
    return archive({"_rels/.rels": relations(("a", "officeDocument", "ppt/presentation.xml")),
                    "ppt/presentation.xml": f'<p:presentation {SLIDE}><p:sldSz cx="12192000" cy="6858000"/></p:presentation>',
                    "ppt/slides/slide1.xml": f"<p:sld {SLIDE}><p:txBody>{shapes}</p:txBody></p:sld>",
                    **(extra or {})}, **more)


def opendocument(kind, body, before="", extra=None, **more):
    content = (f"<office:document-content {ODF}>{before}<office:body><office:{kind}>{body}</office:{kind}>"
               "</office:body></office:document-content>")
    return archive({"mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(), "content.xml": content,
                    **(extra or {})}, **more)


def odt(body="<text:p>Rapport</text:p>", **more):
    return opendocument("text", body, **more)


def ods(rows="", table='table:name="Ark1"', **more):
    return opendocument("spreadsheet", f"<table:table {table}>{rows}</table:table>" + more.pop("after", ""), **more)


def cells(*texts):
    return "<table:table-row>" + "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        for text in texts) + "</table:table-row>"


def number(value, shown, kind="float", name="value"):
    return (f'<table:table-row><table:table-cell office:value-type="{kind}" office:{name}="{value}">'
            f"<text:p>{shown}</text:p></table:table-cell></table:table-row>")


def run(text, properties=""):
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def paragraph(*runs):
    return "<w:p>" + "".join(runs) + "</w:p>"


def core(**fields):
    told = "".join(f"<dc:{name}>{escape(value)}</dc:{name}>" for name, value in fields.items())
    return {"docProps/core.xml": f'<cp:coreProperties xmlns:cp="cp" xmlns:dc="dc">{told}</cp:coreProperties>'}


# Each takes a text, which is the CPR number or harmless, and puts it where its name says.
WORD_PLACES = {
    "paragraph": lambda text: docx(paragraph(run(text))),
    "main part of another name": lambda text: docx(paragraph(run(text)), main="x/y.xml"),
    "headers": lambda text: docx(extra={"word/header1.xml": f"<w:hdr {WORD}>{paragraph(run(text))}</w:hdr>"}),
    "footnotes": lambda text: docx(extra={"word/footnotes.xml": f"<w:f {WORD}>{paragraph(run(text))}</w:f>"}),
    "comments": lambda text: docx(extra={"word/comments.xml": f"<w:c {WORD}>{paragraph(run(text))}</w:c>"}),
    "hidden": lambda text: docx(paragraph(run(text, "<w:vanish/>"))),
    "text box": lambda text: docx(paragraph(f"<w:r><w:drawing><wps:txbx><w:txbxContent>{paragraph(run(text))}"
                                            "</w:txbxContent></wps:txbx></w:drawing></w:r>")),
    "fallback": lambda text: docx(paragraph(
        "<w:r><mc:AlternateContent><mc:Choice Requires='x'><w:drawing/></mc:Choice><mc:Fallback><w:pict>"
        f"<w:txbxContent>{paragraph(run(text))}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>")),
    "deleted": lambda text: docx(paragraph(f'<w:del w:author="x"><w:r><w:delText>{text}</w:delText></w:r></w:del>')),
    "inserted": lambda text: docx(paragraph(f'<w:ins w:author="x">{run(text)}</w:ins>')),
    "moved away": lambda text: docx(paragraph(f"<w:moveFrom>{run(text)}</w:moveFrom>")),
    "field": lambda text: docx(paragraph(
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r>"
        f"<w:r><w:instrText>QUOTE {text[:4]}</w:instrText></w:r><w:r><w:instrText>{text[4:]} </w:instrText></w:r>"
        "<w:r><w:fldChar w:fldCharType='end'/></w:r>")),
    "simple field": lambda text: docx(paragraph(f"<w:fldSimple w:instr='QUOTE \"{text}\"'/>")),
    "form field": lambda text: docx(paragraph(
        f"<w:r><w:fldChar><w:ffData><w:textInput><w:default w:val='{text}'/></w:textInput></w:ffData></w:fldChar></w:r>")),
    "list of choices": lambda text: docx(paragraph(
        f"<w:sdt><w:sdtPr><w:listItem w:displayText='x' w:value='{text}'/></w:sdtPr></w:sdt>")),
    "alias": lambda text: docx(paragraph(f"<w:sdt><w:sdtPr><w:alias w:val='{text}'/></w:sdtPr></w:sdt>")),
    "tag": lambda text: docx(paragraph(f"<w:sdt><w:sdtPr><w:tag w:val='{text}'/></w:sdtPr></w:sdt>")),
    "bookmark": lambda text: docx(paragraph(f"<w:bookmarkStart w:id='0' w:name='{text}'/>")),
    "custom XML": lambda text: docx(paragraph(f"<w:customXml w:element='x'><w:customXmlPr><w:attr w:name='x' "
                                              f"w:val='{text}'/></w:customXmlPr></w:customXml>")),
    "document variable": lambda text: docx(extra={
        "word/settings.xml": f"<w:settings {WORD}><w:docVars><w:docVar w:name='x' w:val='{text}'/></w:docVars></w:settings>"}),
    "custom property": lambda text: docx(extra={
        "docProps/custom.xml": f'<Properties xmlns:vt="vt"><property name="x"><vt:lpwstr>{text}</vt:lpwstr></property></Properties>'}),
    "bound data": lambda text: docx(extra={"customXml/item1.xml": f"<sag><nummer>{text}</nummer></sag>"}),
    "link": lambda text: docx(extra={
        "word/_rels/document.xml.rels": relations(("x", "hyperlink", f"mailto:x?subject={text}".replace(" ", "%20")))}),
    "page inside": lambda text: docx(extra={"word/afchunk.htm": f"<!DOCTYPE html><p>{text}<br>".encode()}),
    "text inside": lambda text: docx(extra={"word/afchunk.txt": text.encode()}),
    "description of a picture": lambda text: docx(paragraph(f"<w:r><w:drawing><docPr descr='{text}'/></w:drawing></w:r>")),
    "author": lambda text: docx(extra=core(creator=text)),
    "title": lambda text: docx(extra=core(title=text)),
    "part of any name": lambda text: docx(extra={"odd/thing.bin": HEAD.encode() + f"<x>{text}</x>".encode()}),
    "comment of XML": lambda text: docx(f"<!-- {text} -->"),
    "comment of the archive": lambda text: docx(comment=text.encode()),
    "name of an entry": lambda text: docx(extra={f"word/{text}.xml": "<x/>"}),
    "cell": lambda text: docx(f"<w:tbl><w:tr><w:tc>{paragraph(run('Nr'))}</w:tc><w:tc>{paragraph(run('Antal'))}</w:tc></w:tr>"
                              f"<w:tr><w:tc>{paragraph(run(text))}</w:tc><w:tc>{paragraph(run('7'))}</w:tc></w:tr></w:tbl>"),
}

# Where a number is parted by what is no text.
WORD_PARTED = {
    "runs": paragraph(run(FIRST), '<w:proofErr w:type="x"/>', run(LAST)),
    "comment reference": paragraph(run(FIRST), '<w:r><w:commentReference w:id="0"/></w:r>', run(LAST)),
    "no-break hyphen": paragraph("<w:r><w:t>070761</w:t><w:noBreakHyphen/><w:t>4285</w:t></w:r>"),
    "soft hyphen": paragraph("<w:r><w:t>0707</w:t><w:softHyphen/><w:t>61-4285</w:t></w:r>"),
    "deletion inside": paragraph(run("07"), "<w:del><w:r><w:delText>99</w:delText></w:r></w:del>", run("0761-4285")),
    "deletion joins": paragraph(run("070761"), "<w:del><w:r><w:delText>-4285</w:delText></w:r></w:del>"),
    "deleted paragraph mark": "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + run(FIRST) + "</w:p>" + paragraph(run(LAST)),
    "character data": paragraph("<w:r><w:t>0707<![CDATA[61-42]]>85</w:t></w:r>"),
    "text box between": paragraph(run(FIRST), f"<w:r><w:pict><w:txbxContent>{paragraph(run('x'))}</w:txbxContent></w:pict></w:r>",
                                  run(LAST)),
    "offset between": paragraph(run(FIRST), "<w:r><w:drawing><posOffset>22334455</posOffset></w:drawing></w:r>", run(LAST)),
}

SHEET_PLACES = {
    "filter": lambda text: xlsx(after=f'<autoFilter ref="A1:A2"><filterColumn colId="0"><filters><filter val="{text}"/>'
                                      "</filters></filterColumn></autoFilter>"),
    "custom filter": lambda text: xlsx(after=f'<autoFilter><customFilter operator="equal" val="{text}"/></autoFilter>'),
    "scenario": lambda text: xlsx(after=f'<scenarios><scenario name="x"><inputCells r="A1" val="{text}"/></scenario></scenarios>'),
    "protected range": lambda text: xlsx(after=f'<protectedRanges><protectedRange name="{text}" sqref="A1"/></protectedRanges>'),
    "validation": lambda text: xlsx(after=f'<dataValidations><dataValidation prompt="{text}"/></dataValidations>'),
    "list of a validation": lambda text: xlsx(
        after=f'<dataValidations><dataValidation><formula1>"{text},x"</formula1></dataValidation></dataValidations>'),
    "link": lambda text: xlsx(after=f'<hyperlinks><hyperlink ref="A1" display="{text}"/></hyperlinks>'),
    "page header": lambda text: xlsx(after=f"<headerFooter><oddHeader>&amp;L&amp;8{text}</oddHeader></headerFooter>"),
    "comment of a name": lambda text: xlsx(
        book=f'<definedNames><definedName name="x" comment="{text}">Ark1!$A$1</definedName></definedNames>'),
    "constant name": lambda text: xlsx(book=f'<definedNames><definedName name="x">"{text}"</definedName></definedNames>'),
    "sheet name": lambda text: xlsx(extra={
        "xl/workbook.xml": f'<workbook {SHEET}><sheets><sheet name="{text}" sheetId="1" r:id="s1"/></sheets></workbook>'}),
    "person": lambda text: xlsx(extra={"xl/persons/person.xml": f'<personList><person displayName="{text}" id="{{A}}"/></personList>'}),
    "slicer": lambda text: xlsx(extra={"xl/slicers/slicer1.xml": f'<slicers><slicer name="x" caption="{text}"/></slicers>'}),
    "connection": lambda text: xlsx(extra={
        "xl/connections.xml": f'<connections><connection name="x"><dbPr command="select {text}"/></connection></connections>'}),
    "format": lambda text: xlsx(extra={
        "xl/styles.xml": f'<styleSheet {SHEET}><numFmts><numFmt numFmtId="164" formatCode="&quot;{text}&quot;0"/></numFmts></styleSheet>'}),
    "string that no cell shows": lambda text: xlsx(extra={"xl/sharedStrings.xml": f"<sst {SHEET}><si><t>{text}</t></si></sst>"}),
    "how a string is said": lambda text: xlsx(extra={
        "xl/sharedStrings.xml": f"<sst {SHEET}><si><t>x</t><rPh><t>{text}</t></rPh></si></sst>"}),
    "other workbook": lambda text: xlsx(extra={
        "xl/externalLinks/externalLink1.xml": f'<externalLink><sheetData><row><cell r="A1"><v>{text}</v></cell></row></sheetData></externalLink>'}),
    "records of a pivot table": lambda text: xlsx(extra={
        "xl/pivotCache/pivotCacheRecords1.xml": f'<pivotCacheRecords><r><s v="{text}"/><n v="3"/></r></pivotCacheRecords>'}),
    "comment": lambda text: xlsx(extra={
        "xl/comments1.xml": f'<comments {SHEET}><commentList><comment ref="A1"><text><r><t>{text[:4]}</t></r><r><rPr><b/></rPr>'
                            f"<t>{text[4:]}</t></r></text></comment></commentList></comments>"}),
    "formula": lambda text: xlsx(f'<row r="1"><c r="A1" t="str"><f>IF(B1,"{text}","")</f><v>x</v></c></row>'),
    "text of a shape": lambda text: xlsx(extra={
        "xl/drawings/drawing1.xml": f'<d xmlns:a="a"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></d>'}),
    "label of a chart": lambda text: xlsx(extra={
        "xl/charts/chart1.xml": f'<c xmlns:c="c"><c:strCache><c:pt idx="0"><c:v>{text}</c:v></c:pt></c:strCache></c>'}),
    "sheet that nothing leads to": lambda text: xlsx(extra={
        "xl/any.xml": f'<worksheet {SHEET}><sheetData><row r="1"><c t="inlineStr"><is><t>{text}</t></is></c></row></sheetData></worksheet>'}),
}

SLIDE_PLACES = {
    "shape": lambda text: pptx(f"<a:p><a:r><a:t>{text[:4]}</a:t></a:r><a:r><a:t>{text[4:]}</a:t></a:r></a:p>"),
    "notes": lambda text: pptx(extra={
        "ppt/notesSlides/notesSlide1.xml": f"<p:notes {SLIDE}><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:notes>"}),
    "comment": lambda text: pptx(extra={"ppt/comments/comment1.xml": f"<p:cmLst {SLIDE}><p:cm><p:text>{text}</p:text></p:cm></p:cmLst>"}),
    "author of comments": lambda text: pptx(extra={
        "ppt/commentAuthors.xml": f'<p:cmAuthorLst {SLIDE}><p:cmAuthor name="{text}"/></p:cmAuthorLst>'}),
    "alternative text": lambda text: pptx(f'<p:cNvPr id="4" name="x" descr="{text}"/>'),
    "master": lambda text: pptx(extra={
        "ppt/slideMasters/slideMaster1.xml": f"<p:sldMaster {SLIDE}><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sldMaster>"}),
    "cell": lambda text: pptx("<a:tbl><a:tr><a:tc><a:p><a:r><a:t>Nr</a:t></a:r></a:p></a:tc></a:tr><a:tr><a:tc><a:p><a:r>"
                              f"<a:t>{text}</a:t></a:r></a:p></a:tc></a:tr></a:tbl>"),
}

TEXT_PLACES = {
    "paragraph": lambda text: odt(f"<text:p>{text}</text:p>"),
    "comment": lambda text: odt(f"<text:p>x<office:annotation><text:p>{text}</text:p></office:annotation></text:p>"),
    "note": lambda text: odt(f"<text:p>x<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>{text}</text:p>"
                             "</text:note-body></text:note></text:p>"),
    "hidden section": lambda text: odt(f'<text:section text:display="none"><text:p>{text}</text:p></text:section>'),
    "deleted": lambda text: odt(
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion><office:change-info><dc:creator>x</dc:creator>'
        f"</office:change-info><text:p>{text}</text:p></text:deletion></text:changed-region></text:tracked-changes><text:p>x</text:p>"),
    "text box": lambda text: odt(f"<text:p>x<draw:frame><draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame></text:p>"),
    "description of a picture": lambda text: odt(f"<text:p><draw:frame><svg:desc>{text}</svg:desc></draw:frame></text:p>"),
    "name of a frame": lambda text: odt(f'<text:p><draw:frame draw:name="{text}"/></text:p>'),
    "cell": lambda text: odt(f"<table:table>{cells('Nr', 'Antal')}{cells(text, '7')}</table:table>"),
    "page header": lambda text: odt(extra={"styles.xml": f"<office:document-styles {ODF}><style:header><text:p>{text}</text:p>"
                                                         "</style:header></office:document-styles>"}),
    "own field": lambda text: odt(extra={"meta.xml": f'<office:document-meta {ODF}><meta:user-defined meta:name="x">{text}'
                                                     "</meta:user-defined></office:document-meta>"}),
    "setting": lambda text: odt(extra={
        "settings.xml": f'<office:document-settings {ODF} xmlns:config="config"><config:config-item config:name="x" '
                        f'config:type="string">{text}</config:config-item></office:document-settings>'}),
    "field that is declared": lambda text: odt(f'<text:user-field-decls><text:user-field-decl office:string-value="{text}"/>'
                                               "</text:user-field-decls>"),
    "placeholder": lambda text: odt(f'<text:p><text:placeholder text:description="{text}">x</text:placeholder></text:p>'),
}

TEXT_PARTED = {
    "spans": "<text:p>0707<text:span>61-42</text:span>85</text:p>",
    "comment between": "<text:p>070761<office:annotation><dc:creator>x</dc:creator><dc:date>2026-01-01</dc:date><text:p>9</text:p>"
                       "</office:annotation>-4285</text:p>",
    "note's sign": "<text:p>070761<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>x</text:p>"
                   "</text:note-body></text:note>-4285</text:p>",
    "bookmark": "<text:p>0707<text:bookmark-start text:name='x'/>61-4285</text:p>",
    "frame between": "<text:p>0707<draw:frame><draw:text-box><text:p>x</text:p></draw:text-box></draw:frame>61-4285</text:p>",
    "spaces": "<text:p>070761<text:s/>4285 cpr</text:p>",
    "deleted there": '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion><text:p>61-42</text:p></text:deletion>'
                     '</text:changed-region></text:tracked-changes><text:p>0707<text:change text:change-id="c1"/>85</text:p>',
}

TABLE_PLACES = {
    "cell": lambda text: ods(cells(text, "7")),
    "hidden sheet": lambda text: ods(cells("x"), after=f'<table:table table:name="Ark2" table:style-name="skjult">{cells(text)}</table:table>'),
    "name of a sheet": lambda text: ods(cells("x"), table=f'table:name="{text}"'),
    "cell under a merged one": lambda text: ods(
        f"<table:table-row><table:table-cell/><table:covered-table-cell><text:p>{text}</text:p></table:covered-table-cell></table:table-row>"),
    "note": lambda text: ods(f"<table:table-row><table:table-cell><office:annotation><text:p>{text}</text:p></office:annotation>"
                             "<text:p>x</text:p></table:table-cell></table:table-row>"),
    "value behind the text": lambda text: ods(number(text, "x", "string", "string-value")),
    "text before the value": lambda text: ods(number("707614285", text)),
    "formula": lambda text: ods(f'<table:table-row><table:table-cell table:formula="of:=IF([.A1];&quot;{text}&quot;)"/></table:table-row>'),
    "validation": lambda text: ods(after=f'<table:content-validations><table:content-validation table:condition="&quot;{text}&quot;"/>'
                                         "</table:content-validations>"),
    "named expression": lambda text: ods(after=f'<table:named-expressions><table:named-expression table:expression="&quot;{text}&quot;"/>'
                                               "</table:named-expressions>"),
    "table of another file": lambda text: ods(cells("x"), after='<table:table table:name="x" table:style-name="ta_extref">'
                                                                f"{cells(text)}</table:table>"),
    "object inside": lambda text: ods(cells("x"), extra={
        "Object 1/content.xml": f"<office:document-content {ODF}><text:p>{text}</text:p></office:document-content>"}),
}


class OfficeTest(PlaceTest):
    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)

    def file(self, name, content):
        (self.place.work / name).write_bytes(content)
        return name

    def assert_is(self, verdict, name, content):
        self.file(name, content)
        result = self.place.tavs("scan", name)
        last = result.out.splitlines()[-1:] or [""]
        self.assertEqual((SAYS[verdict][0], f"{name}: {SAYS[verdict][1]}", ""), (result.status, last[0], result.err),
                         result.out)
        return result.out

    def assert_damaged(self, name, content):
        self.assert_refused(self.place, WRONG_USE, f"{name} is damaged, protected, or not what its name says$", "scan",
                            self.file(name, content))

    def assert_too_large(self, name, content):
        self.file(name, content)
        begin = time.monotonic()
        self.assert_refused(self.place, WRONG_USE, f"{name} is too large to be scanned$", "scan", name)
        self.assertLess(time.monotonic() - begin, 5)

    def check_places(self, name, places):
        for place, make in places.items():
            with self.subTest(place):
                out = self.assert_is("refuse", name, make(CPR))
                self.assertIn("CPR number", out)
                self.assertNotIn(LAST, out)
            with self.subTest(place, harmless=True):
                verdict = "look" if place == "text inside" else "clear"
                self.assert_is(verdict, name, make(HARMLESS))

    def check_parted(self, name, make, bodies):
        for place, body in bodies.items():
            with self.subTest(place):
                self.assertIn("CPR number", self.assert_is("refuse", name, make(body)))


class Places(OfficeTest):
    def test_docx(self):
        self.check_places("a.docx", WORD_PLACES)

    def test_docx_parted(self):
        self.check_parted("a.docx", docx, WORD_PARTED)

    def test_xlsx(self):
        self.check_places("a.xlsx", SHEET_PLACES)

    def test_pptx(self):
        self.check_places("a.pptx", SLIDE_PLACES)

    def test_odt(self):
        self.check_places("a.odt", TEXT_PLACES)

    def test_odt_parted(self):
        self.check_parted("a.odt", odt, TEXT_PARTED)

    def test_ods(self):
        self.check_places("a.ods", TABLE_PLACES)


CLEAN = {"docx": docx(), "xlsx": xlsx(), "pptx": pptx(), "odt": odt(), "ods": ods(cells("Kanal", "Antal") + cells("Telefon", "7"))}
PICTURE = b"\x89PNG\r\n\x1a\n\0\0"


def directory_of(content):
    """Where the directory of an archive begins."""
    return struct.unpack("<I", content[-6:-2])[0]


class Formats(OfficeTest):
    def test_clean_files_are_clear(self):
        for name, content in CLEAN.items():
            with self.subTest(name):
                self.assert_is("clear", f"clean.{name}", content)

    def test_content_decides_not_the_name(self):
        for ending in CLEAN:
            for content, make in (("docx", WORD_PLACES["paragraph"]), ("ods", TABLE_PLACES["cell"])):
                with self.subTest(ending, content=content):
                    self.assert_is("refuse", f"a.{ending}", make(CPR))
        self.file("nothing", TEXT_PLACES["note"](CPR))
        self.assertEqual(REFUSED_FILE, self.place.tavs("scan", "nothing").status)

    def test_record_says_what_it_was_read_as(self):
        for name, content in CLEAN.items():
            self.file("any.xlsx", content)
            self.assertIn(f'"format": "{name}"', self.place.tavs("scan", "-f", "json", "any.xlsx").out)

    def test_any_prefix_name_space_and_encoding(self):
        body = f"<w:document {WORD}><w:body>{paragraph(run(CPR))}</w:body></w:document>"
        strict = body.replace("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/x")
        declared = '<?xml version="1.0" encoding="UTF-16"?>' + body
        for name, text in (("prefix", body.replace("w:", "ns9:")), ("strict", strict),
                           ("UTF-16", body.encode("utf-16")), ("UTF-16LE", declared.encode("utf-16-le")),
                           ("UTF-16BE", declared.encode("utf-16-be")), ("UTF-8 with a mark", b"\xef\xbb\xbf" + body.encode()),
                           ("Latin-1", '<?xml version="1.0" encoding="ISO-8859-1"?>'.encode() + body.encode("latin-1"))):
            with self.subTest(name):
                self.assert_is("refuse", "a.docx", docx(extra={"word/document.xml": text}))

    def test_other_archives_are_not_read(self):
        for parts in ({"a.txt": "text"}, {"content.xml": f"<office:document-content {ODF}><office:body><office:drawing/>"
                                          "</office:body></office:document-content>"}, {"word/document.xml": "<html/>"}):
            for ending in CLEAN:
                self.assert_damaged(f"a.{ending}", archive(parts))


class Damage(OfficeTest):
    """What may hide something from one reader or another is no document."""

    def test_two_entries_of_one_name(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as file:
            for name, content in (("content.xml", "<a/>"), ("content.xml", "<b/>")):
                with unittest.mock.patch("warnings.warn"):
                    file.writestr(name, content)
        self.assert_damaged("a.odt", out.getvalue())

    def test_something_before_behind_and_twice(self):
        content = docx()
        self.assert_damaged("a.docx", b"\0" * 777 + content)
        self.assert_damaged("a.docx", content + b"\0" * 500)
        self.assert_damaged("a.docx", content + docx())

    def test_sizes_that_are_not_true(self):
        content = bytearray(docx(method=zipfile.ZIP_STORED))
        at = content.index(b"PK\1\2", directory_of(content)) + 24
        for size in (10, 100000):
            content[at:at + 4] = struct.pack("<I", size)
            self.assert_damaged("a.docx", bytes(content))

    def test_wrong_check_sum(self):
        content = docx(paragraph(run("Rapport")), method=zipfile.ZIP_STORED)
        self.assert_damaged("a.docx", content.replace(b"Rapport", b"Raqport"))

    def test_encrypted(self):
        content = bytearray(docx(method=zipfile.ZIP_STORED))
        for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
            at = content.index(mark) + place
            content[at] |= 1
        self.assert_damaged("a.docx", bytes(content))
        self.assert_damaged("a.odt", odt(extra={"content.xml": bytes(range(256))}))

    def test_method_that_is_not_read(self):
        """Which ones are depends on the library's version; of these two none is."""
        for method in (96, 99):  # JPEG, AES
            content = bytearray(docx(method=zipfile.ZIP_DEFLATED))
            for signature, place in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
                at = content.index(signature)
                struct.pack_into("<H", content, at + place, method)
            self.assert_damaged("a.docx", bytes(content))

    def test_cut(self):
        for name, content in CLEAN.items():
            for size in (4, 30, len(content) // 2, len(content) - 1):
                self.assert_damaged(f"a.{name}", content[:size])

    def test_entry_that_no_directory_lists(self):
        content = docx()
        hidden = archive({"word/other.xml": f"<x>{CPR}</x>"})
        hidden = hidden[:directory_of(hidden)]
        at = directory_of(content)
        moved = bytearray(content[:at] + hidden + content[at:])
        moved[-6:-2] = struct.pack("<I", at + len(hidden))
        self.assertIn("parts that were not looked at: 1", self.assert_is("look", "a.docx", bytes(moved)))

    def test_archive_as_it_is_written_to_a_pipe(self):
        class Pipe(io.RawIOBase):
            def __init__(self):
                super().__init__()
                self.content = b""

            def writable(self):
                return True

            def write(self, data):
                self.content += bytes(data)
                return len(data)

        pipe = Pipe()
        with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as file:
            with zipfile.ZipFile(io.BytesIO(docx())) as source:
                for name in source.namelist():
                    with file.open(name, "w", force_zip64=name.startswith("word")) as entry:
                        entry.write(source.read(name))
        self.assert_is("clear", "a.docx", pipe.content)

    def test_markup_that_no_document_has(self):
        doctype = f'<!DOCTYPE x [<!ENTITY e "{CPR}">]><w:document {WORD}><w:body><w:p>&e;</w:p></w:body></w:document>'
        self.assert_damaged("a.docx", docx(extra={"word/document.xml": doctype}))
        self.assert_damaged("a.docx", docx(extra={"word/header1.xml": doctype}))
        self.assert_damaged("a.docx", docx("<w:p>"))
        for encoding in ("UTF-7", "ISO-2022-JP", "UTF-32"):
            text = f'<?xml version="1.0" encoding="{encoding}"?><w:document/>'
            self.assert_damaged("a.docx", docx(extra={"word/document.xml": text.encode(encoding)}))

    def test_part_that_is_no_markup_is_read_as_a_page(self):
        part = {"xl/drawings/vmlDrawing1.vml": f"<xml><br><font>{FIRST}</font>{LAST}</xml>".encode()}
        self.assert_is("refuse", "a.xlsx", xlsx(extra=part))


class Bounds(OfficeTest):
    """What would take hours or all memory is refused at once."""

    def test_bombs(self):
        for size in (20 << 20, 300 << 20):
            packer = zlib.compressobj(9, zlib.DEFLATED, -15)
            data = packer.compress(b" " * (1 << 20))
            for _ in range(size // (1 << 20) - 1):
                data += packer.compress(b" " * (1 << 20))
            data += packer.flush()
            self.assert_too_large("a.docx", self.with_entry(b"word/x.xml", data, size))
            self.assert_damaged("a.docx", self.with_entry(b"word/x.xml", data, 1000))

    @staticmethod
    def with_entry(name, data, size):
        """A document with one more entry, of packed bytes and the size that it claims."""
        content = docx()
        at = directory_of(content)
        numbers = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x5c21, 0, len(data), size, len(name), 0)
        entry = b"PK\3\4" + numbers + name + data
        listed = b"PK\1\2" + struct.pack("<H", 20) + numbers + struct.pack("<HHHII", 0, 0, 0, 0, at) + name
        end = bytearray(content[-22:])
        count = struct.unpack("<H", end[10:12])[0] + 1
        end[8:20] = struct.pack("<HHII", count, count, len(content) - 22 - at + len(listed), at + len(entry))
        return content[:at] + entry + content[at:-22] + listed + bytes(end)

    def test_elements_in_each_other(self):
        self.assert_too_large("a.docx", docx("<w:x>" * 300 + "</w:x>" * 300))
        self.assert_is("clear", "a.docx", docx("<w:x>" * 200 + "</w:x>" * 200))
        tables = "<w:tbl><w:tr><w:tc>" * 60 + paragraph(run(CPR)) + "</w:tc></w:tr></w:tbl>" * 60
        self.assert_is("refuse", "a.docx", docx(tables))
        boxes = "<w:p><w:r><w:txbxContent>" * 60 + paragraph(run(CPR)) + "</w:txbxContent></w:r></w:p>" * 60
        self.assert_is("refuse", "a.docx", docx(boxes))

    def test_attributes_of_one_element(self):
        text = "<x " + " ".join(f'a{n}=""' for n in range(60000)) + "/>"
        for encoding in ("utf-8", "utf-16"):
            self.assert_too_large("a.docx", docx(extra={"word/x.xml": text.encode(encoding)}))

    def test_many_different_names(self):
        text = "<x>" + "".join(f"<y{n}/>" for n in range(500000)) + "</x>"
        self.assert_too_large("a.docx", docx(extra={"word/x.xml": text}))

    def test_many_changes_and_styles(self):
        """Each is looked for among all others."""
        regions = "".join(f'<text:changed-region text:id="c{n}"><text:deletion><text:p>ab{n}</text:p></text:deletion>'
                          "</text:changed-region>" for n in range(20000))
        places = "".join(f'<text:change text:change-id="c{n}"/>' for n in range(20000))
        spans = "".join(f'<text:p><text:span text:style-name="S{n}">a b</text:span></text:p>' for n in range(20000))
        styles = "".join(f'<style:style style:name="S{n}"><style:text-properties fo:text-transform="uppercase"/></style:style>'
                         for n in range(20000))
        begin = time.monotonic()
        self.assert_is("clear", "a.odt", odt(f"<text:tracked-changes>{regions}</text:tracked-changes><text:p>{places}</text:p>"))
        self.assert_is("clear", "a.odt", opendocument("text", spans, before=f"<s>{styles}</s>"))
        self.assertLess(time.monotonic() - begin, 20)

    def test_one_long_text(self):
        self.assert_too_large("a.docx", docx(paragraph(run("ab " * 4_000_000))))
        self.assert_is("clear", "a.docx", docx(paragraph(run("ab " * 400_000))))

    def test_many_entries(self):
        self.assert_too_large("a.docx", docx(extra={f"x/{n}": b"" for n in range(10_000)}))

    def test_repeated_cells(self):
        last = ('<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="1000"/>'
                "</table:table-row>")
        filled = last.replace("/></table:table-row>", f"><text:p>{CPR}</text:p></table:table-cell></table:table-row>")
        begin = time.monotonic()
        self.assert_is("clear", "a.ods", ods(cells("Kanal", "Antal") + cells("Telefon", "7") + last))
        self.assertLess(time.monotonic() - begin, 5)
        self.assert_is("refuse", "a.ods", ods(filled))
        self.assertLess(time.monotonic() - begin, 20)


class Unread(OfficeTest):
    """What can't be read is said by its kind."""

    def test_kinds(self):
        for name, content, said in (
                ("word/media/image1.png", PICTURE, "pictures"), ("docProps/thumbnail.jpeg", b"\xff\xd8\xff\xe0\0", "pictures"),
                ("word/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0", "embedded files"),
                ("word/embeddings/a.xlsx", b"PK\3\4\0", "embedded files"), ("word/vbaProject.bin", b"\xd0\xcf\x11\xe0", "macros"),
                ("word/fonts/font1.odttf", b"\0\1", "parts that"), ("word/media/image2.svg", b"<svg><path/></svg>", "pictures")):
            with self.subTest(name):
                self.assertIn(f"{said} were not looked at: 1", self.assert_is("look", "a.docx", docx(extra={name: content})))
        for name, content, said in (("Thumbnails/thumbnail.png", PICTURE, "pictures"), ("Pictures/1.png", PICTURE, "pictures"),
                                    ("Basic/Standard/Module1.xml", b"<m>Sub x</m>", "macros"),
                                    ("ObjectReplacements/Object 1", b"VCLMTF\0", "pictures")):
            with self.subTest(name):
                self.assertIn(f"{said} were not looked at: 1", self.assert_is("look", "a.odt", odt(extra={name: content})))

    def test_printer_settings_say_nothing(self):
        self.assert_is("clear", "a.xlsx", xlsx(extra={"xl/printerSettings/printerSettings1.bin": b"\0\1"}))

    def test_letter_of_a_symbol_font(self):
        box = '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>'
        self.assert_is("clear", "a.docx", docx(paragraph(run("Ja"), box)))
        digits = "".join(f'<w:r><w:sym w:font="Symbol" w:char="F0{ord(c):02X}"/></w:r>' for c in "4285")
        self.assert_is("refuse", "a.docx", docx(paragraph(run("070761-"), digits)))
        self.assert_is("look", "a.docx", docx(paragraph(digits)))


class Details(OfficeTest):
    def counted(self, name, content):
        self.file(name, content)
        return self.place.tavs("scan", name).out.count("CPR number")

    def test_text_box_in_two_forms_is_one_hit(self):
        box = f"<w:txbxContent>{paragraph(run(CPR))}</w:txbxContent>"
        body = paragraph(f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
                         "</mc:AlternateContent></w:r>")
        self.assertEqual(1, self.counted("a.docx", docx(body)))

    def test_names_in_capitals(self):
        for properties in ("<w:caps/>", "<w:smallCaps w:val='1'/>"):
            self.assert_is("refuse", "a.docx", docx(paragraph(run("anna hansen", properties))))
        self.assert_is("clear", "a.docx", docx(paragraph(run("anna hansen", "<w:caps w:val='0'/>"), run(" var her"))))
        style = {"word/styles.xml": f"<w:styles {WORD}><w:style w:styleId='Top'><w:rPr><w:caps/></w:rPr></w:style></w:styles>"}
        self.assert_is("refuse", "a.docx", docx(
            "<w:p><w:pPr><w:pStyle w:val='Top'/></w:pPr><w:r><w:t>anna hansen</w:t></w:r></w:p>", extra=style))
        self.assert_is("refuse", "a.odt", opendocument(
            "text", '<text:p><text:span text:style-name="T1">anna hansen</text:span></text:p>',
            before='<office:automatic-styles><style:style style:name="T1"><style:text-properties fo:text-transform="uppercase"/>'
                   "</style:style></office:automatic-styles>"))
        self.assert_is("refuse", "a.pptx", pptx('<a:p><a:r><a:rPr cap="all"/><a:t>anna hansen</a:t></a:r></a:p>'))

    def test_columns_of_tables(self):
        rows = [("Initialer", "Antal"), ("A.", "3"), ("K.", "5"), ("M.", "2")]
        word = "<w:tbl>" + "".join("<w:tr>" + "".join(f"<w:tc>{paragraph(run(text))}</w:tc>" for text in row) + "</w:tr>"
                                   for row in rows) + "</w:tbl>"
        slide = "<a:tbl>" + "".join("<a:tr>" + "".join(f"<a:tc><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:tc>" for text in row)
                                    + "</a:tr>" for row in rows) + "</a:tbl>"
        sheet = "".join(cells(*row) for row in rows)
        for name, content in (("a.docx", docx(word)), ("a.pptx", pptx(slide)), ("a.odt", odt(f"<table:table>{sheet}</table:table>")),
                              ("a.ods", ods(sheet))):
            with self.subTest(name):
                self.assertIn("row 2, column 1 (initialer): initials, high", self.assert_is("refuse", name, content))

    def test_escapes_of_letters(self):
        escaped = "070761_x002D_4285"
        for content in (xlsx(after=f'<autoFilter><filters><filter val="{escaped}"/></filters></autoFilter>'),
                        xlsx(f'<row r="1"><c t="inlineStr"><is><t>{escaped}</t></is></c></row>'),
                        xlsx('<row r="1"><c t="s"><v>0</v></c></row>', extra={
                            "xl/sharedStrings.xml": f"<sst><si><t>{escaped}</t></si></sst>"})):
            self.assert_is("refuse", "a.xlsx", content)

    def test_number_in_a_file_name(self):
        self.assert_is("refuse", "a.docx", docx(extra={"word/media/Anna_Hansen.png": PICTURE}))
        self.assertIn("pictures", self.assert_is("look", "a.odt", odt(extra={
            "Pictures/10000000000003E8000002EE8F5B2D3C4A6E7F81.png": PICTURE})))

    def test_comment_of_an_entry(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as file, zipfile.ZipFile(io.BytesIO(docx())) as source:
            for name in source.namelist():
                entry = zipfile.ZipInfo(name)
                entry.comment = CPR.encode()
                file.writestr(entry, source.read(name))
        self.assert_is("refuse", "a.docx", out.getvalue())

    def test_who_made_it_is_only_worth_a_look(self):
        self.assert_is("look", "a.docx", docx(extra=core(creator="Anna Hansen")))
        self.assert_is("look", "a.docx", docx(paragraph('<w:ins w:author="Anna Hansen"><w:r><w:t>x</w:t></w:r></w:ins>')))
        self.assert_is("look", "a.odt", odt(extra={
            "meta.xml": f"<office:document-meta {ODF}><dc:creator>Anna Hansen</dc:creator></office:document-meta>"}))
        self.assert_is("refuse", "a.docx", docx(paragraph(run("Anna Hansen"))))

    def test_link_with_percent_signs(self):
        self.assert_is("refuse", "a.docx", docx(extra={
            "word/_rels/document.xml.rels": relations(("x", "hyperlink", "mailto:anna%2Ejensen%40example.dk"))}))

    def test_machine_numbers_are_none(self):
        self.assert_is("clear", "a.docx", docx(
            '<w:p w:rsidR="22334455" w14:paraId="22334455" xmlns:w14="w14"><w:bookmarkStart w:id="0707614285" w:name="x"/></w:p>'
            '<w:sectPr><w:sdt><w:sdtPr><w:id w:val="0707614285"/></w:sdtPr></w:sdt></w:sectPr>'))
        self.assert_is("clear", "a.xlsx", xlsx(extra={
            "xl/charts/chart1.xml": '<c xmlns:c="c"><c:axId val="0707614285"/><c:numCache><c:pt><c:v>22334455</c:v></c:pt>'
                                    "<c:pt><c:v>33445566</c:v></c:pt><c:pt><c:v>7</c:v></c:pt></c:numCache></c>"}))
        self.assert_is("clear", "a.odt", odt(extra={
            "settings.xml": f'<office:document-settings {ODF} xmlns:config="config"><config:config-item config:name="Rsid" '
                            'config:type="int">22334455</config:config-item></office:document-settings>'}))

    def test_numbers_of_a_sheet(self):
        """As they are stored and as they are shown."""
        column = "".join(number(value, shown) for value, shown in (
            ("707614285", "070761-4285"), ("101900010", "010190-0010")))
        self.assert_is("refuse", "a.ods", ods(column))
        self.assert_is("refuse", "a.ods", ods(cells("CPR") + number("707614285", "")))
        self.assert_is("refuse", "a.ods", ods(cells("Fødselsdato") + number("1961-07-07", "en dag", "date", "date-value")))
        counts = "".join(number(value, shown) for value, shown in (("22334455", "22.334.455"), ("33445566", "33.445.566"),
                                                                   ("7", "7")))
        self.assert_is("clear", "a.ods", ods(cells("Antal") + counts))


def joined(lines, start, end, tab):
    return "".join(start + tab.join(line.split("\t")) + end for line in lines)


PAGE = "<!DOCTYPE html><title>Rapport</title>"
# How lines below each other are written, which may have tabs. A page has its tabs in <pre> only.
LINES = {
    "paragraphs.docx": lambda lines: docx(joined(lines, "<w:p><w:r><w:t>", "</w:t></w:r></w:p>", "</w:t><w:tab/><w:t>")),
    "breaks.docx": lambda lines: docx(paragraph("<w:r>" + joined(lines, "<w:t>", "</w:t><w:br/>", "</w:t><w:tab/><w:t>") + "</w:r>")),
    "deleted.docx": lambda lines: docx(joined(lines, "<w:p><w:del><w:r><w:delText>", "</w:delText></w:r></w:del></w:p>",
                                              "</w:delText><w:tab/><w:delText>")),
    "box.docx": lambda lines: docx(paragraph("<w:r><w:txbxContent>" + joined(
        lines, "<w:p><w:r><w:t>", "</w:t></w:r></w:p>", "</w:t><w:tab/><w:t>") + "</w:txbxContent></w:r>")),
    "paragraphs.odt": lambda lines: odt(joined(lines, "<text:p>", "</text:p>", "<text:tab/>")),
    "breaks.odt": lambda lines: odt("<text:p>" + joined(lines, "", "<text:line-break/>", "<text:tab/>") + "</text:p>"),
    "list.odt": lambda lines: odt("<text:list>" + joined(lines, "<text:list-item><text:p>", "</text:p></text:list-item>",
                                                         "<text:tab/>") + "</text:list>"),
    "paragraphs.pptx": lambda lines: pptx(joined(lines, "<a:p><a:r><a:t>", "</a:t></a:r></a:p>", "\t")),
    "breaks.pptx": lambda lines: pptx("<a:p>" + joined(lines, "<a:r><a:t>", "</a:t></a:r><a:br/>", "\t") + "</a:p>"),
    "pre.html": lambda lines: (PAGE + "<pre>" + joined(lines, "", "\n", "\t") + "</pre>").encode(),
    "spaces.html": lambda lines: (PAGE + "<pre>" + joined(lines, "  ", "\n", "   ") + "</pre>").encode(),
}
PAGES = {
    "paragraphs.html": lambda lines: (PAGE + joined(lines, "<p>", "</p>\n", "")).encode(),
    "blocks.html": lambda lines: (PAGE + joined(lines, "<div>\n  ", "\n</div>\n", "")).encode(),
    "breaks.html": lambda lines: (PAGE + "<p>" + joined(lines, "", "<br>\n", "") + "</p>").encode(),
}


class Lists(OfficeTest):
    """Paragraphs and lines below each other, as in txt."""

    def check(self, verdict, lines, *says, makers=None):
        both = {**LINES, **({} if any("\t" in line for line in lines) else PAGES)}
        for name, make in (makers or both).items():
            with self.subTest(name, lines=lines):
                out = self.assert_is(verdict, name, make(lines))
                for said in says:
                    self.assertIn(said, out)

    def test_lists(self):
        self.check("refuse", ["Initialer", "A.", "M.", "B."], "row 2, column 1 (initialer): initials, high", "row 4,")
        self.check("refuse", ["Årsrapport 2016", "Initialer", "A.", "M."], "row 3, column 1 (initialer): initials, high")
        self.check("refuse", ["KJ", "MH", "BT", "LA"], "initials, medium")
        self.check("refuse", ["Deltagere:", "Anna", "Mette", "Lars"], "personal name, medium")
        self.check("refuse", ["Fødselsdato", "1.2.1990", "3.4.1985"], "(fødselsdato): date of birth")
        self.check("refuse", ["CPR", "707614285", "101900010"], "CPR number")
        self.check("refuse", ["Sagsnr.", "2016-123", "2016-125"], "case number")

    def test_columns(self):
        self.check("refuse", ["Initialer\tAntal", "A.\t3", "M.\t4", "B.\t1"], "row 2, column 1 (initialer): initials, high")
        self.check("refuse", ["Nr.\tFornavn\tBy", "1\tAnna\tRanders", "2\tMette\tVejle"], "row 2, column 2 (fornavn)",
                   "row 2, column 3 (by)")

    def test_harmless(self):
        for lines in (["Aktiviteter", "Fodbold", "Svømning", "Madlavning"], ["Aarhus", "Randers", "Odense", "Vejle"],
                      ["Indledning", "Metode", "Resultater", "Konklusion"], ["A", "B", "C", "D"],
                      ["Solen er så rød, mor", "og skoven bliver så sort", "nu er solen død, mor", "og dagen er gået bort"],
                      ["Dagsorden", "1. Velkomst", "2. Regnskab", "3. Valg", "4. Eventuelt"],
                      ["Indledning\t3", "Metode\t5", "Resultater\t12"], ["10.00\tVelkomst", "10.15\tOplæg", "12.00\tFrokost"],
                      ["Januar", "Februar", "Marts", "April", "Maj", "Juni"], ["Til\tKommunen", "Fra\tForeningen"],
                      ["server.address", "server.close", "server.listen"], ["const name = x", "return name", "end"]):
            self.check("clear", lines)

    def test_one_value_is_one_hit(self):
        """What running text gives away is not told again of the list."""
        for name, make in {**LINES, **PAGES}.items():
            if name == "deleted.docx":
                continue  # with what stands around it, and alone
            with self.subTest(name):
                out = self.assert_is("refuse", name, make(["CPR", CPR, "010190-0010"]))
                self.assertEqual(2, out.count("CPR number"))

    def test_running_text_is_searched_joined(self):
        self.check("refuse", ["070761-", "4285"], "CPR number", makers={name: LINES[name] for name in ("breaks.docx", "breaks.pptx")})

    def test_what_parts_lists(self):
        """An empty paragraph, running text, a table, a heading, another place."""
        for between in ("<w:p/>", paragraph(run("Foreningen holdt i år en lang række møder for de unge.")),
                        "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"):
            self.assert_is("clear", "a.docx", docx(paragraph(run("CPR")) + paragraph(run("3")) + between + paragraph(run("707614285"))))
        self.assert_is("refuse", "a.docx", docx(paragraph(run("CPR")) + paragraph(run("3")) + paragraph(run("707614285"))))
        for between in ("<hr>", "<h2>Andet</h2>", "<table></table>"):
            self.assert_is("clear", "a.html", f"{PAGE}<p>CPR<p>3{between}<p>707614285<p>4".encode())
        self.assert_is("refuse", "a.html", f"{PAGE}<h2>CPR</h2><p>3<p>707614285".encode())
        self.assert_is("clear", "a.odt", odt("<text:p>CPR</text:p><text:p>3</text:p><text:h>Andet</text:h><text:p>707614285</text:p>"))


if __name__ == "__main__":
    unittest.main()
