/* What tavs scan is; tavs-scan does it (scan_run.c). */
#include <limits.h>
#include <stddef.h>

#include "inside.h"

static const enum cmd_option options[] = {CMD_FORMAT, CMD_OUTPUT, CMD_FORCE, CMD_OPTIONS};

const struct cmd_command cmd_scan = {
    .name = "scan",
    .arguments = N_("FILE…"),
    .summary = N_("look for personal data in files that are to leave the house"),
    .details = N_(
        "Reads csv, txt, json, md, html, xlsx, ods, docx, odt, pptx and pdf (- is standard input) "
        "and\n"
        "tells what looks like CPR numbers, telephone numbers, e-mail addresses, names, initials,\n"
        "birthdays, addresses, case numbers or notes: where it is, of what kind and how sure, "
        "never\n"
        "the value. What it can't look at, pictures above all, it says. Exit status 0: nothing, "
        "or\n"
        "only worth a look; 1: refused. --format json gives a record to file (else text);\n"
        "docs/scan.md explains what is found and what is not."),
    .examples = N_("  tavs scan report.html tally.csv\n"
                   "  tavs scan -f json -o scan.json yearbook.xlsx\n"),
    .least_words = 1,
    .most_words = INT_MAX,
    .options = options,
    .reach = CMD_REACH_WORDS_READ,
};
