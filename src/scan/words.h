/* The words that the judging knows: names, headings, words around a number. All in lower case. */
#ifndef TAVS_SCAN_WORDS_H
#define TAVS_SCAN_WORDS_H

#include "chars.h"

/* ---- names.c -------------------------------------------------------------------------------- */

enum words_first { WORDS_NO_NAME, WORDS_DOUBTFUL_NAME, WORDS_FIRST_NAME };

enum words_first words_first_name(const char *word);
bool words_family_name(const char *word);
bool words_known_family_name(const char *word); /* by the list, and no place's: not by its end */

/* For the tests: the lists are searched by halving. */
bool words_names_sorted(void);

/* ---- headings.c ----------------------------------------------------------------------------- */

/* What a heading says of its column. */
enum words_heading {
    HEADING_UNKNOWN,
    HEADING_COUNT,      /* a number of something, an amount, a share */
    HEADING_CODE,       /* codes, dates, business numbers: nothing about a person */
    HEADING_DEFINITION, /* explanations */
    HEADING_NAME,
    HEADING_NAME_MAYBE, /* "navn": of a person or of anything else */
    HEADING_INITIALS,
    HEADING_CPR,
    HEADING_PHONE,
    HEADING_BIRTHDAY,
    HEADING_ADDRESS,
    HEADING_CASE,
    HEADING_DIAGNOSIS,
    HEADING_MUNICIPALITY,
    HEADING_NOTE,
};

/* *phrase is the words that were recognised; it may be NULL. */
enum words_heading words_heading(struct scan_text text, const char **phrase);

/* True if the words (chars_fold) hold one by which somebody writes about a person: "hun", "mor". */
bool words_speak_of_person(const char *words);

/* What is said right before a number: its last letters, in lower case. */
bool words_announce_phone(const char *before);
bool words_announce_cpr(const char *before);
bool words_announce_birthday(const char *before);

/* "mor", "sister"; "fru", "mr". */
bool words_relative(const char *word);
bool words_title(const char *word);

/* True for "client 3", "ung b": a person without a name. */
bool words_number_person(const char *words);

/* True if the lower-case word ends as Danish street names do. */
bool words_end_street(const char *word);

/* True for short upper-case words that are codes rather than initials: currencies, "JA", "II". */
bool words_common_code(const char *upper_case);

#endif
