/* Names of persons, own compilation of common ones in Denmark: from general knowledge, not copied
 * from a register. Names in use of any origin; lower case, in byte order. */
#include "words.h"

#include <stdlib.h>
#include <string.h>

/* First names that are hardly anything else. */
static const char *const first_names[] = {
    "aage",       "aase",       "abdi",        "abdul",       "abdullah",   "adam",
    "adele",      "adil",       "adnan",       "agnes",       "agnete",     "agnieszka",
    "ahmad",      "ahmed",      "aisha",       "aksel",       "albert",     "alberte",
    "alberto",    "albin",      "aleksander",  "alexander",   "alexandra",  "alfons",
    "alfred",     "ali",        "alice",       "alma",        "alvin",      "amalie",
    "amanda",     "amina",      "amir",        "amira",       "anders",     "andrea",
    "andreas",    "andrzej",    "andré",       "ane",         "anette",     "anita",
    "anja",       "anker",      "ann-sofie",   "anna",        "anne",       "anne-marie",
    "anne-mette", "annegrethe", "anneliese",   "annelise",    "annemarie",  "annette",
    "anni",       "annie",      "anton",       "arne",        "arthur",     "arvid",
    "asbjørn",    "asger",      "aslan",       "asta",        "astrid",     "axel",
    "ayse",       "bashir",     "bastian",     "beate",       "benedikte",  "benjamin",
    "benny",      "bente",      "benthe",      "berit",       "bertha",     "bertil",
    "bertram",    "betina",     "bettina",     "birger",      "birgit",     "birgitta",
    "birgitte",   "birte",      "birthe",      "bjarke",      "bjarne",     "bodil",
    "boris",      "brian",      "britta",      "bruno",       "buster",     "camilla",
    "carina",     "carl",       "carla",       "carlo",       "caroline",   "carsten",
    "casper",     "catharina",  "cathrine",    "cecilia",     "cecilie",    "cevin",
    "charlotte",  "christa",    "christel",    "christen",    "christian",  "christiane",
    "christina",  "christine",  "christoffer", "christopher", "clara",      "claus",
    "connie",     "conny",      "cornelia",    "dagmar",      "dagny",      "daniel",
    "daniella",   "david",      "dennis",      "ditlev",      "ditte",      "dorrit",
    "dorte",      "dorthe",     "dorthea",     "ebba",        "ebbe",       "eddie",
    "edith",      "egon",       "eigil",       "einar",       "ejnar",      "ejner",
    "elias",      "elin",       "eline",       "elisa",       "elisabeth",  "elise",
    "elizabeth",  "ella",       "ellen",       "ellinor",     "elly",       "elmer",
    "elna",       "elsebeth",   "elvira",      "emil",        "emilia",     "emilie",
    "emily",      "emine",      "emma",        "emmanuel",    "erik",       "erika",
    "erling",     "erna",       "esben",       "eskild",      "ester",      "esther",
    "eva",        "evald",      "evelyn",      "fatima",      "fatma",      "felix",
    "filip",      "flemming",   "folmer",      "freddy",      "frede",      "frederik",
    "frederikke", "fredrik",    "freja",       "frida",       "frits",      "frode",
    "gerd",       "gerda",      "gerner",      "gert",        "gertrud",    "ghita",
    "gita",       "gitte",      "grete",       "grethe",      "gudrun",     "gunhild",
    "gunnar",     "gunner",     "gustav",      "halfdan",     "hamza",      "hanna",
    "hannah",     "hanne",      "hans-henrik", "harald",      "harry",      "hasan",
    "hassan",     "hedvig",     "heidi",       "helena",      "helene",     "helga",
    "helge",      "hella",      "helle",       "hemming",     "henning",    "henny",
    "henriette",  "henrik",     "herdis",      "herman",      "hilda",      "hildur",
    "hjalmar",    "hjördis",    "holger",      "hugo",        "husein",     "hussein",
    "iben",       "ibrahim",    "ida",         "igor",        "ilse",       "imran",
    "inga",       "inge",       "inge-lise",   "ingeborg",    "ingelise",   "inger",
    "inger-lise", "ingrid",     "irene",       "irma",        "isabella",   "isak",
    "ismail",     "ivan",       "ivar",        "jacob",       "jacqueline", "jakob",
    "jakup",      "jamal",      "james",       "jane",        "janne",      "janni",
    "jannie",     "jannik",     "janus",       "jasmin",      "jasper",     "jean",
    "jeanette",   "jeanne",     "jens",        "jeppe",       "jesper",     "jessica",
    "jette",      "jimmi",      "jimmy",       "joachim",     "joakim",     "johan",
    "johanna",    "johanne",    "johannes",    "john",        "johnny",     "jon",
    "jonas",      "jonathan",   "jonna",       "jonny",       "josef",      "josefine",
    "joseph",     "josephine",  "josva",       "julia",       "julie",      "julius",
    "jytte",      "jørgen",     "jørn",        "kaj",         "kamal",      "kamilla",
    "karen",      "karim",      "karin",       "karina",      "karl",       "karl-erik",
    "karla",      "karoline",   "karsten",     "kasper",      "katarina",   "katarzyna",
    "kathrine",   "katja",      "katrine",     "keld",        "kenneth",    "kenny",
    "kent",       "kevin",      "khadija",     "khaled",      "kia",        "kirsa",
    "kirsten",    "kirstine",   "kjeld",       "klara",       "klaus",      "knud",
    "knut",       "kristian",   "kristina",    "kristine",    "kristoffer", "kurt",
    "laila",      "lars",       "lars-erik",   "lasse",       "laura",      "laurits",
    "lauritz",    "layla",      "lea",         "leif",        "leila",      "lena",
    "lene",       "leo",        "leon",        "leonora",     "lilian",     "lillian",
    "lilly",      "linda",      "linea",       "linnea",      "lisa",       "lisbet",
    "lisbeth",    "lise",       "liselotte",   "lissi",       "liva",       "lizzie",
    "lone",       "lotte",      "louis",       "louise",      "lucas",      "ludvig",
    "luis",       "lukas",      "mads",        "magdalena",   "magnus",     "mahmoud",
    "mai-britt",  "maibritt",   "maiken",      "maja",        "malene",     "malik",
    "malou",      "malte",      "malthe",      "marcus",      "maren",      "margit",
    "margrethe",  "maria",      "mariam",      "marianne",    "marie",      "marina",
    "marius",     "markus",     "marlene",     "martha",      "martin",     "martina",
    "mary",       "maryam",     "mathea",      "mathias",     "mathilde",   "matilde",
    "mattias",    "maya",       "mehmet",      "merete",      "metha",      "mette",
    "mia",        "michael",    "michala",     "michelle",    "mie",        "mikael",
    "mikala",     "mikkel",     "milad",       "milla",       "mille",      "minna",
    "mira",       "mogens",     "mohamad",     "mohamed",     "mohammad",   "mohammed",
    "mona",       "monica",     "monika",      "morten",      "muhammad",   "muhammed",
    "mustafa",    "nadia",      "nadja",       "nanna",       "natalia",    "natalie",
    "natasja",    "nathalie",   "nete",        "nicklas",     "nicolai",    "nicoline",
    "niels",      "nikita",     "niklas",      "nikolaj",     "nina",       "noah",
    "nora",       "nour",       "oksana",      "olaf",        "ole",        "olga",
    "oliver",     "olivia",     "omar",        "orla",        "oscar",      "oskar",
    "osman",      "otto",       "ove",         "patricia",    "patrick",    "paul",
    "paula",      "pauline",    "peder",       "pernille",    "peter",      "petra",
    "philip",     "pia",        "piotr",       "poul",        "poul-erik",  "preben",
    "ragnar",     "ragnhild",   "rakel",       "rasmus",      "rebecca",    "rebeka",
    "rebekka",    "regitze",    "renata",      "rene",        "rené",       "rigmor",
    "rikke",      "rita",       "robert",      "roland",      "rosa",       "rosemarie",
    "ruben",      "rudi",       "ruth",        "sabrina",     "salma",      "samira",
    "samuel",     "sandra",     "sanne",       "sara",        "sarah",      "sascha",
    "sasha",      "sebastian",  "selma",       "sidsel",      "signe",      "sigrid",
    "sigurd",     "silas",      "silje",       "simon",       "simone",     "sofia",
    "sofie",      "solveig",    "sonja",       "sophia",      "sophie",     "stefan",
    "steffen",    "stine",      "susan",       "susanna",     "susanne",    "susie",
    "sven",       "svend",      "svenning",    "svetlana",    "sylvester",  "sylvia",
    "søren",      "tanja",      "tenna",       "teodor",      "thea",       "theis",
    "theo",       "theodor",    "theresa",     "therese",     "thomas",     "thorbjørn",
    "thorkild",   "tina",       "tine",        "tobias",      "tommy",      "tonny",
    "torben",     "torkil",     "tove",        "trine",       "troels",     "trygve",
    "tyge",       "uffe",       "ulla",        "ulrich",      "ulrik",      "ursula",
    "vagn",       "valdemar",   "valentin",    "verner",      "vibeke",     "victor",
    "victoria",   "vigga",      "viggo",       "viktor",      "viktoria",   "vilhelm",
    "villads",    "villy",      "vilma",       "vivi",        "vivian",     "walter",
    "werner",     "william",    "willy",       "winnie",      "yasin",      "yasmin",
    "yousef",     "yusuf",      "yvonne",      "zahra",       "zainab",     "zara",
    "zeynep",     "ziad",       "zoe",         "zoë",         "åge",        "åse",
    "ömer",       "øjvind",     "østen",
};

