#include "walk.h"

/* A list: how many page numbers, then the numbers, falling; a list may end before its record does. */
struct list {
    struct walk *walk;
    uint64_t room; /* numbers that the record has room for */
    uint64_t at;   /* of the next word; word 0 is the count */
    uint64_t count;
    uint64_t last;
};

static void list_page(struct list *list, uint64_t page, const struct place *place)
{
    struct walk *walk = list->walk;

    if (list->at > 1 && page >= list->last)
        audit_note(walk, AUDIT_FREE_NUMBERS, AUDIT_FREE_PAGE, place);
    list->last = page;
    if (!audit_tree_claim(walk, page, place))
        return;
    walk->states[page] = STATE_FREE;
    walk->report->pages_free++;
}

/* Takes the list's words from bytes `begin` to `end` of a page. */
static void list_words(struct list *list, struct view *view, size_t begin, size_t end)
{
    for (size_t at = begin; at < end; at += NUMBER_BYTES) {
        const uint64_t word = get_le64(view->bytes + at);
        const struct place place = {
            .page = view->page, .offset = (uint32_t)at, .bytes = NUMBER_BYTES};
        if (list->at == 0) {
            list->count = word;
            if (word > list->room) {
                audit_note(list->walk, AUDIT_FREE_NUMBERS, AUDIT_FREE_PAGE, &place);
                list->count = 0;
            }
        } else if (list->at <= list->count) {
            list_page(list, word, &place);
        }
        audit_view_mark(list->walk, view, at, NUMBER_BYTES,
                        list->at <= list->count ? AUDIT_FREE_PAGE : AUDIT_UNUSED);
        list->at++;
    }
}

static void big_list(struct list *list, const struct node *node)
{
    struct view *view = &list->walk->value;
    size_t left = node->value_size, begin;

    for (uint64_t i = 0; i < big_pages(node->value_size); i++) {
        if (!audit_tree_big_page(list->walk, node, i, &begin))
            return;
        const size_t room = AUDIT_PAGE_BYTES - begin;
        const size_t bytes = left < room ? left : room;
        list_words(list, view, begin, begin + bytes);
        left -= bytes;
        audit_view_mark_rest(view, begin + bytes, room - bytes, AUDIT_UNUSED);
        audit_view_account(list->walk, view);
    }
}

/* LMDB's own transaction numbers would tell how often the file was written. After each write the
 * records are numbered anew, from 1 and without gaps. */
void audit_free_list_record(struct walk *walk, const struct node *node)
{
    struct list list = {.walk = walk};

    if (node->key_size != NUMBER_BYTES || node->value_size < NUMBER_BYTES ||
        node->value_size % NUMBER_BYTES != 0) {
        audit_foreign_record(walk, node, AUDIT_RECORD_FOREIGN);
        return;
    }
    audit_view_mark(walk, node->view, node->key_at, NUMBER_BYTES, AUDIT_FREE_TRANSACTION);
    const uint64_t transaction = get_le64(node->key);
    if (transaction != walk->free_transaction + 1)
        audit_note_at(walk, AUDIT_FREE_KEY, AUDIT_FREE_TRANSACTION, node->view->page, node->key_at,
                      NUMBER_BYTES);
    walk->free_transaction = transaction;
    list.room = node->value_size / NUMBER_BYTES - 1;
    if (node->big)
        big_list(&list, node);
    else
        list_words(&list, node->view, node->value_at, node->value_at + node->value_size);
}

/* The current transaction has the first number after them that is in step with its page. */
void audit_free_list_check(struct walk *walk, const struct place *place)
{
    const uint64_t next = walk->free_transaction + 1;
    const uint64_t current = walk->report->transaction;

    if (current != next && current != next + 1)
        audit_note(walk, AUDIT_FREE_KEY, AUDIT_FREE_TRANSACTION, place);
}
