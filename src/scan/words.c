#include "words.h"

#include <string.h>

static bool is_one_of(const char *word, size_t length, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (strlen(*list) == length && memcmp(word, *list, length) == 0)
            return true;
    }
    return false;
}

static const char *const person_words[] = {
    "han",      "hun",       "ham",          "hende",     "hans",       "hendes",   "jeg",
    "min",      "mit",       "mine",         "mor",       "far",        "moderen",  "faderen",
    "søn",      "sønnen",    "datter",       "datteren",  "søster",     "bror",     "kæreste",
    "kæresten", "mand",      "kone",         "ægtefælle", "ekskæreste", "klienten", "borgeren",
    "pigen",    "drengen",   "hendes",       "årige",     "mormor",     "moster",   "farmor",
    "stedfar",  "stedmor",   "plejefamilie", "he",        "she",        "him",      "her",
    "his",      "hers",      "mother",       "father",    "son",        "daughter", "sister",
    "brother",  "boyfriend", "girlfriend",   "husband",   "wife",       NULL};

bool words_speak_of_person(const char *words)
{
    while (*words != '\0') {
        const size_t length = strcspn(words, " ");
        if (is_one_of(words, length, person_words))
            return true;
        words += length;
        words += *words == ' ';
    }
    return false;
}

static bool holds_any(const char *text, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (strstr(text, *list) != NULL)
            return true;
    }
    return false;
}

bool words_announce_phone(const char *before)
{
    static const char *const words[] = {"tlf",  "telefon", "mobil", "phone", "tel.",
                                        "tel:", "ring på", "call ", NULL};
    return holds_any(before, words);
}

bool words_announce_cpr(const char *before)
{
    static const char *const words[] = {"cpr", "personnr", "personnummer", "person nr", NULL};
    return holds_any(before, words);
}

bool words_announce_birthday(const char *before)
{
    static const char *const words[] = {"født", "fødselsda", "born ", "birth", "dob", NULL};
    const size_t length = strlen(before);
    return holds_any(before, words) || (length >= 4 && strcmp(before + length - 4, " f. ") == 0) ||
           (length >= 4 && strcmp(before + length - 4, "(f. ") == 0);
}

bool words_relative(const char *word)
{
    static const char *const words[] = {
        "mor",      "far",      "moder",     "fader",      "mormor",  "morfar",  "farmor",
        "farfar",   "søn",      "datter",    "bror",       "søster",  "kæreste", "mand",
        "kone",     "hustru",   "ægtefælle", "samlever",   "eks",     "moster",  "faster",
        "onkel",    "tante",    "stedfar",   "stedmor",    "barn",    "børn",    "forældre",
        "plejemor", "plejefar", "ven",       "veninde",    "lærer",   "nabo",    "kollega",
        "mother",   "father",   "son",       "daughter",   "brother", "sister",  "husband",
        "wife",     "partner",  "boyfriend", "girlfriend", "friend",  "parents", "teacher",
        NULL};
    return is_one_of(word, strlen(word), words);
}

bool words_title(const char *word)
{
    static const char *const words[] = {"hr", "fru", "frk", "frøken", "herr", "herre",
                                        "mr", "mrs", "ms",  "miss",   NULL};
    return is_one_of(word, strlen(word), words);
}

bool words_number_person(const char *words)
{
    static const char *const nouns[] = {"borger",   "klient",     "ung",     "unge",  "person",
                                        "patient",  "client",     "citizen", "youth", "pige",
                                        "dreng",    "kvinde",     "mand",    "barn",  "elev",
                                        "ung mand", "ung kvinde", NULL};
    const char *space = strrchr(words, ' ');
    if (space == NULL || !is_one_of(words, (size_t)(space - words), nouns))
        return false;
    const char *last = space + 1;
    const size_t digits = strspn(last, "0123456789");
    if (digits > 0)
        return digits <= 4 && last[digits] == '\0';
    return last[1] == '\0' && *last >= 'a' && *last <= 'z';
}

bool words_end_street(const char *word)
{
    static const char *const endings[] = {"gade",   "gaden",  "vej",     "vejen",  "allé",
                                          "alle",   "stræde", "strædet", "vænget", "vænge",
                                          "parken", "torv",   "torvet",  "plads",  "boulevard",
                                          "bakken", "street", "road",    NULL};
    const size_t length = strlen(word);
    for (const char *const *ending = endings; *ending != NULL; ending++) {
        const size_t size = strlen(*ending);
        if (length >= size + 2 && memcmp(word + length - size, *ending, size) == 0)
            return true;
    }
    return false;
}

bool words_common_code(const char *upper_case)
{
    static const char *const codes[] = {
        "DKK", "EUR", "USD", "SEK", "NOK", "GBP", "KR",  "JA",  "NEJ", "YES", "NO",  "NA",  "DK",
        "SE",  "DE",  "GB",  "UK",  "US",  "FI",  "IS",  "FO",  "GL",  "NL",  "FR",  "PL",  "EU",
        "M",   "K",   "F",   "X",   "I",   "II",  "III", "IV",  "V",   "VI",  "VII", "IX",  "MAN",
        "TIR", "ONS", "TOR", "FRE", "LØR", "SØN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN",
        "JAN", "FEB", "MAR", "APR", "MAJ", "MAY", "JUN", "JUL", "AUG", "SEP", "OKT", "OCT", "NOV",
        "DEC", "SUM", "MIN", "MAX", "KM",  "KG",  "HA",  "M2",  "PCT", "OK",  "ALL", "I/A", NULL};
    return is_one_of(upper_case, strlen(upper_case), codes);
}
