#include "words.h"

/* The first letters of a dimension's words differ in each language: they are the keys. Every code
 * is a word or a key, and so it is understood too.
 *
 * No word means two values of a dimension, in whichever languages. "internet" is not in the English
 * list, so that "in" stays short for "in-person"; it is understood in full all the same. */
const struct words_dimension words_dimensions[CODEBOOK_DIMENSIONS] = {
    [CODEBOOK_CHANNEL] =
        {
            "channel",
            CODEBOOK_CHANNELS,
            {
                {"in-person",
                 {"in-person", "personlig"},
                 {{"in person", "inperson", "personal", "face-to-face", "face to face", "visit",
                   "walk-in", "meeting"},
                  {"personligt", "personlig henvendelse", "fremmøde", "fremmødt", "fysisk",
                   "fysisk fremmøde", "besøg", "møde"}}},
                {"phone",
                 {"phone", "telefon"},
                 {{"telephone", "tel", "tel.", "phone call", "call"},
                  {"telefonisk", "telefonopkald", "tlf", "tlf.", "opkald", "opringning"}}},
                {"mail",
                 {"mail", "mail"},
                 {{"e-mail", "email", "post", "letter"},
                  {"e-mail", "email", "e-post", "epost", "post", "brev"}}},
                {"web",
                 {"web", "hjemmeside"},
                 {{"website", "web page", "webpage", "net", "online", "chat"},
                  {"hjemmesiden", "webside", "website", "internet", "internettet", "net", "nettet",
                   "online", "chat"}}},
            },
        },
    [CODEBOOK_PARTY] =
        {
            "party",
            CODEBOOK_PARTIES,
            {
                {"user",
                 {"user", "bruger"},
                 {{"drug user", "client", "citizen"}, {"stofbruger", "borger", "klient"}}},
                {"relative",
                 {"relative", "pårørende"},
                 {{"family", "next of kin", "next-of-kin", "kin", "parent"},
                  {"familie", "slægtning", "forælder"}}},
                {"professional",
                 {"professional", "fagperson"},
                 {{"practitioner", "worker", "colleague", "staff"},
                  {"professionel", "fagmand", "fagfolk", "kollega"}}},
            },
        },
    [CODEBOOK_SESSION] =
        {
            "session",
            CODEBOOK_SESSIONS,
            {
                {"1",
                 {"1st conversation", "1. samtale"},
                 {{"1.", "first", "first conversation"}, {"1.", "første", "første samtale"}}},
                {"2",
                 {"2nd conversation", "2. samtale"},
                 {{"2.", "second", "second conversation"}, {"2.", "anden", "anden samtale"}}},
                {"3",
                 {"3rd conversation", "3. samtale"},
                 {{"3.", "third", "third conversation"}, {"3.", "tredje", "tredje samtale"}}},
                {"4",
                 {"4th conversation", "4. samtale"},
                 {{"4.", "fourth", "fourth conversation"}, {"4.", "fjerde", "fjerde samtale"}}},
                {"5",
                 {"5th conversation", "5. samtale"},
                 {{"5.", "fifth", "fifth conversation"}, {"5.", "femte", "femte samtale"}}},
            },
        },
};
