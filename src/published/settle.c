/* Which places of the files are the same, and what each of them offers. */
#include <string.h>

#include "inside.h"

/* json: the same fingerprint is the same place, whatever it is called. */
static bool is_same(const struct published_place *one, const struct published_place *other)
{
    if (*one->fingerprint != '\0' && *other->fingerprint != '\0')
        return strcmp(one->fingerprint, other->fingerprint) == 0;
    return strcmp(one->name, other->name) == 0;
}

/* Where the file's place is among all; their number if it is new. A csv file of one place does not say
 * which: it is the only one that the json files are about, if there is only one. */
static size_t find(const struct published *published, const struct published_place *place,
                   size_t json_places)
{
    const struct published_places *all = &published->places;
    size_t i = 0;
    if (*place->name == '\0' && *place->fingerprint == '\0' && json_places == 1)
        return 0;
    while (i < all->count && !is_same(&all->place[i], place))
        i++;
    return i;
}

static void join(struct published_place *place, const struct published_place *more)
{
    if (*place->name == '\0')
        memcpy(place->name, more->name, sizeof place->name);
    if (*place->fingerprint == '\0')
        memcpy(place->fingerprint, more->fingerprint, sizeof place->fingerprint);
    place->offered.channels |= more->offered.channels;
    place->offered.parties |= more->offered.parties;
}

static struct place_set translate(const struct place_set *places, const unsigned *number,
                                  size_t count)
{
    struct place_set all = {{0}};
    for (size_t i = 0; i < count; i++)
        if (place_set_has(places, (unsigned)i))
            place_set_add(&all, number[i]);
    return all;
}

/* ---- editions --------------------------------------------------------------------------------- */

/* Of the same places, by what json tells of them. */
static bool is_of_same_places(const struct published_file *one, const struct published_file *other)
{
    bool same = one->places.count == other->places.count;
    for (size_t i = 0; same && i < one->places.count; i++) {
        bool found = false;
        for (size_t j = 0; !found && j < other->places.count; j++)
            found = is_same(&one->places.place[i], &other->places.place[j]);
        same = found;
    }
    return same;
}

void published_find_superseded(struct published *published)
{
    for (size_t i = 0; i < published->file_count; i++) {
        struct published_file *one = published->files[i];
        for (size_t j = 0; j < published->file_count && one->release != 0; j++) {
            const struct published_file *other = published->files[j];
            one->superseded =
                one->superseded || (other->release == one->release &&
                                    other->edition > one->edition && is_of_same_places(one, other));
        }
    }
}

/* ---- places ------------------------------------------------------------------------------------ */

static size_t end_of(const struct published *published, size_t file)
{
    return file + 1 < published->file_count ? published->files[file + 1]->first
                                            : published->figure_count;
}

static enum base_code settle_file(struct published *published, size_t number, size_t json_places,
                                  struct base_error *error)
{
    const struct published_file *file = published->files[number];
    struct published_places *all = &published->places;
    unsigned number_of[COUNTS_MOST_PLACES];
    if (file->places.count == 0)
        return base_fail(error, BASE_PUBLISHED_DAMAGED, "%s: %s", file->name, "place");
    for (size_t i = 0; i < file->places.count; i++) {
        const size_t place = find(published, &file->places.place[i], json_places);
        if (place == COUNTS_MOST_PLACES)
            return base_fail(error, BASE_PUBLISHED_TOO_BIG, "%s", file->name);
        if (place == all->count)
            all->count++;
        join(&all->place[place], &file->places.place[i]);
        number_of[i] = (unsigned)place;
    }
    for (size_t i = file->first; i < end_of(published, number); i++) {
        struct cell_set *sum = &published->figures[i].sum;
        sum->places = translate(&sum->places, number_of, file->places.count);
    }
    return BASE_OK;
}

/* ---- what csv files tell of it ---------------------------------------------------------------- */

static codebook_set named(codebook_set set, codebook_set all)
{
    return set == all ? 0 : set;
}

/* A row of one place says what that place offers. */
static void offer_alone(struct published *published, const struct cell_set *sum)
{
    for (size_t i = 0; i < published->places.count; i++) {
        struct protect_offered *offered = &published->places.place[i].offered;
        if (place_set_count(&sum->places) != 1 || !place_set_has(&sum->places, (unsigned)i))
            continue;
        offered->channels |= named(sum->channels, CODEBOOK_ALL_CHANNELS);
        offered->parties |= named(sum->parties, CODEBOOK_ALL_PARTIES);
    }
}

/* A row of several says that one of them does: where none is known to, each may. */
static void offer_together(struct published *published, const struct cell_set *sum)
{
    struct protect_offered any = {0};
    for (size_t i = 0; i < published->places.count; i++)
        if (place_set_has(&sum->places, (unsigned)i)) {
            any.channels |= published->places.place[i].offered.channels;
            any.parties |= published->places.place[i].offered.parties;
        }
    for (size_t i = 0; i < published->places.count; i++)
        if (place_set_has(&sum->places, (unsigned)i)) {
            struct protect_offered *offered = &published->places.place[i].offered;
            offered->channels |= named(sum->channels, CODEBOOK_ALL_CHANNELS) & ~any.channels;
            offered->parties |= named(sum->parties, CODEBOOK_ALL_PARTIES) & ~any.parties;
        }
}

typedef void offer(struct published *published, const struct cell_set *sum);

static void offer_from_csv(struct published *published, offer *take)
{
    for (size_t i = 0; i < published->figure_count; i++)
        if (!published->files[published->figures[i].file]->is_json)
            take(published, &published->figures[i].sum);
}

static void settle_offers(struct published *published)
{
    offer_from_csv(published, offer_alone);
    offer_from_csv(published, offer_together);
    for (size_t i = 0; i < published->places.count; i++) {
        struct protect_offered *offered = &published->places.place[i].offered;
        if (offered->channels == 0)
            offered->channels = CODEBOOK_ALL_CHANNELS;
        if (offered->parties == 0)
            offered->parties = CODEBOOK_ALL_PARTIES;
    }
}

/* json first: it knows more of its places. */
enum base_code published_settle(struct published *published, struct base_error *error)
{
    for (size_t i = 0; i < published->file_count; i++)
        if (published->files[i]->is_json && settle_file(published, i, 0, error) != BASE_OK)
            return error->code;
    const size_t json_places = published->places.count;
    for (size_t i = 0; i < published->file_count; i++)
        if (!published->files[i]->is_json &&
            settle_file(published, i, json_places, error) != BASE_OK)
            return error->code;
    settle_offers(published);
    return BASE_OK;
}
