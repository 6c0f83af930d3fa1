"""tavs scan of PDF: each place where personal data can lie, and what poppler passes over in silence. All files are
written here by hand."""

import base64
import csv
import html
import json
import re
import shutil
import subprocess
import time
import unittest
import zlib

from browser import PROGRAM, Browser
from place import BUILD, DONE, ROOT, Place, PlaceTest, is_sanitized
from shims import compile_shim
from test_cases import count_year
from test_memory import Memory

CPR = "070761-4285"  # made up
HALF = "abcdefgh " * 40
UNREAD = {"pictures": "pictures were not looked at", "files": "embedded files were not looked at",
          "macros": "macros were not looked at", "pages": "pages without text that can be read",
          "parts": "other parts that were not looked at"}
REFUSED = 1
YEARS = (2016, 2017, 2018)
DAMAGED = "is damaged, protected, or not what its name says"


def lines(*texts, left=72, top=700, step=14):
    """Content that shows lines below each other."""
    return "BT /F1 12 Tf " + " ".join(
        f"1 0 0 1 {left} {top - step * i} Tm ({text}) Tj" for i, text in enumerate(texts)) + " ET"


def at(x, y, text, size=12):
    return f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n"


class Pdf:
    """A document of one or several pages, its objects numbered as they come."""

    def __init__(self, content=None, page="", catalog="", info="", resources="", packed=True):
        self.objects = {}
        self.pages = []
        self.catalog, self.info, self.resources = catalog, info, resources
        self.root, self.tree = self.add(""), self.add("")
        self.font = self.add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
        if content is not None:
            self.page(content, page, packed=packed)

    def add(self, body, stream=None, packed=True):
        number = len(self.objects) + 1
        self.objects[number] = self.stream(body, stream, packed) if stream is not None else body.encode("latin-1")
        return number

    @staticmethod
    def stream(body, data, packed):
        data = data if isinstance(data, bytes) else data.encode("latin-1")
        if packed:
            data, body = zlib.compress(data), body + "/Filter/FlateDecode"
        return f"<<{body}/Length {len(data)}>>\nstream\n".encode("latin-1") + data + b"\nendstream"

    def page(self, content, more="", media="[0 0 600 800]", packed=True):
        number = self.add("", content, packed)
        self.pages.append(self.add(
            f"<</Type/Page/Parent {self.tree} 0 R/MediaBox{media}/Contents {number} 0 R"
            f"/Resources<</Font<</F1 {self.font} 0 R>>{self.resources}>>{more}>>"))
        return self

    def bytes(self, trailer=""):
        kids = " ".join(f"{page} 0 R" for page in self.pages)
        self.objects[self.root] = f"<</Type/Catalog/Pages {self.tree} 0 R{self.catalog}>>".encode("latin-1")
        self.objects[self.tree] = f"<</Type/Pages/Kids[{kids}]/Count {len(self.pages)}>>".encode("latin-1")
        if self.info:
            trailer += f"/Info {self.add('<<' + self.info + '>>')} 0 R"
        out, places = bytearray(b"%PDF-1.7\n"), []
        for number, body in self.objects.items():
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        out += b"trailer\n<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
            len(places) + 1, self.root, trailer.encode("latin-1"), start)
        return bytes(out)


@unittest.skipUnless((BUILD / "tavs-scan.so").exists(), "built without poppler")
class PdfTest(PlaceTest):
    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)

    def scan(self, pdf, name="a.pdf", env=None):
        (self.place.work / name).write_bytes(pdf if isinstance(pdf, bytes) else pdf.bytes())
        return self.place.tavs("scan", name, env=env)

    def assert_refused(self, pdf, kind="CPR number", hits=1, env=None):
        result = self.scan(pdf, env=env)
        self.assertEqual((REFUSED, ""), (result.status, result.err), result.out)
        self.assertEqual(hits, result.out.count(f" {kind}, "), result.out)
        self.assertNotIn("4285", result.out)

    def assert_clear(self, pdf):
        self.assertEqual((DONE, "a.pdf: nothing found\n", ""), self.scan(pdf))

    def assert_look(self, pdf, **unread):
        """Nothing but so much that was not read."""
        expected = "".join(f"a.pdf: {UNREAD[kind]}: {count}\n" for kind, count in unread.items())
        self.assertEqual((DONE, expected + "a.pdf: worth a look, but not refused\n", ""), self.scan(pdf))

    def assert_damaged(self, pdf):
        result = self.scan(pdf)
        self.assertEqual((2, ""), (result.status, result.out))
        self.assertIn(DAMAGED, result.err)


