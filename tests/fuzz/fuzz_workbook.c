/* The reader of xlsx, fed with any part of a workbook, as a sheet, as its strings, styles, relations or
 * some other part: no crash, and the same cells each time. The first byte says what it is. */
#include "office_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char root[] = "<Relationships><Relationship Id='a' Type='/officeDocument' "
                           "Target='xl/workbook.xml'/></Relationships>";
static const char book[] = "<workbook><sheets><sheet name='A' id='s'/></sheets></workbook>";
static const char links[] = "<Relationships><Relationship Id='s' Type='/worksheet' "
                            "Target='sheet.xml'/></Relationships>";
static const char sheet[] =
    "<worksheet><sheetData><row r='1'><c r='A1' t='s' s='1'><v>0</v></c></row></sheetData>"
    "</worksheet>";
static const char strings[] = "<sst><si><t>a b</t></si></sst>";
static const char styles[] = "<styleSheet><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs>"
                             "</styleSheet>";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct office_part parts[OFFICE_MOST_PARTS] = {
        office_text("xl/sheet.xml", sheet),     office_text("xl/sharedStrings.xml", strings),
        office_text("xl/styles.xml", styles),   office_text("xl/_rels/workbook.xml.rels", links),
        office_text("xl/workbook.xml", book),   office_text("xl/other.xml", "<x/>"),
        office_text("[Content_Types].xml", ""), office_text("_rels/.rels", root),
    };
    if (size == 0)
        return 0;
    struct office_part *part = &parts[data[0] % 6];
    part->bytes = data + 1;
    part->size = size - 1;
    office_read(scan_read_xlsx, parts, OFFICE_MOST_PARTS);
    return 0;
}
