/* libFuzzer: the keyless audit of a file in memory. Whatever the file holds, the account adds up to its
 * size, and nothing is read outside it.
 *
 *   clang -fsanitize=fuzzer,address,undefined ... fuzz_audit.c tests/unit/audit_mutator.c rooms
 *   ./fuzz_audit -max_len=262144 corpus-folder tests/audit */
#include <stdlib.h>
#include <string.h>

#include "audit_mutator.h"
#include "tavs/audit.h"

struct input {
    const uint8_t *bytes;
    size_t size;
    uint64_t told;
};

static bool read_input(void *context, uint64_t offset, void *bytes, size_t size)
{
    const struct input *input = context;

    if (offset > input->size || size > input->size - offset)
        abort();
    memcpy(bytes, input->bytes + offset, size);
    return true;
}

static void tell(void *context, uint64_t offset, uint64_t bytes, enum audit_class class)
{
    struct input *input = context;

    if (offset > input->size || bytes > input->size - offset || class >= AUDIT_CLASSES)
        abort();
    input->told += bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size, 0};
    const struct audit_source source = {
        .context = &input, .bytes = size, .read = read_input, .tell = tell};
    struct audit_report *report;
    struct base_error error;
    char text[AUDIT_FINDING_TEXT];
    uint64_t sum = 0;

    if (audit_from_source(&source, &report, &error) != BASE_OK)
        abort();
    for (int i = 0; i < AUDIT_CLASSES; i++)
        sum += report->class_bytes[i];
    if (sum != size || input.told != size || report->finding_count > report->finding_total)
        abort();
    if (report->passed != (report->finding_total == 0) ||
        (report->class_bytes[AUDIT_UNACCOUNTED] > 0) != (report->text_fields > 0) ||
        (report->passed && report->text_fields > 0))
        abort();
    for (size_t i = 0; i < report->finding_count; i++)
        audit_finding_text(&report->findings[i], text, sizeof text);
    audit_report_free(report);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed)
{
    if (seed % 8 == 0)
        return LLVMFuzzerMutate(data, size, room);
    return audit_mutate(data, size, room, seed);
}