class Text(PdfTest):
    def test_plain(self):
        self.assert_clear(Pdf(lines("The office had 12 conversations in March.")))
        self.assert_refused(Pdf(lines(f"The client {CPR} came.")))

    def test_page_is_the_row(self):
        pdf = Pdf(lines("one page"))
        pdf.page(lines(f"and {CPR}"))
        self.assertIn("a.pdf: row 2: CPR number, high: 0707**-****\n", self.scan(pdf).out)

    def test_name_over_a_line_end(self):
        self.assert_refused(Pdf(lines("Here came Hans", "Hansen to the house again today.")), "personal name")
        self.assert_refused(Pdf(lines("And then there was Hans Ander-", "sen who came to the house.")), "personal name")

    def test_number_over_a_line_end(self):
        for first, second in (("070761-", "4285"), ("070761", "-4285"), ("0707", "614285"), ("070761-42", "85"),
                              ("070761", "4285")):
            with self.subTest(first):
                self.assert_refused(Pdf(lines(f"it ends with {first}", f"{second} goes on at the next line")))
        self.assert_clear(Pdf(lines("it was in the year 2017", "12 times went on at the next line")))

    def test_address_over_a_line_end(self):
        self.assert_refused(Pdf(lines("write to hans@", "example.dk or come")), "e-mail address")

    def test_boxes(self):
        boxes = "".join(at(72 + 20 * i, 600, c) for i, c in enumerate("0707614285"))
        self.assert_refused(Pdf(boxes))
        dashed = "".join(at(72 + 20 * i, 600, c) for i, c in enumerate(CPR))
        self.assert_refused(Pdf(dashed))
        self.assert_refused(Pdf(dashed + "".join(at(72 + 20 * i, 560, c) for i, c in enumerate("080855-1234")), ), hits=2)
        self.assert_refused(Pdf(f"BT /F1 12 Tf 8 Tc 1 0 0 1 72 600 Tm ({CPR}) Tj ET"))
        twelve = "".join(at(72 + 20 * i, 600, c) for i, c in enumerate("070761428512"))
        self.assert_clear(Pdf(twelve))

    def test_note_at_a_number(self):
        raised = at(72, 600, "client 070761") + at(143.4, 605, "1", 6) + at(146.8, 600, "-4285")
        self.assert_refused(Pdf(raised))
        self.assert_refused(Pdf(lines("client 0707611-4285 came")))
        self.assert_refused(Pdf(lines("client 070761-42851 came")))
        self.assert_clear(Pdf(lines("order 1234567-9876 came")))

    def test_hidden_text(self):
        for how in ("3 Tr", "1 1 1 rg", "0 0 0 0 re W n"):
            with self.subTest(how):
                self.assert_refused(Pdf(f"{how} " + lines(CPR) + " " + lines("seen", top=600)))
        self.assert_refused(Pdf("0 0 10 10 re " + at(72, 600, CPR, 1)))

    def test_form_object(self):
        pdf = Pdf()
        form = pdf.add(f"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F1 {pdf.font} 0 R>>>>",
                       lines(CPR))
        pdf.resources = f"/XObject<</X {form} 0 R>>"
        self.assert_refused(pdf.page(lines("outside", top=300) + " /X Do"))


