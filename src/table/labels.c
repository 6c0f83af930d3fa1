#include <string.h>

#include "inside.h"

static const char *const month_names[12] = {
    N_("January"), N_("February"), N_("March"),     N_("April"),   N_("May"),      N_("June"),
    N_("July"),    N_("August"),   N_("September"), N_("October"), N_("November"), N_("December"),
};

const char *label_month_name(unsigned month_of_year)
{
    return _(month_names[month_of_year]);
}

struct table_label label_month(struct table *table, base_month month)
{
    char text[BASE_MONTH_TEXT];
    base_month_format(month, text);
    char words[BASE_WORDS_TEXT];
    base_month_words(month, words);
    const char *code = table_keep_text(&table->strings, "%s", text);
    const char *kept = code == NULL ? NULL : table_keep_text(&table->strings, "%s", words);
    const struct table_label label = {code, kept};
    return label;
}

struct table_label label_period(struct table_strings **strings, struct base_period period)
{
    char text[BASE_PERIOD_TEXT], words[BASE_WORDS_TEXT];
    base_period_format(period, text);
    base_period_words(period, words);
    return (struct table_label){table_keep_text(strings, "%s", text),
                                table_keep_text(strings, "%s", words)};
}

struct table_label label_total(void)
{
    /* TRANSLATORS: the row or column that adds up the others; in Danish "I alt". */
    const struct table_label label = {"total", _("In all")};
    return label;
}

struct table_label label_place(void)
{
    /* TRANSLATORS: one of several offices in a report, each with a store of its own; "Sted". */
    const struct table_label label = {"place", _("Place")};
    return label;
}

struct table_label label_value(enum codebook_dimension dimension, unsigned value,
                               enum codebook_language language)
{
    const struct table_label label = {
        codebook_code(dimension, value),
        codebook_word(dimension, value, language),
    };
    return label;
}

struct table_label label_dimension(enum table_dimension dimension)
{
    struct table_label label;
    switch (dimension) {
    case TABLE_MONTH:
        label.code = "month";
        label.text = _("Month");
        break;
    case TABLE_CHANNEL:
        label.code = codebook_dimension_code(CODEBOOK_CHANNEL);
        /* TRANSLATORS: how the contact was made: in person, by telephone, mail or web page. */
        label.text = _("Channel");
        break;
    case TABLE_PARTY:
        label.code = codebook_dimension_code(CODEBOOK_PARTY);
        /* TRANSLATORS: who was counselled: user, relative or professional. */
        label.text = _("Party");
        break;
    default:
        label.code = codebook_dimension_code(CODEBOOK_SESSION);
        /* TRANSLATORS: which conversation of the course (1st to 5th); in Danish "Samtale". */
        label.text = _("Conversation");
        break;
    }
    return label;
}

void label_total_row(struct table *table, size_t row)
{
    for (size_t key = 0; key < table->keys; key++) {
        table->row[row].key[key] = label_total();
        if (key > 0)
            table->row[row].key[key].text = "";
    }
    table->row[row].total = true;
}

void label_column(struct table *table, size_t column, struct table_label label)
{
    table->column[column].label = label;
    table->column[column].brief = label.text;
}

void label_session_columns(struct table *table, enum codebook_language language)
{
    /* TRANSLATORS: "1." to "5." in Danish, under the heading "Samtale". */
    static const char *const brief[CODEBOOK_SESSIONS] = {N_("1st"), N_("2nd"), N_("3rd"), N_("4th"),
                                                         N_("5th")};
    for (unsigned session = 0; session < CODEBOOK_SESSIONS; session++) {
        label_column(table, session, label_value(CODEBOOK_SESSION, session, language));
        table->column[session].brief = _(brief[session]);
    }
}

void label_total_column(struct table *table, size_t column)
{
    label_column(table, column, label_total());
    table->column[column].total = true;
}

const struct label_rows *label_rows_of(const char *code)
{
    static const struct {
        const char *code;
        struct label_rows rows;
    } tables[] = {
        {"courses-by-channel",
         /* TRANSLATORS: the rows of the annual report's table 2, which counts courses by how they began:
          * "Personlig henvendelse", "Henvendelser pr. telefon", ..., "Henvendelser i alt". */
         {{N_("In person"), N_("By telephone"), N_("By mail"), N_("Through the web page")},
          N_("Courses in all")}},
        {"conversations-by-channel",
         {{N_("Conversations in person"), N_("Conversations by telephone"),
           N_("Conversations by mail"), N_("Conversations through the web page")},
          N_("Conversations in all")}},
        {"courses-by-party",
         {{N_("Users"), N_("Relatives"), N_("Professionals")}, N_("Courses in all")}},
    };
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        if (strcmp(code, tables[i].code) == 0)
            return &tables[i].rows;
    return NULL;
}
