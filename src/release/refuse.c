/* What is refused before anything is protected, each with its way out. */
#include <stdio.h>
#include <string.h>

#include "inside.h"

enum { COMMAND_TEXT = 96, WAY_TEXT = 256, REASON_TEXT = 256 };

/* "north: ", or nothing where there is only one place. */
static const char *name_of(const struct release_place *place)
{
    return place->name == NULL ? "" : place->name;
}

static const char *colon_of(const struct release_place *place)
{
    return place->name == NULL ? "" : ": ";
}

/* ---- counts that can't be ------------------------------------------------------------------- */

static const char *code_of(struct codebook_contact contact, enum codebook_dimension dimension)
{
    return codebook_code(dimension, contact.value[dimension]);
}

/* " --channels phone,mail": what is offered and `value`, which is not; nothing if it is. */
static void name_offer(const char *option, enum codebook_dimension dimension, codebook_set offered,
                       unsigned value, char text[COMMAND_TEXT])
{
    const codebook_set wanted = (codebook_set)(offered | 1U << value);
    size_t length = 0;
    text[0] = '\0';
    for (unsigned i = 0; wanted != offered && i < codebook_values(dimension); i++)
        if ((wanted >> i & 1U) != 0)
            length += (size_t)snprintf(text + length, COMMAND_TEXT - length, "%s%s",
                                       length == 0 ? option : ",", codebook_code(dimension, i));
}

/* What is not offered can't be counted before it is: "tavs offer --channels phone,mail, then ". */
static void name_way(const struct release_place *place, struct codebook_contact contact,
                     char way[WAY_TEXT])
{
    char channels[COMMAND_TEXT], parties[COMMAND_TEXT];
    name_offer(" --channels ", CODEBOOK_CHANNEL, place->now.channels,
               contact.value[CODEBOOK_CHANNEL], channels);
    name_offer(" --parties ", CODEBOOK_PARTY, place->now.parties, contact.value[CODEBOOK_PARTY],
               parties);
    const bool offer = channels[0] != '\0' || parties[0] != '\0';
    /* TRANSLATORS: between two commands, one after the other: "tavs offer …, then tavs log …". */
    (void)snprintf(way, WAY_TEXT, "%s%s%s%s", offer ? "tavs offer" : "", channels, parties,
                   offer ? _(", then ") : "");
}

/* "March 2017, phone, user, 2", and what counts it again. Codes, which every language takes. */
static enum base_code fail_below_zero(const struct release_place *place, base_month month,
                                      unsigned cell, struct base_error *error)
{
    const struct codebook_contact contact = codebook_contact_of(cell);
    const char *channel = code_of(contact, CODEBOOK_CHANNEL),
               *party = code_of(contact, CODEBOOK_PARTY),
               *session = code_of(contact, CODEBOOK_SESSION);
    char words[BASE_WORDS_TEXT], text[BASE_MONTH_TEXT], way[WAY_TEXT];
    base_month_words(month, words);
    base_month_format(month, text);
    name_way(place, contact, way);
    return base_fail(error, BASE_COUNT_BELOW_ZERO,
                     "%s%s%s, %s, %s, %s (%stavs log --month %s %s %s %s)", name_of(place),
                     colon_of(place), words, channel, party, session, way, text, channel, party,
                     session);
}

static enum base_code refuse_below_zero(const struct release_place *place, base_month last,
                                        struct base_error *error)
{
    const struct tally_counts *life = place->life;
    for (size_t month = life->period.first; month <= life->period.last && month <= last; month++)
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
            if (life->cells[month - life->period.first][cell] < 0)
                return fail_below_zero(place, (base_month)month, cell, error);
    return BASE_OK;
}

/* The last month in which such a conversation was counted. */
static base_month last_counted(const struct tally_counts *life, base_month last, unsigned party,
                               unsigned session)
{
    base_month month = last < life->period.last ? last : life->period.last;
    for (; month > life->period.first; month--) {
        const struct table_selection one = {{month, month},
                                            CODEBOOK_ALL_CHANNELS,
                                            (codebook_set)(1U << party),
                                            (codebook_set)(1U << session)};
        if (table_any_counted(life, one))
            break;
    }
    return month;
}

static enum base_code refuse_sessions(const struct release_place *place, base_month last,
                                      struct base_error *error)
{
    const struct base_period so_far = {place->life->period.first, last};
    for (unsigned party = 0; party < CODEBOOK_PARTIES; party++) {
        int64_t before = 0;
        for (unsigned session = 0; session < CODEBOOK_SESSIONS; session++) {
            const struct table_selection one = {so_far, CODEBOOK_ALL_CHANNELS,
                                                (codebook_set)(1U << party),
                                                (codebook_set)(1U << session)};
            const int64_t here = table_sum(place->life, one);
            char words[BASE_WORDS_TEXT], month[BASE_MONTH_TEXT];
            if (session == 0 || here <= before) {
                before = here;
                continue;
            }
            base_month_words(last, words);
            base_month_format(last_counted(place->life, last, party, session), month);
            return base_fail(error, BASE_SESSION_EXCEEDS,
                             _("%s%s%s, conversation %u than %u, up to %s (tavs retract --month %s "
                               "CHANNEL %s %u)"),
                             name_of(place), colon_of(place), codebook_code(CODEBOOK_PARTY, party),
                             session + 1, session, words, month,
                             codebook_code(CODEBOOK_PARTY, party), session + 1);
        }
    }
    return BASE_OK;
}