class Tables(PdfTest):
    def table(self, rows, columns=(72, 200, 330, 460)):
        return "".join(at(x, 700 - 20 * i, cell) for i, row in enumerate(rows) for x, cell in zip(columns, row) if cell)

    def test_number_over_two_columns(self):
        self.assert_refused(Pdf(self.table([("070761", "4285"), ("080808", "1234")], (72, 320))),
                            hits=2)
        self.assert_clear(Pdf(self.table([("170161", "485"), ("99", "1234")], (72, 320))))

    def test_initials(self):
        rows = [("Initialer", "Kommune", "Samtaler"), ("A.B.", "Randers", "3"), ("M.K.", "Aarhus", "2"),
                ("S.S.", "Viborg", "7")]
        self.assert_refused(Pdf(self.table(rows)), "initials", 3)
        self.assert_refused(Pdf(self.table(rows)), "home town of a single person", 3)
        self.assert_clear(Pdf(self.table([("Kanal", "Kommune", "Samtaler"), *[("telefon", *row[1:]) for row in rows[1:]]])))

    def test_goes_on_over_pages(self):
        rows = [("Initialer", "Antal"), *((f"{a}.{b}.", str(i)) for i, (a, b) in enumerate(zip("ABCDEFGH", "KLMNOPQR")))]
        pdf = Pdf(self.table(rows[:4]))
        pdf.page(self.table(rows[4:]))
        result = self.scan(pdf)
        self.assertIn("a.pdf: row 9, column 1 (initialer): initials, high: *.*.\n", result.out)

    def test_list_of_names(self):
        self.assert_refused(Pdf(lines("Anna", "Peter", "Maria", "Mohammed", "Louise")), "personal name", 5)

    def test_counts_in_columns_are_no_numbers_of_telephones(self):
        months = [(f"Month {i}", "22", "33", "44") for i in range(9)]
        self.assert_clear(Pdf(self.table(months)))

    def test_columns_of_text_are_no_table(self):
        left = [f"this is a line of text of some length {i}" for i in "abcdefghij"]
        self.assert_clear(Pdf(self.table([(line, line) for line in left], (40, 320))))

    def test_turned_text(self):
        turned = "".join(f"BT /F1 12 Tf 0 1 -1 0 {100 + 30 * i} 100 Tm (turned {CPR} text) Tj ET\n" for i in range(2))
        self.assert_refused(Pdf(turned), hits=2)


