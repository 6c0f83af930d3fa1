#!/bin/sh
# poppler-utils 22.12.0 (Debian 12): text outside a page's MediaBox is not in what pdftotext gives, and nothing says so:
# no warning, exit status 0, and the page counts as read. Text outside the CropBox is given, also without a word. So a
# page that is one line of text far to the right comes as an empty page, and a number whose last digits lie beyond the edge
# comes as a shorter number. PDF 2.0 (ISO 32000-2, 14.11.2) lets a page's contents lie anywhere.
#
# Run outside of the tests; needs a Debian mirror in apt's sources. Fails if this changes.
set -eu
version=22.12.0-2+deb12u3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "poppler-utils=$version" "libpoppler126=$version" >/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done
LD_LIBRARY_PATH=$(dirname "$(find "$folder/root" -name "libpoppler.so.*" | head -n 1)")
export LD_LIBRARY_PATH

python3 - <<'END'
def pdf(name, boxes, contents):
    """One page of 600 by 800 points with what is drawn on it."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
               f"<</Type/Page/Parent 2 0 R{boxes}/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R>>",
               "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
               f"<</Length {len(contents)}>>\nstream\n{contents}\nendstream"]
    data, places = "%PDF-1.7\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{text}\nendobj\n"
    start = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{place:010} 00000 n \n" for place in places)
    data += f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    open(name, "w").write(data)


def drawn(*lines):
    return "BT /F1 12 Tf " + " ".join(f"1 0 0 1 {x} {y} Tm ({text}) Tj" for x, y, text in lines) + " ET"


pdf("media.pdf", "/MediaBox[0 0 600 800]", drawn((50, 700, "inside"), (700, 700, "beside"), (50, 900, "above")))
pdf("crop.pdf", "/MediaBox[0 0 600 800]/CropBox[0 400 600 800]", drawn((50, 700, "inside"), (50, 100, "below")))
END
text_of() { root/usr/bin/pdftotext "$1" - 2>"$1.said" | tr -s '\n\f' '  ' | sed 's/ *$//'; }
media=$(text_of media.pdf)
crop=$(text_of crop.pdf)
root/usr/bin/pdftotext -v 2>&1 | sed -n 1p
echo "outside the MediaBox:  '$media', said: '$(cat media.pdf.said)'"
echo "outside the CropBox:   '$crop', said: '$(cat crop.pdf.said)'"
[ "$media" = "inside" ] && [ "$crop" = "inside below" ] && [ ! -s media.pdf.said ] && [ ! -s crop.pdf.said ]
