/* Inside of cmd: the parts of the command `audit`. */
#ifndef TAVS_CMD_AUDIT_H
#define TAVS_CMD_AUDIT_H

#include "inside.h"
#include "tavs/audit.h"
#include "tavs/traces.h"

/* The record as text for people; `*text` is freed with secret_free. */
enum base_code cmd_audit_text(const struct cmd_context *context, const struct audit_record *record,
                              char **text, size_t *size, struct base_error *error);

/* What was found around the store. */
struct page;
void cmd_audit_put_traces(struct page *page, const struct traces_report *report);

/* Its last line: what comes of it all. */
const char *cmd_audit_verdict(const struct audit_record *record);

#endif