class Beside(PdfTest):
    def test_fields(self):
        def form(name, value, kind="Tx", more=""):
            pdf = Pdf()
            field = pdf.add(f"<</Type/Annot/Subtype/Widget/FT/{kind}/T({name})/V({value})/Rect[9 9 99 30]/F 2{more}>>")
            pdf.catalog = f"/AcroForm<</Fields[{field} 0 R]>>"
            return pdf.page(lines("a form"), f"/Annots[{field} 0 R]")
        self.assert_refused(form("Text1", CPR))
        self.assert_refused(form("cpr", "0707614285"))
        self.assert_refused(form("fornavn", "Anna"), "personal name")
        self.assert_refused(form("choice", "x", "Ch", f"/Opt[(x)(y)({CPR})]"))
        self.assert_clear(form("count", "12"))

    def test_notes(self):
        def note(more, kind="Text"):
            pdf = Pdf()
            number = pdf.add(f"<</Type/Annot/Subtype/{kind}/Rect[9 9 99 30]{more}>>")
            return pdf.page(lines("a page"), f"/Annots[{number} 0 R]")
        self.assert_refused(note(f"/Contents({CPR})"))
        # poppler 25.03, unlike 22.12, does not free what it keeps of such a note's font.
        leaks = {"ASAN_OPTIONS": self.place.env.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}
        self.assert_refused(note(f"/Contents({CPR})/DA(/F1 12 Tf)", "FreeText"), env=leaks)
        self.assert_clear(note("/Contents(well)"))
        result = self.scan(note("/Contents(well)/T(Hans Hansen)"))
        self.assertEqual((DONE, "a.pdf: row 1 (annotation): personal name, low: H*** ******\n"
                                "a.pdf: worth a look, but not refused\n", ""), result)

    def test_links(self):
        def link(action):
            pdf = Pdf()
            number = pdf.add(f"<</Type/Annot/Subtype/Link/Rect[9 9 99 30]/A<<{action}>>>>")
            return pdf.page(lines("a page"), f"/Annots[{number} 0 R]")
        self.assert_refused(link("/S/URI/URI(mailto:hans@example.dk)"), "e-mail address")
        self.assert_clear(link("/S/URI/URI(https://example.dk/)"))

    def test_layers_that_are_off(self):
        pdf = Pdf()
        layer = pdf.add("<</Type/OCG/Name(notes)>>")
        pdf.catalog = f"/OCProperties<</OCGs[{layer} 0 R]/D<</OFF[{layer} 0 R]/Order[{layer} 0 R]>>>>"
        pdf.resources = f"/Properties<</L {layer} 0 R>>"
        self.assert_refused(pdf.page(lines("seen") + f" /OC /L BDC {lines(CPR, top=500)} EMC"))

    def test_outline(self):
        def outline(title):
            pdf = Pdf(lines("a page"))
            entry = len(pdf.objects) + 1
            pdf.add(f"<</Type/Outlines/First {entry + 1} 0 R/Last {entry + 1} 0 R/Count 1>>")
            pdf.add(f"<</Title({title})/Parent {entry} 0 R/Dest[{pdf.pages[0]} 0 R/Fit]>>")
            pdf.catalog = f"/Outlines {entry} 0 R"
            return pdf
        self.assert_refused(outline(f"about {CPR}"))
        self.assert_clear(outline("about it"))

    def test_attached_files(self):
        def attached(data, name="a.txt"):
            pdf = Pdf(lines("a page"))
            file = pdf.add("/Type/EmbeddedFile", data)
            spec = pdf.add(f"<</Type/Filespec/F({name})/UF({name})/EF<</F {file} 0 R>>>>")
            pdf.catalog = f"/Names<</EmbeddedFiles<</Names[(x) {spec} 0 R]>>>>"
            return pdf
        self.assert_refused(attached(f"a\nb;{CPR}\n"))
        self.assert_look(attached("a\nb\n"), files=1)
        self.assert_look(attached(bytes(range(256))), files=1)
        self.assert_refused(attached("a", f"{CPR}.txt"))

    def test_properties(self):
        self.assert_refused(Pdf(lines("a page"), info=f"/Title(about {CPR})"))
        self.assert_refused(Pdf(lines("a page"), info=f"/Subject({CPR})"))
        self.assert_refused(Pdf(lines("a page"), info=f"/Keywords({CPR})"))
        self.assert_refused(Pdf(lines("a page"), info=f"/Sagsbehandler(for {CPR})"))
        self.assert_clear(Pdf(lines("a page"), info="/Title(A report)/Producer(tavs)/CreationDate(D:20260301)"))
        self.assertIn("personal name, low", self.scan(Pdf(lines("a page"), info="/Author(Hans Hansen)")).out)

    def test_xmp(self):
        def with_xmp(text, title=""):
            pdf = Pdf(lines("a page"), info=f"/Title({title})" if title else "")
            xmp = pdf.add("/Type/Metadata/Subtype/XML",
                          '<?xpacket begin="" id="x"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>'
                          f"{text}</rdf:RDF></x:xmpmeta>", packed=False)
            pdf.catalog = f"/Metadata {xmp} 0 R"
            return pdf
        self.assert_refused(with_xmp(f"<dc:description>{CPR}</dc:description>"))
        self.assert_refused(with_xmp(f'<rdf:Description dc:x="{CPR}"/>'))
        self.assert_refused(with_xmp(f"<dc:title>{CPR}</dc:title>", CPR))
        self.assertIn("personal name, low", self.scan(with_xmp("<dc:creator><rdf:li>Hans Hansen</rdf:li></dc:creator>")).out)
        self.assert_clear(with_xmp("<dc:title>A report</dc:title>"))

    def test_texts_that_poppler_does_not_give(self):
        pdf = Pdf(lines("a page"))
        pdf.add(f"<</Type/StructElem/S/Figure/Alt({CPR})>>")
        self.assert_refused(pdf)
        pdf = Pdf(lines("a page"))
        text = ("\ufeff" + CPR).encode("utf-16-be").hex()
        pdf.add(f"<</Type/StructElem/S/Figure/Alt<{text}>>>")
        self.assert_refused(pdf)

    def test_texts_of_packed_objects(self):
        pdf = Pdf(lines("a page"))
        inside = f"20 0 <</Type/StructElem/S/Figure/Alt({CPR})>>"
        pdf.add("/Type/ObjStm/N 1/First 5", inside)
        self.assert_refused(pdf)

    def test_page_labels(self):
        self.assert_refused(Pdf(lines("a page"), catalog=f"/PageLabels<</Nums[0<</P({CPR} )/S/D>>]>>"), hits=2)


