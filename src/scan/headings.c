#include "words.h"

#include <string.h>

enum {
    FOLDED_BYTES = 96,  /* a longer heading is a sentence */
    LEAST_ENDING = 5,   /* a word this long also counts at the end of a compound */
    LEAST_COMPOUND = 2, /* what must stand before it */
    MOST_WORDS = 6,
};

struct phrase {
    const char *words;
    enum words_heading heading;
};

/* The first that is found decides, so what makes a heading harmless stands first. */
static const struct phrase phrases[] = {
    {"antal", HEADING_COUNT},
    {"number of", HEADING_COUNT},
    {"no of", HEADING_COUNT},
    {"count", HEADING_COUNT},
    {"i alt", HEADING_COUNT},
    {"total", HEADING_COUNT},
    {"sum", HEADING_COUNT},
    {"andel", HEADING_COUNT},
    {"share", HEADING_COUNT},
    {"pct", HEADING_COUNT},
    {"procent", HEADING_COUNT},
    {"percent", HEADING_COUNT},
    {"gennemsnit", HEADING_COUNT},
    {"average", HEADING_COUNT},
    {"mean", HEADING_COUNT},
    {"beløb", HEADING_COUNT},
    {"amount", HEADING_COUNT},
    {"kr", HEADING_COUNT},
    {"dkk", HEADING_COUNT},
    {"pris", HEADING_COUNT},
    {"price", HEADING_COUNT},
    {"omsætning", HEADING_COUNT},
    {"population", HEADING_COUNT},
    {"befolkning", HEADING_COUNT},
    {"indbyggere", HEADING_COUNT},
    {"folketal", HEADING_COUNT},
    {"value", HEADING_COUNT},
    {"værdi", HEADING_COUNT},
    {"hits", HEADING_COUNT},
    {"bytes", HEADING_COUNT},

    {"fødselsdato", HEADING_BIRTHDAY},
    {"fødselsdag", HEADING_BIRTHDAY},
    {"født", HEADING_BIRTHDAY},
    {"fdato", HEADING_BIRTHDAY},
    {"f dato", HEADING_BIRTHDAY},
    {"birthday", HEADING_BIRTHDAY},
    {"birthdate", HEADING_BIRTHDAY},
    {"birth", HEADING_BIRTHDAY},
    {"dob", HEADING_BIRTHDAY},
    {"cpr", HEADING_CPR},
    {"cprnr", HEADING_CPR},
    {"cprnummer", HEADING_CPR},
    {"personnr", HEADING_CPR},
    {"personnummer", HEADING_CPR},
    {"pnr", HEADING_CPR},
    {"ssn", HEADING_CPR},

    {"cvr", HEADING_CODE},
    {"cvrnr", HEADING_CODE},
    {"cvr nummer", HEADING_CODE},
    {"p nummer", HEADING_CODE},
    {"p nr", HEADING_CODE},
    {"produktionsenhed", HEADING_CODE},
    {"ean", HEADING_CODE},
    {"gln", HEADING_CODE},
    {"isbn", HEADING_CODE},
    {"varenummer", HEADING_CODE},
    {"varenr", HEADING_CODE},
    {"konto", HEADING_CODE},
    {"kontonr", HEADING_CODE},
    {"account", HEADING_CODE},
    {"timestamp", HEADING_CODE},
    {"tidsstempel", HEADING_CODE},
    {"unixtime", HEADING_CODE},
    {"unix", HEADING_CODE},
    {"epoch", HEADING_CODE},
    {"hash", HEADING_CODE},
    {"kode", HEADING_CODE},
    {"code", HEADING_CODE},
    {"postnr", HEADING_CODE},
    {"postnummer", HEADING_CODE},
    {"kommunenr", HEADING_CODE},
    {"kommunenummer", HEADING_CODE},
    {"dato", HEADING_CODE},
    {"date", HEADING_CODE},
    {"år", HEADING_CODE},
    {"year", HEADING_CODE},
    {"måned", HEADING_CODE},
    {"month", HEADING_CODE},
    {"uge", HEADING_CODE},
    {"week", HEADING_CODE},
    {"kvartal", HEADING_CODE},
    {"quarter", HEADING_CODE},
    {"periode", HEADING_CODE},
    {"period", HEADING_CODE},
    {"land", HEADING_CODE},
    {"landekode", HEADING_CODE},
    {"country", HEADING_CODE},
    {"valuta", HEADING_CODE},
    {"currency", HEADING_CODE},
    {"enhed", HEADING_CODE},
    {"unit", HEADING_CODE},
    {"sprog", HEADING_CODE},
    {"language", HEADING_CODE},
    {"køn", HEADING_CODE},
    {"sex", HEADING_CODE},
    {"gender", HEADING_CODE},
    {"status", HEADING_CODE},
    {"type", HEADING_CODE},
    {"kategori", HEADING_CODE},
    {"category", HEADING_CODE},
    {"gruppe", HEADING_CODE},
    {"group", HEADING_CODE},
    {"grade", HEADING_CODE},
    {"karakter", HEADING_CODE},

    {"definition", HEADING_DEFINITION},
    {"betydning", HEADING_DEFINITION},
    {"meaning", HEADING_DEFINITION},
    {"forklaring", HEADING_DEFINITION},
    {"explanation", HEADING_DEFINITION},

    {"initial", HEADING_INITIALS},
    {"initialer", HEADING_INITIALS},
    {"initials", HEADING_INITIALS},
    {"init", HEADING_INITIALS},
    {"forbogstav", HEADING_INITIALS},
    {"forbogstaver", HEADING_INITIALS},

    {"sagsnr", HEADING_CASE},
    {"sagsnummer", HEADING_CASE},
    {"sagsid", HEADING_CASE},
    {"sags id", HEADING_CASE},
    {"sag id", HEADING_CASE},
    {"sag nr", HEADING_CASE},
    {"sags nr", HEADING_CASE},
    {"journalnr", HEADING_CASE},
    {"journalnummer", HEADING_CASE},
    {"journal nr", HEADING_CASE},
    {"klientnr", HEADING_CASE},
    {"klientnummer", HEADING_CASE},
    {"klient nr", HEADING_CASE},
    {"klient id", HEADING_CASE},
    {"borgernr", HEADING_CASE},
    {"borger nr", HEADING_CASE},
    {"borger id", HEADING_CASE},
    {"person id", HEADING_CASE},
    {"patient id", HEADING_CASE},
    {"patient nr", HEADING_CASE},
    {"case number", HEADING_CASE},
    {"case no", HEADING_CASE},
    {"case nr", HEADING_CASE},
    {"case id", HEADING_CASE},
    {"case ref", HEADING_CASE},
    {"record number", HEADING_CASE},
    {"journal number", HEADING_CASE},
    {"client number", HEADING_CASE},
    {"client id", HEADING_CASE},

    {"fornavn", HEADING_NAME},
    {"efternavn", HEADING_NAME},
    {"mellemnavn", HEADING_NAME},
    {"kaldenavn", HEADING_NAME},
    {"personnavn", HEADING_NAME},
    {"klientnavn", HEADING_NAME},
    {"borgernavn", HEADING_NAME},
    {"patientnavn", HEADING_NAME},
    {"klientens navn", HEADING_NAME},
    {"borgerens navn", HEADING_NAME},
    {"fulde navn", HEADING_NAME},
    {"first name", HEADING_NAME},
    {"firstname", HEADING_NAME},
    {"given name", HEADING_NAME},
    {"forename", HEADING_NAME},
    {"last name", HEADING_NAME},
    {"lastname", HEADING_NAME},
    {"family name", HEADING_NAME},
    {"surname", HEADING_NAME},
    {"full name", HEADING_NAME},
    {"client name", HEADING_NAME},
    {"patient name", HEADING_NAME},

    {"adresse", HEADING_ADDRESS},
    {"bopæl", HEADING_ADDRESS},
    {"vejnavn", HEADING_ADDRESS},
    {"address", HEADING_ADDRESS},
    {"street", HEADING_ADDRESS},

    {"diagnose", HEADING_DIAGNOSIS},
    {"diagnoser", HEADING_DIAGNOSIS},
    {"diagnosis", HEADING_DIAGNOSIS},
    {"diagnoses", HEADING_DIAGNOSIS},
    {"problem", HEADING_DIAGNOSIS},
    {"problemer", HEADING_DIAGNOSIS},
    {"problematik", HEADING_DIAGNOSIS},
    {"problematikker", HEADING_DIAGNOSIS},
    {"problems", HEADING_DIAGNOSIS},
    {"misbrug", HEADING_DIAGNOSIS},
    {"rusmiddel", HEADING_DIAGNOSIS},
    {"rusmidler", HEADING_DIAGNOSIS},
    {"stof", HEADING_DIAGNOSIS},
    {"stoffer", HEADING_DIAGNOSIS},
    {"medicin", HEADING_DIAGNOSIS},
    {"sygdom", HEADING_DIAGNOSIS},
    {"lidelse", HEADING_DIAGNOSIS},
    {"illness", HEADING_DIAGNOSIS},
    {"condition", HEADING_DIAGNOSIS},
    {"medication", HEADING_DIAGNOSIS},
    {"drug", HEADING_DIAGNOSIS},
    {"drugs", HEADING_DIAGNOSIS},

    {"kommune", HEADING_MUNICIPALITY},
    {"bopælskommune", HEADING_MUNICIPALITY},
    {"hjemby", HEADING_MUNICIPALITY},
    {"by", HEADING_MUNICIPALITY},
    {"bynavn", HEADING_MUNICIPALITY},
    {"municipality", HEADING_MUNICIPALITY},
    {"town", HEADING_MUNICIPALITY},
    {"city", HEADING_MUNICIPALITY},

    {"telefon", HEADING_PHONE},
    {"telefonnr", HEADING_PHONE},
    {"telefonnummer", HEADING_PHONE},
    {"tlf", HEADING_PHONE},
    {"tlfnr", HEADING_PHONE},
    {"tel", HEADING_PHONE},
    {"mobil", HEADING_PHONE},
    {"mobilnr", HEADING_PHONE},
    {"phone", HEADING_PHONE},
    {"telephone", HEADING_PHONE},
    {"mobile", HEADING_PHONE},
    {"kontakt", HEADING_PHONE},
    {"contact", HEADING_PHONE},

    {"notat", HEADING_NOTE},
    {"notater", HEADING_NOTE},
    {"bemærkning", HEADING_NOTE},
    {"bemærkninger", HEADING_NOTE},
    {"kommentar", HEADING_NOTE},
    {"kommentarer", HEADING_NOTE},
    {"journal", HEADING_NOTE},
    {"fritekst", HEADING_NOTE},
    {"referat", HEADING_NOTE},
    {"årsag", HEADING_NOTE},
    {"problemstilling", HEADING_NOTE},
    {"comment", HEADING_NOTE},
    {"comments", HEADING_NOTE},
    {"remark", HEADING_NOTE},
    {"remarks", HEADING_NOTE},
    {"free text", HEADING_NOTE},

    {"navn", HEADING_NAME_MAYBE},
    {"navne", HEADING_NAME_MAYBE},
    {"name", HEADING_NAME_MAYBE},
    {"names", HEADING_NAME_MAYBE},
    {"hvem", HEADING_NAME_MAYBE},
    {"klient", HEADING_NAME_MAYBE},
    {"borger", HEADING_NAME_MAYBE},
    {"person", HEADING_NAME_MAYBE},
    {"patient", HEADING_NAME_MAYBE},
    {"elev", HEADING_NAME_MAYBE},
    {"ung", HEADING_NAME_MAYBE},
    {"who", HEADING_NAME_MAYBE},
    {"client", HEADING_NAME_MAYBE},
};

/* The phrase as whole words, or as the end of a longer word. */
static bool holds(const char *words, const char *phrase)
{
    const size_t length = strlen(phrase);
    for (const char *at = words; (at = strstr(at, phrase)) != NULL; at++) {
        const char after = at[length];
        if (after != ' ' && after != '\0')
            continue;
        if (at == words || at[-1] == ' ')
            return true;
        if (length >= LEAST_ENDING && at - words >= LEAST_COMPOUND)
            return true;
    }
    return false;
}

enum words_heading words_heading(struct scan_text text, const char **phrase)
{
    char words[FOLDED_BYTES];
    if (text.size >= sizeof words || chars_fold(text, words, sizeof words) == 0)
        return HEADING_UNKNOWN;
    size_t spaces = 0;
    for (const char *at = words; *at != '\0'; at++)
        spaces += *at == ' ';
    if (spaces >= MOST_WORDS)
        return HEADING_UNKNOWN;
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        if (!holds(words, phrases[i].words))
            continue;
        if (phrase != NULL)
            *phrase = phrases[i].words;
        return phrases[i].heading;
    }
    return HEADING_UNKNOWN;
}
