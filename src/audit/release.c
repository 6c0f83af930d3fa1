/* Release records: signed, numbered, and a chain. */
#include <string.h>

#include "walk.h"

/* docs/format.md, section 10. */
enum {
    RELEASE_AT_NONCE = 32,
    NONCE_BYTES = 24,
    RELEASE_AT_SIGNATURE = 4016,
    RELEASE_BYTES = 4080,
    NAME_BYTES = 6, /* of the key, before the number */
    DOMAIN_BYTES = 16,
};
_Static_assert(PAGE_HEAD_BYTES + RELEASE_BYTES == AUDIT_PAGE_BYTES, "a release fills its page");

static bool is_signed(const struct walk *walk, const uint8_t *release, const uint8_t *number)
{
    static const uint8_t domain[DOMAIN_BYTES] = "tavs v3 release";
    uint8_t message[DOMAIN_BYTES + KEYS_FINGERPRINT_BYTES + 2 + RELEASE_AT_SIGNATURE];
    uint8_t *to = message;

    memcpy(to, domain, DOMAIN_BYTES);
    to += DOMAIN_BYTES;
    memcpy(to, walk->report->fingerprint, KEYS_FINGERPRINT_BYTES);
    to += KEYS_FINGERPRINT_BYTES;
    memcpy(to, number, 2);
    memcpy(to + 2, release, RELEASE_AT_SIGNATURE);
    return keys_verify(walk->header + HEADER_AT_SIGNING_KEY, release + RELEASE_AT_SIGNATURE,
                       message, sizeof message);
}

/* Stands behind the header in the order of the keys. */
void audit_release_record(struct walk *walk, const struct node *node)
{
    struct view *view = &walk->value;
    const uint16_t number = base_get_u16(node->key + NAME_BYTES);
    size_t at;

    audit_view_mark(walk, node->view, node->key_at, NAME_BYTES, AUDIT_NAME);
    audit_view_mark(walk, node->view, node->key_at + NAME_BYTES, 2, AUDIT_KEY);
    if (!audit_tree_big_page(walk, node, 0, &at))
        return;
    audit_view_mark(walk, view, at, RELEASE_AT_NONCE, AUDIT_RELEASE_PREVIOUS);
    audit_view_mark(walk, view, at + RELEASE_AT_NONCE, NONCE_BYTES, AUDIT_RELEASE_NONCE);
    audit_view_mark(walk, view, at + RELEASE_AT_NONCE + NONCE_BYTES,
                    RELEASE_AT_SIGNATURE - RELEASE_AT_NONCE - NONCE_BYTES, AUDIT_RELEASE_SEALED);
    audit_view_mark(walk, view, at + RELEASE_AT_SIGNATURE, KEYS_SIGNATURE_BYTES,
                    AUDIT_RELEASE_SIGNATURE);
    const struct place place = {
        .page = view->page, .offset = (uint32_t)at, .bytes = RELEASE_BYTES, .release = number};
    if (!walk->has_header || !is_signed(walk, view->bytes + at, node->key + NAME_BYTES))
        audit_note(walk, AUDIT_RELEASE_FORGED, AUDIT_RELEASE_SIGNATURE, &place);
    if (number != walk->report->releases + 1)
        audit_note(walk, AUDIT_RELEASE_GAP, AUDIT_KEY, &place);
    struct place previous = place;
    previous.bytes = KEYS_DIGEST_BYTES;
    if (memcmp(view->bytes + at, walk->ledger_digest, KEYS_DIGEST_BYTES) != 0)
        audit_note(walk, AUDIT_RELEASE_CHAIN, AUDIT_RELEASE_PREVIOUS, &previous);
    keys_digest_once(walk->ledger_digest, view->bytes + at, RELEASE_BYTES);
    audit_view_account(walk, view);
    walk->report->releases++;
}