class Unread(PdfTest):
    def test_pictures(self):
        self.assert_look(Pdf(lines("a page") + " q 9 0 0 9 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q"), pictures=1)
        pdf = Pdf(lines("a page"))
        pdf.add("/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", b"x")
        self.assert_look(pdf, pictures=1)

    def test_pages_without_text(self):
        self.assert_look(Pdf("0 0 m 100 100 l S"), pages=1)
        self.assert_look(Pdf(""), pages=1)

    def test_letters_that_are_none(self):
        pdf = Pdf()
        letters = pdf.add("", "begincmap 1 begincodespacerange <00> <ff> endcodespacerange "
                              "2 beginbfchar <61> <0011> <62> <fffd> endbfchar endcmap")
        pdf.objects[pdf.font] = (f"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding"
                                 f"/ToUnicode {letters} 0 R>>").encode()
        self.assert_look(pdf.page(lines("a b")), pages=1)
        pdf = Pdf(lines("a page"))
        pdf.add("<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[]>>")
        self.assert_look(pdf, pages=1)

    def test_crop_box(self):
        cropped = Pdf(lines("seen") + " " + lines(CPR, top=100), "/CropBox[0 400 600 800]")
        self.assert_look(cropped, parts=1)
        self.assert_clear(Pdf(lines("seen"), "/CropBox[0 0 600 800]"))

    def test_replaced_text(self):
        self.assert_look(Pdf(f"/Span<</ActualText()>>BDC {lines(CPR)} EMC {lines('seen', top=300)}"), parts=1)
        self.assert_clear(Pdf(lines("seen") + " /Span<</ActualText(fi)>>BDC " + lines("x") + " EMC"))
        far = "% " + "a" * 70000 + "\n"
        self.assert_look(Pdf(far + f"/Span<</ActualText()>>BDC {lines(CPR)} EMC {lines('seen', top=300)}"), parts=1)

    def test_pattern(self):
        pdf = Pdf(lines("seen"))
        pdf.add(f"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 99 99]/XStep 99/YStep 99"
                f"/Resources<</Font<</F1 {pdf.font} 0 R>>>>", lines(CPR))
        self.assert_look(pdf, parts=1)

    def test_old_states(self):
        def changed(old, new):
            pdf = Pdf(lines(old))
            first = pdf.bytes()
            number = pdf.pages[0] - 1
            body = Pdf.stream("", lines(new), True)
            place = len(first)
            table = place + len(b"%d 0 obj\n%s\nendobj\n" % (number, body))
            before = re.search(rb"startxref\n(\d+)", first)[1].decode()
            return first + b"%d 0 obj\n%s\nendobj\nxref\n%d 1\n%010d 00000 n \ntrailer\n" % (
                number, body, number, place) + (f"<</Size {len(pdf.objects) + 1}/Root {pdf.root} 0 R/Prev {before}>>\n"
                                                f"startxref\n{table}\n%%EOF\n").encode()
        self.assert_look(changed(f"before {CPR}", "after"), parts=1)
        self.assert_refused(changed("before", f"after {CPR}"))

    def test_programs(self):
        self.assert_look(Pdf(lines("a page"), catalog="/OpenAction<</S/JavaScript/JS(x)>>"), macros=1)
        self.assert_refused(Pdf(lines("a page"), catalog=f"/OpenAction<</S/JavaScript/JS(x {CPR})>>"))

    def test_bytes_before_and_after(self):
        plain = Pdf(lines("a page")).bytes()
        self.assert_look(b"more\n" + plain, parts=1)
        self.assert_look(plain + b"more\n", parts=1)
        self.assert_clear(plain + b"\n\n")

    def test_other_filters(self):
        pdf = Pdf()
        pdf.pages.append(pdf.add(f"<</Type/Page/Parent {pdf.tree} 0 R/MediaBox[0 0 600 800]/Contents "
                                 f"{pdf.add('/Filter/NoSuchDecode', lines(CPR), False)} 0 R>>"))
        self.assert_look(pdf, pages=1, parts=1)


