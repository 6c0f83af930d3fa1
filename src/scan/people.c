/* Names, initials, addresses: what is told by words. */
#include <string.h>

#include "find.h"
#include "tavs/secret.h"
#include "words.h"

enum { WORD_BYTES = 40, SHAPE_BYTES = 80, MOST_NAMES = 4, FEW_WORDS = 4, FEW_BYTES = 80 };

/* ---- words ---------------------------------------------------------------------------------- */

enum gap { GAP_OTHER, GAP_SPACE, GAP_COMMA };

struct word {
    size_t start, size;
    size_t letters;
    bool capital;           /* begins with a capital letter */
    bool dotted;            /* one letter and a dot */
    enum gap gap;           /* to the word before it */
    char lower[WORD_BYTES]; /* "" if it is longer */
};

static void lower_word(struct scan_text text, struct word *word)
{
    size_t length = 0;
    word->lower[0] = '\0';
    if (word->size >= sizeof word->lower)
        return;
    for (size_t i = 0; i < word->size; i++) { /* ASCII and the two-byte letters of Latin-1 */
        const unsigned char c = (unsigned char)text.at[word->start + i];
        const bool after_c3 = i > 0 && (unsigned char)text.at[word->start + i - 1] == 0xc3;
        const bool upper = (c >= 'A' && c <= 'Z') || (after_c3 && c >= 0x80 && c <= 0x9e);
        word->lower[length++] = (char)(upper ? c + 0x20 : c);
    }
    word->lower[length] = '\0';
}

static bool is_apostrophe(uint32_t point)
{
    return point == '\'' || point == 0x2019;
}

/* The next word from *at on; false at the end of the text. Moves *at past it. */
static bool next_word(struct scan_text text, size_t *at, struct word *word)
{
    size_t i = *at, size, spaces = 0, commas = 0, others = 0;
    uint32_t point = 0;
    for (; i < text.size; i += size) {
        point = chars_next(text.at + i, text.size - i, &size);
        if (chars_is_letter(point))
            break;
        spaces += chars_is_space(point);
        commas += point == ',';
        others += !chars_is_space(point) && point != ',' && !(i == *at && is_apostrophe(point));
    }
    if (i >= text.size)
        return false;
    word->gap = others > 0 || commas > 1 || spaces + commas == 0 || spaces > 2 ? GAP_OTHER
                : commas == 1                                                  ? GAP_COMMA
                                                                               : GAP_SPACE;
    word->start = i;
    word->capital = chars_is_upper(point);
    word->letters = 0;
    for (; i < text.size; i += size) {
        point = chars_next(text.at + i, text.size - i, &size);
        if (!chars_is_letter(point) &&
            !((point == '-' || is_apostrophe(point)) && i + size < text.size &&
              chars_is_letter(chars_next(text.at + i + size, text.size - i - size, &(size_t){0}))))
            break;
        word->letters++;
    }
    word->size = i - word->start;
    word->dotted = word->letters == 1 && i < text.size && text.at[i] == '.';
    *at = word->dotted ? i + 1 : i;
    lower_word(text, word);
    return true;
}

size_t find_words(struct scan_text text, size_t most)
{
    struct word word;
    size_t at = 0, count = 0;
    while (count < most && next_word(text, &at, &word))
        count++;
    secret_wipe(&word, sizeof word);
    return count;
}

bool find_speaks_of_person(struct scan_text text)
{
    struct word word;
    size_t at = 0;
    bool spoken = false;
    while (!spoken && next_word(text, &at, &word))
        spoken = words_speak_of_person(word.lower);
    secret_wipe(&word, sizeof word);
    return spoken;
}

/* ---- names ---------------------------------------------------------------------------------- */

/* "Allé" as well as "Østerallé". */
static bool is_street_word(const char *lower)
{
    char longer[WORD_BYTES + 2] = "xx";
    memcpy(longer + 2, lower, strlen(lower) + 1);
    return words_end_street(longer);
}

/* What makes two capitalised words the name of a place or an office. */
static bool is_of_place(const char *lower)
{
    static const char *const words[] = {
        "kommune", "skole",      "skolen", "hospital", "center",  "centret",     "centeret",
        "kirke",   "fonden",     "fond",   "havn",     "museum",  "universitet", "region",
        "amt",     "sogn",       "hus",    "huset",    "minde",   "park",        "plejehjem",
        "school",  "county",     "street", "church",   "college", "house",       "as",
        "aps",     "university", NULL};
    for (const char *const *word = words; *word != NULL; word++) {
        if (strcmp(lower, *word) == 0)
            return true;
    }
    return is_street_word(lower);
}

static bool is_particle(const char *lower)
{
    static const char *const words[] = {"van", "von", "de",  "der", "af",
                                        "el",  "al",  "bin", "la",  NULL};
    for (const char *const *word = words; *word != NULL; word++) {
        if (strcmp(lower, *word) == 0)
            return true;
    }
    return false;
}

/* What follows a first name. */
struct rest {
    size_t end;
    size_t words;
    bool family, initial, place;
};

