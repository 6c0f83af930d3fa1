/* The least figure that is published. */
#include "tavs/tally.h"

enum base_code tally_set_threshold(struct store *store, const struct keys_reader *reader,
                                   unsigned threshold, bool *changed, struct base_error *error)
{
    struct record_header header = *store_header(store);

    if (threshold < RECORD_LEAST_THRESHOLD || threshold > RECORD_MOST_THRESHOLD)
        return base_fail(error, BASE_BAD_OPTION_VALUE, "%u", threshold);
    /* A lower one would show what was hidden as small. */
    if (threshold < header.threshold && header.releases > 0)
        return base_fail(error, BASE_THRESHOLD_LOWERED, "%u", header.threshold);
    if (threshold == header.threshold) {
        *changed = false;
        return BASE_OK;
    }
    header.threshold = (uint8_t)threshold;
    enum base_code code = store_put_header(store, &header, reader, error);
    if (code == BASE_OK)
        code = store_commit(store, error);
    if (code == BASE_OK)
        *changed = true;
    return code;
}
