/* What the desk shows. */
#include <stdio.h>
#include <string.h>

#include "desk.h"
#include "page.h"
#include "tavs/secret.h"

/* Lines that are not for what was counted: heading, the news, the prompt, what completion lists. */
enum { HEADING_LINES = 3, NEWS_LINES = 5, TYPING_LINES = 3 };

static struct page new_page(struct desk *desk, char *bytes, size_t room)
{
    return (struct page){.bytes = bytes, .room = room, .language = desk->context->language};
}

/* ---- news ---- */

void desk_forget_news(struct desk *desk)
{
    secret_wipe(desk->news, sizeof desk->news);
}

void desk_say(struct desk *desk, const char *what, const char *more)
{
    struct page page = new_page(desk, desk->news, sizeof desk->news);
    struct page_flow flow = {.page = &page};
    page_put_words(&flow, what);
    page_put_words(&flow, more);
    page_put(&page, "\n");
}

void desk_say_error(struct desk *desk, const struct base_error *error, const char *hint)
{
    struct page page = new_page(desk, desk->news, sizeof desk->news);
    struct cmd_description description;
    if (!cmd_describe(error, &description))
        return;
    if (hint == NULL)
        hint = description.hint;
    page_put(&page, "%s", term_desk_style(desk->term, TERM_WRONG));
    page_put_wrapped(&page, 0, description.text);
    page_put(&page, "%s", term_desk_style(desk->term, TERM_PLAIN));
    if (hint != NULL) {
        struct page_flow flow = {.page = &page};
        page_put_words(&flow, _("hint:"));
        page_put_words(&flow, hint);
        page_put(&page, "\n");
    }
    secret_wipe(&description, sizeof description);
}

static void put_offered(struct page *page, const struct desk *desk, const char *heading,
                        enum codebook_dimension dimension)
{
    struct page_flow flow = {.page = page, .indent = 2};
    page_put_words(&flow, heading);
    for (unsigned value = 0; value < codebook_values(dimension); value++)
        if ((desk->offered.set[dimension] >> value & 1) != 0)
            page_put_word(&flow, codebook_word(dimension, value, page->language));
    page_put(page, "\n");
}

void desk_say_help(struct desk *desk)
{
    struct page page = new_page(desk, desk->news, sizeof desk->news);
    page_put(&page, "%s",
             _("phone relative 2  counts: channel, party, conversation (else the first)\n"
               "p r 2             the same; beginnings and Danish words will do, Tab completes\n"
               "Enter             asks, one key each; Enter takes what stands first\n"
               "u, undo           takes back what was counted last, and again: what before it\n"
               "q, quit, Ctrl-D   leaves; Ctrl-C drops the line, Esc a question\n"));
    put_offered(&page, desk, _("Channels:"), CODEBOOK_CHANNEL);
    put_offered(&page, desk, _("Parties:"), CODEBOOK_PARTY);
}

/* ---- the screen ---- */

static void put_heading(struct page *page, const struct desk *desk)
{
    char month[BASE_WORDS_TEXT];
    const char *plain = term_desk_style(desk->term, TERM_PLAIN);
    base_month_words(desk->month, month);
    page_put(page, "%stavs%s  %s  ", term_desk_style(desk->term, TERM_STRONG), plain, month);
    page_put(page, _("counted at this sitting: %zu"), desk->gone + desk->count);
    page_put(page, "\n%s%s%s\n\n", term_desk_style(desk->term, TERM_FAINT),
             _("CHANNEL PARTY [SESSION], or Enter to be asked; u undoes, ? helps, q leaves"),
             plain);
}

static void put_entries(struct page *page, const struct desk *desk, size_t most)
{
    const size_t shown = desk->count <= most ? desk->count : most - (most > 0);
    char text[CMD_ORDER_TEXT];
    if (most > 0 && desk->gone + desk->count > shown) {
        page_put(page, _("    …  before these: %zu"), desk->gone + desk->count - shown);
        page_put(page, "\n");
    }
    for (size_t i = desk->count - shown; i < desk->count; i++) {
        cmd_order_text(&desk->entries[i], page->language, text);
        page_put(page, "%5zu  %s\n", desk->gone + i + 1, text);
    }
    if (desk->count > 0 && most > 0)
        page_put(page, "\n");
    secret_wipe(text, sizeof text);
}

void desk_draw(struct desk *desk)
{
    unsigned rows, columns;
    struct page page = new_page(desk, desk->screen, sizeof desk->screen);
    const bool has_screen = term_desk_size(desk->term, &rows, &columns);
    if (has_screen || !desk->headed)
        put_heading(&page, desk);
    if (has_screen) {
        size_t news = 0;
        for (const char *byte = desk->news; *byte != '\0'; byte++)
            news += *byte == '\n';
        const size_t others =
            HEADING_LINES + (news > NEWS_LINES ? news : NEWS_LINES) + TYPING_LINES;
        put_entries(&page, desk, rows > others ? rows - others : 0);
    }
    page_put(&page, "%s", desk->news);
    term_desk_draw(desk->term, desk->screen);
    secret_wipe(desk->screen, sizeof desk->screen);
    desk->headed = true;
    if (!has_screen) /* it stands there now */
        desk_forget_news(desk);
}