static void read_rest(struct scan_text text, size_t at, bool any_case, struct rest *rest)
{
    struct word word;
    memset(rest, 0, sizeof *rest);
    while (rest->words < MOST_NAMES - 1 && next_word(text, &at, &word) && word.gap == GAP_SPACE) {
        if (!word.capital && !any_case) {
            if (is_particle(word.lower))
                continue;
            break;
        }
        rest->words++;
        rest->end = at;
        rest->place = rest->place || is_of_place(word.lower);
        rest->initial = word.letters == 1;
        rest->family = rest->family || words_family_name(word.lower);
    }
    secret_wipe(&word, sizeof word);
}

static bool judge_name(enum words_first first, const struct rest *rest, bool prose,
                       enum scan_confidence *confidence)
{
    if (first == WORDS_NO_NAME || rest->words == 0 || rest->place)
        return false;
    if (rest->family) {
        *confidence = prose || first == WORDS_DOUBTFUL_NAME ? SCAN_MEDIUM : SCAN_HIGH;
        return true;
    }
    *confidence = prose ? SCAN_LOW : SCAN_MEDIUM;
    return first == WORDS_FIRST_NAME;
}

/* "Hansen Mette", "Hansen, Mette". A word that only looks like a family name needs a sure first name. */
static bool ends_reversed(const struct word *before, const struct word *word,
                          enum words_first first, bool any_case)
{
    if (first == WORDS_NO_NAME || before->size == 0 || !(before->capital || any_case))
        return false;
    if (word->gap == GAP_COMMA)
        return before->capital && words_family_name(before->lower);
    return word->gap == GAP_SPACE &&
           (first == WORDS_FIRST_NAME ? words_family_name(before->lower)
                                      : words_known_family_name(before->lower));
}

/* "Mettes", "Mette's", "Lars'": whose. "Hans mor" is his mother. */
static enum words_first name_of_whom(const struct word *word)
{
    char stem[WORD_BYTES];
    size_t length = strlen(word->lower);
    if (length < 3 || word->lower[length - 1] != 's' || strcmp(word->lower, "hans") == 0)
        return WORDS_NO_NAME;
    enum words_first first = words_first_name(word->lower);
    if (first != WORDS_NO_NAME)
        return first;
    memcpy(stem, word->lower, length + 1);
    stem[--length] = '\0';
    if (stem[length - 1] == '\'')
        stem[length - 1] = '\0';
    else if (length > 3 && strcmp(stem + length - 3, "\u2019") == 0)
        stem[length - 3] = '\0';
    first = words_first_name(stem);
    secret_wipe(stem, sizeof stem);
    return first;
}

/* "mor til", "mother of" */
static bool is_of_relative(const struct word *before, const struct word *word)
{
    return word->gap == GAP_SPACE && words_relative(before->lower) &&
           (strcmp(word->lower, "til") == 0 || strcmp(word->lower, "of") == 0);
}

/* "Mettes mor", "fru Hansen", in a cell also "M. Hansen": the word before and this one. */
static bool names_by_two(const struct word *before, const struct word *word, bool prose,
                         bool any_case, enum scan_confidence *confidence)
{
    if (before->size == 0 || word->gap == GAP_COMMA)
        return false;
    const enum words_first whose =
        before->capital || any_case ? name_of_whom(before) : WORDS_NO_NAME;
    if (whose != WORDS_NO_NAME && word->gap == GAP_SPACE && words_relative(word->lower)) {
        *confidence = prose && whose == WORDS_DOUBTFUL_NAME ? SCAN_LOW : SCAN_MEDIUM;
        return true;
    }
    *confidence = prose ? SCAN_LOW : SCAN_MEDIUM;
    if (!words_known_family_name(word->lower))
        return false;
    return (words_title(before->lower) && (word->capital || !prose)) ||
           (!prose && before->letters == 1);
}

void find_names(struct scan_text text, bool prose, find_take *take, void *taker)
{
    const bool any_case =
        !prose && text.size <= FEW_BYTES && find_words(text, FEW_WORDS + 1) <= FEW_WORDS;
    struct word word, before = {.size = 0};
    size_t at = 0;
    while (next_word(text, &at, &word)) {
        const enum words_first first =
            word.capital || any_case ? words_first_name(word.lower) : WORDS_NO_NAME;
        struct find_hit hit = {.kind = SCAN_NAME, .start = word.start};
        struct rest rest;
        if (names_by_two(&before, &word, prose, any_case, &hit.confidence)) {
            hit.start = before.start;
            hit.size = at - before.start;
            take(taker, &hit);
        } else if (ends_reversed(&before, &word, first, any_case)) {
            hit.confidence = prose                          ? SCAN_LOW
                             : first == WORDS_DOUBTFUL_NAME ? SCAN_MEDIUM
                                                            : SCAN_HIGH;
            hit.start = before.start;
            hit.size = at - before.start;
            take(taker, &hit);
        } else if (first != WORDS_NO_NAME) {
            read_rest(text, at, any_case, &rest);
            const bool needs_family = !word.capital;
            if (judge_name(first, &rest, prose, &hit.confidence) &&
                (rest.family || !needs_family)) {
                hit.size = rest.end - word.start;
                if (needs_family)
                    hit.confidence = SCAN_MEDIUM;
                take(taker, &hit);
                at = rest.end;
            } else if (word.gap == GAP_SPACE && words_relative(before.lower)) {
                /* "mor til Mette", "hans søster Mette" */
                hit.size = word.size;
                hit.confidence = prose && first == WORDS_DOUBTFUL_NAME ? SCAN_LOW : SCAN_MEDIUM;
                take(taker, &hit);
            }
        }
        if (!is_of_relative(&before, &word))
            before = word;
    }
    secret_wipe(&word, sizeof word);
    secret_wipe(&before, sizeof before);
}

