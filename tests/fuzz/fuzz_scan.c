/* scan, fed with anything, as each of its formats: no crash, and what is told of a hit is bounded.
 *
 *   clang -fsanitize=fuzzer,address,undefined ... fuzz_scan.c src/scan base secret
 *   ./fuzz_scan -max_len=20000 corpus-folder tests/scan/corpus tests/scan/personal tests/scan/plain
 *
 * The reader of PDF is not loaded; what is ours of it is fuzz_pdf.c's. */
#include <stdlib.h>
#include <string.h>

#include "tavs/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool fact)
{
    if (!fact)
        abort();
}

static void check_hit(void *context, const struct scan_hit *hit)
{
    uint64_t *hits = context;
    ++*hits;
    expect(hit->kind < SCAN_KINDS && hit->confidence < SCAN_CONFIDENCES);
    expect(hit->heading != NULL && strlen(hit->masked) < sizeof hit->masked);
    size_t shown = 0;
    for (const char *at = hit->masked; *at != '\0'; at++)
        shown += (*at >= '0' && *at <= '9') || ((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z');
    expect(shown <= (hit->kind == SCAN_CPR ? 4 : hit->kind == SCAN_PHONE ? 2 : 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int format = SCAN_AUTO; format < SCAN_PDF; format++) {
        struct scan_result result;
        struct base_error error;
        uint64_t hits = 0, sum = 0;
        const enum base_code code = scan_bytes("x", data, size, (enum scan_format)format, check_hit,
                                               &hits, &result, &error);
        if (code != BASE_OK) {
            expect(code == BASE_SCAN_DAMAGED || code == BASE_SCAN_FORMAT ||
                   code == BASE_SCAN_TOO_BIG || code == BASE_SCAN_NO_READER);
            continue;
        }
        for (int kind = 0; kind < SCAN_KINDS; kind++)
            for (int confidence = 0; confidence < SCAN_CONFIDENCES; confidence++)
                sum += result.hits[kind][confidence];
        expect(sum == hits && (result.verdict == SCAN_CLEAR) == (hits == 0));
    }
    return 0;
}