/* First names that are words, months or places as well ("maj", "per", "else"): they count only
 * beside a family name. */
static const char *const doubtful_first_names[] = {
    "alba",  "ann",   "april", "ask",     "august", "bella", "bent",   "birk",  "bjørn",  "bo",
    "bob",   "britt", "bror",  "dag",     "dan",    "dina",  "ejvind", "else",  "faith",  "finn",
    "frank", "gorm",  "grace", "grant",   "gry",    "hans",  "hope",   "ib",    "ina",    "iris",
    "jan",   "joy",   "juli",  "juliane", "june",   "juni",  "juno",   "kai",   "ken",    "kim",
    "kit",   "lau",   "lida",  "line",    "lis",    "liv",   "luna",   "lykke", "maj",    "malta",
    "mark",  "max",   "may",   "merle",   "meta",   "my",    "nana",   "noel",  "norman", "oda",
    "palle", "paris", "pelle", "per",     "ray",    "rie",   "ro",     "robin", "rolf",   "rose",
    "runa",  "rune",  "saga",  "said",    "sally",  "sam",   "sine",   "sol",   "steen",  "sten",
    "stig",  "storm", "tage",  "thor",    "tim",    "tom",   "tore",   "tue",   "ulf",    "vera",
    "vibe",  "villa", "viola", "vita",    "will",
};