enum base_code refuse_counts(const struct release_place *places, size_t place_count,
                             base_month last, struct base_error *error)
{
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < place_count; i++) {
        if (places[i].life == NULL)
            continue;
        code = refuse_below_zero(&places[i], last, error);
        if (code == BASE_OK)
            code = refuse_sessions(&places[i], last, error);
    }
    return code;
}

/* ---- months that are not closed ----------------------------------------------------------------- */

/* What of the periods that hang together with this one, in its year, is closed. */
static bool find_closed_part(const struct base_period *periods, size_t at,
                             base_month closed_through, struct base_period *part)
{
    size_t from = at;
    while (from > 0 && periods[from - 1].last + 1 == periods[from].first &&
           base_month_year(periods[from - 1].first) == base_month_year(periods[at].first))
        from--;
    *part = (struct base_period){periods[from].first, closed_through};
    return periods[from].first <= closed_through;
}

static enum base_code fail_open(const struct release_place *place,
                                const struct base_period *periods, size_t period_count, size_t at,
                                struct base_error *error)
{
    base_month last = 0;
    for (size_t i = 0; i < period_count; i++)
        if (periods[i].last > last)
            last = periods[i].last;
    const base_month first = place->closed_through + 1 > periods[at].first
                                 ? (base_month)(place->closed_through + 1)
                                 : periods[at].first;
    char words[BASE_WORDS_TEXT], text[BASE_PERIOD_TEXT], close[COMMAND_TEXT] = "",
                                                         part_text[COMMAND_TEXT] = "";
    struct base_period part;
    base_months_words((struct base_period){first, last}, words);
    if (last < base_month_now()) {
        base_month_format(last, text);
        (void)snprintf(close, sizeof close, "tavs close %s", text);
    }
    if (find_closed_part(periods, at, place->closed_through, &part)) {
        base_period_format(part, text);
        (void)snprintf(part_text, sizeof part_text, "tavs publish %s", text);
    }
    const bool both = close[0] != '\0' && part_text[0] != '\0';
    const bool any = close[0] != '\0' || part_text[0] != '\0';
    /* TRANSLATORS: between two commands: "tavs close 2026-12, or tavs publish 2026-01..2026-11". */
    return base_fail(error, BASE_PERIOD_NOT_CLOSED, "%s%s%s%s%s%s%s%s", name_of(place),
                     colon_of(place), words, any ? " (" : "", close, both ? _(", or ") : "",
                     part_text, any ? ")" : "");
}

enum base_code refuse_open(const struct release_place *places, size_t place_count,
                           const struct base_period *periods, size_t period_count,
                           struct base_error *error)
{
    for (size_t i = 0; i < place_count; i++)
        for (size_t j = 0; j < period_count; j++)
            if (periods[j].last > places[i].closed_through)
                return fail_open(&places[i], periods, period_count, j, error);
    return BASE_OK;
}

enum base_code refuse_open_through(const struct release_place *places, size_t place_count,
                                   base_month last, struct base_error *error)
{
    for (size_t i = 0; i < place_count; i++) {
        const base_month first = (base_month)(places[i].closed_through + 1);
        char words[BASE_WORDS_TEXT], text[BASE_MONTH_TEXT];
        if (first > last)
            continue;
        base_months_words((struct base_period){places[i].closed_through == 0 ? last : first, last},
                          words);
        base_month_format(last, text);
        return base_fail(error, BASE_PERIOD_NOT_CLOSED, "%s%s%s (tavs close %s)",
                         name_of(&places[i]), colon_of(&places[i]), words, text);
    }
    return BASE_OK;
}

/* ---- releases that stand in the way ------------------------------------------------------------- */

static bool is_about_year(const struct record_release *record, const struct base_period *periods,
                          size_t period_count, struct base_period *year)
{
    for (size_t i = 0; i < record->period_count; i++) {
        for (size_t j = 0; j < period_count; j++) {
            *year = year_of(periods[j].first);
            if (base_month_year(record->periods[i].first) == base_month_year(periods[j].first))
                return true;
        }
    }
    return false;
}

enum base_code refuse_others(const struct prior_releases *prior, const struct release_place *places,
                             size_t place_count, const struct base_period *periods,
                             size_t period_count, struct base_error *error)
{
    struct base_period year;
    for (size_t i = 0; i < prior->count; i++)
        if (prior->list[i].has_others &&
            is_about_year(prior->list[i].record, periods, period_count, &year))
            return base_fail(error, BASE_PLACE_MISSING, place_count > 1 ? "%s: %d" : "%s%d",
                             name_of(&places[prior->list[i].place]), base_month_year(year.first));
    return BASE_OK;
}

/* "3", "north: 3"; of several "3, 5". */
enum base_code refuse_outdated(const struct prior_releases *prior,
                               const struct release_place *places, size_t place_count,
                               struct base_error *error)
{
    char reason[REASON_TEXT] = "";
    size_t length = 0;
    for (size_t i = 0; i < prior->count && length < sizeof reason; i++) {
        const struct release_place *place = &places[prior->list[i].place];
        if (prior_agrees(&prior->list[i], places))
            continue;
        const int more =
            snprintf(reason + length, sizeof reason - length, "%s%s%s%u", length > 0 ? ", " : "",
                     place_count > 1 ? name_of(place) : "", place_count > 1 ? ": " : "",
                     (unsigned)prior->list[i].record->number);
        length += more > 0 ? (size_t)more : 0;
    }
    return length == 0 ? BASE_OK : base_fail(error, BASE_CORRECT_FIRST, "%s", reason);
}
