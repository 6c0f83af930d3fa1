/* published: any bytes as a file, beside one that is good, and the attack on both. No crash; what is read lies
 * within its bounds and belongs to places that are there; what is found are figures of these files. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "published/inside.h"

#define SECONDS 0.05 /* for an attack; what takes longer is not checked, and says so */

uint64_t fuzz_allowed(void);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* slow.c: an attack may take SECONDS, and goes on for what it doesn't look at the clock in. */
uint64_t fuzz_allowed(void)
{
    return 1000000000;
}

static void expect(bool fact)
{
    if (!fact)
        abort();
}

static void check(const struct published *published)
{
    expect(published->places.count > 0 && published->places.count <= COUNTS_MOST_PLACES);
    const struct place_set places = place_set_first((unsigned)published->places.count);
    for (size_t i = 0; i < published->figure_count; i++) {
        const struct published_figure *figure = &published->figures[i];
        const struct cell_set *sum = &figure->sum;
        expect(sum->months.first >= BASE_FIRST_MONTH && sum->months.first <= sum->months.last &&
               sum->months.last <= BASE_LAST_MONTH);
        expect(sum->channels != 0 && sum->channels <= CODEBOOK_ALL_CHANNELS && sum->parties != 0 &&
               sum->parties <= CODEBOOK_ALL_PARTIES && sum->sessions != 0 &&
               sum->sessions <= COUNTS_ALL_SESSIONS);
        expect(place_set_count(&sum->places) > 0);
        for (size_t j = 0; j < sizeof places.word / sizeof *places.word; j++)
            expect((sum->places.word[j] & ~places.word[j]) == 0);
        expect(figure->value >= 0 && figure->value <= PUBLISHED_MOST_COUNT);
        expect(figure->shown || figure->value == 0);
    }
    for (size_t i = 0; i < published->places.count; i++)
        expect(published->places.place[i].offered.channels != 0 &&
               published->places.place[i].offered.parties != 0);
}

static void check_result(const struct published *published, const struct published_result *result)
{
    expect(result->file_count == 2 && result->place_count == published->places.count);
    expect(result->shown + result->hidden > 0 &&
           result->shown + result->hidden <= published->figure_count);
    size_t printed = 0;
    expect(!result->contradictory || result->finding_count + result->doubtful == 0);
    for (size_t i = 0; i < result->finding_count; i++) {
        const struct published_finding *finding = &result->findings[i];
        expect(finding->least <= finding->most && finding->most < (int64_t)result->threshold);
        expect(finding->printed == (finding->file_count > 0) && finding->file_count <= 2);
        printed += finding->printed && !finding->alone;
    }
    expect(printed + result->doubtful <= result->shown + result->hidden);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char good[] = "place,period,channel,party,session,count,status\r\n"
                               "north,2017,phone,all,1,9,shown\r\nall,2017,all,all,1,..,hidden\r\n";
    struct published *published;
    struct base_error error = {0};
    expect(sodium_init() >= 0 && published_new(&published, &error) == BASE_OK);
    expect(published_add(published, "good", good, sizeof good - 1, &error) == BASE_OK);
    enum base_code code = published_add(published, "any", (const char *)data, size, &error);
    const bool is_read = code == BASE_OK;
    const struct published_result *result = NULL;
    if (is_read)
        code = published_attack(published, 0, SECONDS, &result, &error);
    if (code == BASE_OK)
        check_result(published, result);
    if (code == BASE_OK || code == BASE_NOT_CHECKED)
        check(published);
    else
        expect(code >= BASE_PUBLISHED_FORMAT && code <= BASE_PUBLISHED_TOO_BIG);
    expect(code == BASE_OK || error.code == code);
    expect(is_read || code != BASE_NOT_CHECKED);
    published_free(published);
    return 0;
}