/* Family names. What ends in "-sen" counts as one where a first name goes before. */
static const char *const family_names[] = {
    "ahmed",      "ali",        "andersen",    "bach",        "bak",         "bang",
    "bech",       "beck",       "berg",        "bertelsen",   "bjerre",      "bonde",
    "brandt",     "bro",        "bruun",       "carlsen",     "christensen", "christiansen",
    "clausen",    "dahl",       "dalgaard",    "dam",         "demir",       "enevoldsen",
    "fischer",    "frandsen",   "frederiksen", "friis",       "gregersen",   "groth",
    "hald",       "hansen",     "hansson",     "hassan",      "hedegaard",   "henriksen",
    "hermansen",  "hjorth",     "hoffmann",    "holm",        "holst",       "hussain",
    "ibrahim",    "iversen",    "jacobsen",    "jakobsen",    "jensen",      "jespersen",
    "johansen",   "juhl",       "juul",        "jørgensen",   "karlsen",     "kaya",
    "khan",       "kirkegaard", "kjær",        "klausen",     "knudsen",     "koch",
    "kristensen", "krogh",      "kruse",       "larsen",      "lassen",      "lauridsen",
    "lauritsen",  "lind",       "lorentzen",   "lorenzen",    "lund",        "madsen",
    "mathiesen",  "meyer",      "mikkelsen",   "mogensen",    "mohamed",     "mortensen",
    "munk",       "mølgaard",   "møller",      "nguyen",      "nielsen",     "nissen",
    "nygaard",    "nørgaard",   "olsen",       "overgaard",   "paulsen",     "pedersen",
    "petersen",   "pham",       "poulsen",     "rasmussen",   "ravn",        "riis",
    "schmidt",    "schultz",    "simonsen",    "skov",        "skovgaard",   "steffensen",
    "svendsen",   "svensson",   "søgaard",     "søndergaard", "sørensen",    "thomsen",
    "thygesen",   "toft",       "tran",        "vestergaard", "wagner",      "winther",
    "yilmaz",     "özdemir",    "østergaard",
};

static int compare(const void *key, const void *entry)
{
    return strcmp(key, *(const char *const *)entry);
}

static bool is_in(const char *word, const char *const *list, size_t count)
{
    return bsearch(word, list, count, sizeof *list, compare) != NULL;
}

#define IN(word, list) is_in((word), (list), sizeof(list) / sizeof *(list))

enum words_first words_first_name(const char *word)
{
    if (IN(word, first_names))
        return WORDS_FIRST_NAME;
    return IN(word, doubtful_first_names) ? WORDS_DOUBTFUL_NAME : WORDS_NO_NAME;
}

bool words_known_family_name(const char *word)
{
    return IN(word, family_names);
}

bool words_family_name(const char *word)
{
    const size_t length = strlen(word);
    return IN(word, family_names) || (length > 4 && strcmp(word + length - 3, "sen") == 0);
}

static bool is_sorted(const char *const *list, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (strcmp(list[i - 1], list[i]) >= 0)
            return false;
    }
    return true;
}

bool words_names_sorted(void)
{
    return is_sorted(first_names, sizeof first_names / sizeof *first_names) &&
           is_sorted(doubtful_first_names,
                     sizeof doubtful_first_names / sizeof *doubtful_first_names) &&
           is_sorted(family_names, sizeof family_names / sizeof *family_names);
}
