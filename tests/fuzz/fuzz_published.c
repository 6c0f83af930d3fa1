/* published: any bytes as a file, beside one that is good. No crash; what is read lies within its bounds and
 * belongs to places that are there. */
#include <stdlib.h>
#include <string.h>

#include "published/inside.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool fact)
{
    if (!fact)
        abort();
}

static void check(const struct published *published)
{
    const uint32_t places = (uint32_t)(((uint64_t)1 << published->places.count) - 1);
    expect(published->places.count > 0 && published->places.count <= PROTECT_MOST_PLACES);
    for (size_t i = 0; i < published->figure_count; i++) {
        const struct published_figure *figure = &published->figures[i];
        const struct protect_sum *sum = &figure->sum;
        expect(sum->months.first >= BASE_FIRST_MONTH && sum->months.first <= sum->months.last &&
               sum->months.last <= BASE_LAST_MONTH);
        expect(sum->channels != 0 && sum->channels <= CODEBOOK_ALL_CHANNELS && sum->parties != 0 &&
               sum->parties <= CODEBOOK_ALL_PARTIES && sum->sessions != 0 &&
               sum->sessions <= PROTECT_ALL_SESSIONS);
        expect(sum->places != 0 && (sum->places & ~places) == 0);
        expect(figure->value >= 0 && figure->value <= PUBLISHED_MOST_COUNT);
        expect(figure->shown || figure->value == 0);
    }
    for (size_t i = 0; i < published->places.count; i++)
        expect(published->places.place[i].offered.channels != 0 &&
               published->places.place[i].offered.parties != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char good[] = "place,period,channel,party,session,count,status\r\n"
                               "north,2017,phone,all,1,9,shown\r\nall,2017,all,all,1,..,hidden\r\n";
    struct published *published;
    struct base_error error = {0};
    expect(published_new(&published, &error) == BASE_OK);
    expect(published_add(published, "good", good, sizeof good - 1, &error) == BASE_OK);
    enum base_code code = published_add(published, "any", (const char *)data, size, &error);
    if (code == BASE_OK)
        code = published_settle(published, &error);
    if (code == BASE_OK)
        check(published);
    else
        expect(error.code == code && code >= BASE_PUBLISHED_FORMAT &&
               code <= BASE_PUBLISHED_TOO_BIG);
    published_free(published);
    return 0;
}
