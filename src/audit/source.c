#include <stdlib.h>
#include <string.h>

#include "walk.h"

static void walk_trees(struct walk *walk, const struct meta_trees *trees)
{
    const struct place nowhere = {.page = AUDIT_NO_PAGE};

    audit_tree_walk(walk, TREE_MAIN, &trees->main, &trees->main_place);
    if (!walk->has_store || !walk->has_tally)
        audit_note(walk, AUDIT_DATABASE_MISSING, AUDIT_NAME, &nowhere);
    if (walk->has_store)
        audit_tree_walk(walk, TREE_STORE, &walk->store, &walk->store_place);
    audit_contents_check(walk);
    if (walk->has_tally)
        audit_tree_walk(walk, TREE_TALLY, &walk->tally, &walk->tally_place);
    audit_rows_check(walk);
    /* Last, so that a page that is in use and in the free list is told as the latter. */
    audit_tree_walk(walk, TREE_FREE, &trees->free_list, &trees->free_list_place);
    audit_free_list_check(walk, &trees->free_list_place);
}

/* A page that no tree led to. */
static void account_rest(struct walk *walk, struct view *view, bool is_store)
{
    enum audit_class class = AUDIT_UNACCOUNTED;

    if (walk->states[view->page] == STATE_FREE) {
        class = AUDIT_ERASED;
    } else if (is_store && view->page > walk->last_page) {
        class = AUDIT_PAST_END;
    } else if (is_store) {
        audit_note_at(walk, AUDIT_PAGE_ORPHAN, class, view->page, 0, AUDIT_PAGE_BYTES);
    }
    memset(view->map, (int)class, sizeof view->map);
    audit_view_account(walk, view);
}

/* Reads the whole file once more, from its beginning: the digest, and what is left to account for. */
static void walk_file(struct walk *walk, struct keys_digest *digest, bool is_store)
{
    struct view *view = &walk->value;
    struct audit_report *report = walk->report;

    for (uint64_t page = 0; page < walk->pages; page++) {
        if (!audit_view_read(walk, view, page))
            return;
        keys_digest_add(digest, view->bytes, sizeof view->bytes);
        if (walk->states[page] == STATE_ACCOUNTED)
            report->pages_used++;
        else
            account_rest(walk, view, is_store);
    }
    const size_t rest = (size_t)(walk->source->bytes % AUDIT_PAGE_BYTES);
    if (rest == 0)
        return;
    if (!walk->source->read(walk->source->context, walk->pages * AUDIT_PAGE_BYTES, view->bytes,
                            rest)) {
        walk->read_failed = true;
        return;
    }
    keys_digest_add(digest, view->bytes, rest);
    audit_note_at(walk, AUDIT_FILE_PART_PAGE, AUDIT_UNACCOUNTED, walk->pages, 0, rest);
    audit_count(walk, walk->pages * AUDIT_PAGE_BYTES, rest, AUDIT_UNACCOUNTED);
}

static void walk_all(struct walk *walk, struct keys_digest *digest)
{
    struct meta_trees trees;
    bool is_store = false;

    if (walk->source->bytes == 0)
        audit_note_at(walk, AUDIT_FILE_EMPTY, AUDIT_UNACCOUNTED, AUDIT_NO_PAGE, 0, 0);
    else
        is_store = audit_meta_walk(walk, &trees);
    if (is_store)
        walk_trees(walk, &trees);
    walk_file(walk, digest, is_store);
}

static void refuse_size(struct walk *walk)
{
    audit_note_at(walk, AUDIT_FILE_TOO_LARGE, AUDIT_UNACCOUNTED, AUDIT_NO_PAGE, 0, 0);
    walk->report->class_bytes[AUDIT_UNACCOUNTED] = walk->source->bytes;
    walk->report->text_fields = 1;
}

enum base_code audit_from_source(const struct audit_source *source, struct audit_report **out,
                                 struct base_error *error)
{
    const uint64_t pages = source->bytes / AUDIT_PAGE_BYTES;
    struct walk *walk = calloc(1, sizeof *walk);
    struct audit_report *report = calloc(1, sizeof *report);
    struct keys_digest *digest = NULL;
    enum base_code code;

    if (walk == NULL || report == NULL) {
        code = base_fail(error, BASE_NO_MEMORY, "%s", _("the audit"));
        goto free_walk;
    }
    walk->source = source;
    walk->report = report;
    walk->pages = pages;
    report->file_bytes = source->bytes;
    if (pages > AUDIT_MOST_PAGES) {
        refuse_size(walk);
        goto done;
    }
    walk->states = calloc(pages + 1, sizeof *walk->states);
    walk->level = calloc(MOST_DEPTH, sizeof *walk->level);
    walk->devices = calloc(KEYS_MOST_DEVICES + 1, sizeof *walk->devices);
    walk->months = calloc(AUDIT_MOST_YEARS, sizeof *walk->months);
    if (walk->states == NULL || walk->level == NULL || walk->devices == NULL ||
        walk->months == NULL) {
        code = base_fail(error, BASE_NO_MEMORY, "%s", _("the audit"));
        goto free_walk;
    }
    code = keys_digest_new(&digest, error);
    if (code != BASE_OK)
        goto free_walk;
    walk_all(walk, digest);
    keys_digest_end(digest, report->digest);
    if (walk->read_failed) {
        code = base_fail(error, BASE_IO, "%s", _("the audited file"));
        goto free_walk;
    }
done:
    report->passed = report->finding_total == 0 && report->class_bytes[AUDIT_UNACCOUNTED] == 0;
    *out = report;
    report = NULL;
    code = BASE_OK;
free_walk:
    if (walk != NULL) {
        free(walk->states);
        free(walk->level);
        free(walk->devices);
        free(walk->months);
    }
    free(walk);
    free(report);
    return code;
}

void audit_report_free(struct audit_report *report)
{
    free(report);
}