class Damaged(PdfTest):
    def test_stream_that_ends_too_early(self):
        data = zlib.compress(lines(*[f"line {i} {HALF}" for i in range(200)]).encode())
        for size, good in ((len(data), True), (len(data) // 2, False), (len(data) - 6, False)):
            with self.subTest(size):
                pdf = Pdf(lines("a page"))
                pdf.objects[pdf.pages[0] - 1] = f"<</Filter/FlateDecode/Length {size}>>\nstream\n".encode() + \
                    data[:size] + b"\nendstream"
                (self.assert_clear if good else self.assert_damaged)(pdf)

    def test_ascii(self):
        packed = zlib.compress(lines(CPR).encode())
        for name, data in (("ASCII85Decode", base64.a85encode(packed) + b"~>"), ("ASCIIHexDecode", packed.hex().encode() + b">")):
            for size, good in ((len(data), True), (len(data) // 2, False)):
                with self.subTest(f"{name} {size}"):
                    pdf = Pdf(lines("a page"))
                    pdf.objects[pdf.pages[0] - 1] = \
                        f"<</Filter[/{name}/FlateDecode]/Length {size}>>\nstream\n".encode() + \
                        data[:size] + b"\nendstream"
                    (self.assert_refused if good else self.assert_damaged)(pdf)

    def test_length_that_is_wrong(self):
        pdf = Pdf(lines("a page"), packed=False)
        self.assert_damaged(pdf.bytes().replace(b"/Length ", b"/Length 1", 1))

    def test_cut(self):
        whole = Pdf(lines("a page")).bytes()
        self.assert_damaged(whole[:-len(whole) // 3])
        self.assert_damaged(whole[:whole.index(b"startxref")])
        self.assert_damaged(b"")
        self.assert_damaged(b"no PDF at all")

    def test_page_that_is_not_there(self):
        pdf = Pdf(lines("a page"))
        pdf.pages.append(99)
        self.assert_damaged(pdf)

    @unittest.skipUnless(shutil.which("qpdf"), "no qpdf")
    def test_passwords(self):
        pdf = self.place.work / "plain.pdf"
        pdf.write_bytes(Pdf(lines("a page")).bytes())
        for words in (["user", "owner"], ["", "owner"]):
            with self.subTest(words):
                subprocess.run(["qpdf", "--encrypt", *words, "256", "--", pdf, self.place.work / "locked.pdf"], check=True)
                locked = (self.place.work / "locked.pdf").read_bytes()
                if words[0]:
                    self.assert_damaged(locked)
                else:
                    self.assert_look(locked, parts=1)

    def test_packed_too_well(self):
        result = self.scan(Pdf(" " * (300 << 20)))
        self.assertEqual((2, ""), (result.status, result.out))
        self.assertIn("is too large", result.err)
        twice = zlib.compress(zlib.compress(b" " * (100 << 20), 9), 9)
        pdf = Pdf(lines("a page"))
        pdf.add(f"<</Filter[/FlateDecode/FlateDecode]/Length {len(twice)}>>\nstream\n", )
        pdf.objects[len(pdf.objects)] += twice + b"\nendstream"
        self.assert_look(pdf, parts=1)


class Whole(PdfTest):
    def test_told_by_content_and_in_the_record(self):
        pdf = Pdf(lines(CPR), packed=False).bytes().decode()
        result = self.place.tavs("scan", "-f", "json", "-", given=pdf)
        record = json.loads(result.out)
        self.assertEqual(("pdf", "refuse"), (record["files"][0]["format"], record["verdict"]))

    def test_many_pages(self):
        pdf = Pdf()
        for page in range(200):
            pdf.page(lines(*[f"page {page}, line {i}: {HALF[:60]}" for i in range(50)]))
        start = time.monotonic()
        self.assert_clear(pdf)
        self.assertLess(time.monotonic() - start, 30)


class Bounds(PdfTest):
    def test_time(self):
        """Forms in forms: a small document that would be read for years."""
        pdf = Pdf()
        form = pdf.add(f"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F1 {pdf.font} 0 R>>>>",
                       lines("a page"))
        for _level in range(8):
            form = pdf.add(f"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X {form} 0 R>>>>",
                           "/X Do " * 10)
        pdf.resources = f"/XObject<</X {form} 0 R>>"
        (self.place.work / "a.pdf").write_bytes(pdf.page("/X Do " * 10).bytes())
        result = self.place.tavs(command=["sh", "-c", 'ulimit -St 2; exec "$@"', "sh", BUILD / "tavs", "scan", "a.pdf"])
        self.assertEqual((2, ""), (result.status, result.out))
        self.assertIn("tavs: the PDF takes too much time or memory to be read\n", result.err)

    @unittest.skipIf(is_sanitized(), "it needs more memory for itself")
    def test_memory(self):
        letters = "BT /F1 1 Tf " + "".join(f"1 0 0 1 {i % 590} {i // 590} Tm (a) Tj " for i in range(200000)) + "ET"
        (self.place.work / "a.pdf").write_bytes(Pdf(letters).bytes())
        result = self.place.tavs(command=["sh", "-c", 'ulimit -Sd 12000; exec "$@"', "sh", BUILD / "tavs", "scan", "a.pdf"])
        self.assertEqual((2, ""), (result.status, result.out))
        self.assertIn("tavs: the PDF takes too much time or memory to be read\n", result.err)

    def test_nothing_stays_in_memory(self):
        name, dump = "Kirsten Sommerfugl", self.place.folder / "dump"
        (self.place.work / "a.pdf").write_bytes(Pdf(lines(f"{name} {CPR}", f"{name[:-2]}-", name[-2:]), info=f"/Title({CPR})").bytes())
        shim = self.place.preloading(compile_shim("memory_shim"))
        result = self.place.tavs("scan", "a.pdf", env={"LD_PRELOAD": shim, "MEMORY_DUMP": str(dump)})
        self.assertEqual(REFUSED, result.status, result)
        texts = (CPR, "Sommerfugl")
        wanted = {f"{text} in {code}": text.encode(code) for text in texts for code in ("ascii", "utf-32-le", "utf-16-le")}
        self.assertEqual([], Memory(dump).find(wanted))


class WithoutReader(PlaceTest):
    """A build without poppler, and an installation without the part: PDF is refused with words."""

    def test_words(self):
        place = Place.for_test(self)
        (place.work / "a.pdf").write_bytes(Pdf(lines("a page")).bytes())
        alone = place.work / "alone"
        alone.mkdir()
        program = shutil.copy(BUILD / "tavs", alone)
        shutil.copy(BUILD / "tavs-scan", alone)
        result = place.tavs(command=[program, "scan", "a.pdf"])
        self.assert_complaint(result, 2, "a.pdf can't be scanned: what reads PDF is not installed",
                              "install tavs-scan.so and the library poppler-glib; or scan what the PDF was made from")


@unittest.skipUnless(PROGRAM, "no browser")
@unittest.skipUnless((BUILD / "tavs-scan.so").exists(), "built without poppler")
class Report(PdfTest):
    """Our own report as a browser prints it: nothing in it is about a single person."""

    def test_in_both_languages(self):
        self.place.init("--channels", "in-person,phone")
        for year in YEARS:
            count_year(self.place, year)
        self.place.done("close", f"{YEARS[-1]}-12", self.place.key)
        with Browser() as browser:
            for language in ("en", "da"):
                with self.subTest(language):
                    page = self.place.work / f"{language}.html"
                    self.place.done("report", *map(str, YEARS), "-x", "-f", "html", "--lang", language, "-o", page,
                                    self.place.key)
                    browser.open(page)
                    *hits, _last = self.scan(browser.print()).out.splitlines()
                    self.assertEqual(["a.pdf: row 1: internal: exact figures, or a draft, high"],
                                     [re.sub(", column [^:]*", "", hit) for hit in hits])

    def test_tables_of_the_other_formats(self):
        """Printed, they are judged as they are in csv; but in two rows nothing stands below each other often enough."""
        too_few = {"free_text_unheaded", "names_reversed"}
        wanted = {}
        with Browser() as browser:
            for folder, verdict in (("personal", "refuse"), ("plain", "clear")):
                for table in sorted((ROOT / "tests/scan" / folder).glob("*.csv")):
                    if table.stem in too_few or table.stem == "utf16":
                        continue
                    name = f"{table.stem}.pdf"
                    browser.open(self.page_of(table))
                    (self.place.work / name).write_bytes(browser.print())
                    wanted[name] = verdict
        result = self.place.tavs("scan", "-f", "json", *wanted)
        self.assertEqual((REFUSED, ""), (result.status, result.err))
        self.assertEqual(wanted, {file["file"]: file["verdict"] for file in json.loads(result.out)["files"]})

    def page_of(self, table):
        """An HTML page with the table, its cells as close as a browser sets them."""
        content = table.read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("latin-1")
        rows = csv.reader(text.splitlines(), delimiter=max(";,\t", key=text.count))
        page = self.place.work / f"{table.stem}.html"
        page.write_text("<meta charset=utf-8><table border=1>" + "".join(
            f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows))
        return page


if __name__ == "__main__":
    unittest.main()