/* ---- addresses ------------------------------------------------------------------------------ */

/* The size of " 12" or " 12 b" at `at`, or 0. */
static size_t house_number(struct scan_text text, size_t at)
{
    size_t i = at;
    while (i < text.size && (text.at[i] == ' ' || text.at[i] == ','))
        i++;
    const size_t start = i;
    while (i < text.size && chars_is_digit((unsigned char)text.at[i]))
        i++;
    const bool more = i + 1 < text.size && (text.at[i] == '.' || text.at[i] == ',') &&
                      chars_is_digit((unsigned char)text.at[i + 1]);
    return start > at && i > start && i - start <= 3 && !more ? i - at : 0;
}

void find_addresses(struct scan_text text, bool prose, find_take *take, void *taker)
{
    struct word word, before = {.size = 0};
    size_t at = 0;
    while (next_word(text, &at, &word)) {
        const bool two_words = before.size > 0 && before.capital && word.gap == GAP_SPACE;
        const bool street = word.capital && (words_end_street(word.lower) ||
                                             (two_words && is_street_word(word.lower)));
        const size_t number = street ? house_number(text, at) : 0;
        if (number > 0) {
            const struct find_hit hit = {SCAN_ADDRESS, prose ? SCAN_LOW : SCAN_MEDIUM, word.start,
                                         at + number - word.start};
            take(taker, &hit);
        }
        before = word;
    }
    secret_wipe(&word, sizeof word);
    secret_wipe(&before, sizeof before);
}

/* ---- whole cells ---------------------------------------------------------------------------- */

/* "A.", "M.K.", "J.-P." are dotted; "A", "MK", "M K" are letters. */
static enum find_shape initials_shape(struct scan_text text)
{
    size_t letters = 0, dots = 0;
    bool after_letter = false;
    for (size_t i = 0, size; i < text.size; i += size) {
        const uint32_t point = chars_next(text.at + i, text.size - i, &size);
        if (chars_is_upper(point)) {
            letters++;
            after_letter = true;
        } else if (point == '.' && after_letter) {
            dots++;
            after_letter = false;
        } else if (letters == 0 || (point != ' ' && point != '-')) {
            return FIND_OTHER;
        }
    }
    if (letters == 0 || letters > 4)
        return FIND_OTHER;
    if (dots > 0)
        return FIND_DOTTED;
    return letters <= 3 ? FIND_LETTERS : FIND_OTHER;
}

static enum find_shape word_shape(const struct word *word)
{
    const enum words_first first = words_first_name(word->lower);
    if (first == WORDS_FIRST_NAME)
        return FIND_FIRST_NAME;
    if (words_known_family_name(word->lower) || (word->capital && words_family_name(word->lower)))
        return FIND_FAMILY_NAME;
    if (!word->capital)
        return FIND_OTHER;
    return first == WORDS_DOUBTFUL_NAME ? FIND_DOUBTFUL_NAME : FIND_WORD;
}

enum find_shape find_shape(struct scan_text text)
{
    char words[SHAPE_BYTES];
    text = chars_trim(text);
    if (text.size == 0 || text.size > SHAPE_BYTES)
        return FIND_OTHER;
    enum find_shape shape = initials_shape(text);
    if (shape != FIND_OTHER)
        return shape;
    if (chars_fold(text, words, sizeof words) > 0) {
        const bool person = words_number_person(words);
        secret_wipe(words, sizeof words);
        if (person)
            return FIND_PERSON;
    }
    struct word word, first;
    size_t at = 0, count = 0;
    while (next_word(text, &at, &word)) {
        if (count == 0)
            first = word;
        if (count > 0 && ((!word.capital && !is_particle(word.lower)) || word.gap != GAP_SPACE ||
                          is_of_place(word.lower)))
            return FIND_OTHER;
        count++;
    }
    if (count == 0 || count > MOST_NAMES || first.start != 0 ||
        (at != text.size && chars_trim((struct scan_text){text.at + at, text.size - at}).size > 0))
        return FIND_OTHER;
    shape = count == 1 ? word_shape(&first) : first.capital ? FIND_WORDS : FIND_OTHER;
    secret_wipe(&word, sizeof word);
    secret_wipe(&first, sizeof first);
    return shape;
}
