/* record: every bit, size and field of a header that is wrong. */
#include <stdlib.h>
#include <string.h>

#include "book.h"

/* docs/format.md, section 4. */
enum {
    AT_FORMAT = 4,
    AT_DRAFT = 6,
    AT_THRESHOLD = 7,
    AT_EDITION = 8,
    AT_CHANNELS = 12,
    AT_PARTIES = 13,
    AT_EVER_CHANNELS = 14,
    AT_EVER_PARTIES = 15,
    AT_STORE_ID = 16,
    AT_ENCRYPTION_KEY = 32,
    AT_SIGNING_KEY = 64,
    AT_CLOSED_THROUGH = 96,
    AT_RELEASES = 98,
    AT_LEDGER_HEAD = 100,
    AT_RESERVED = 132,
    AT_SLOTS = 256,
    SLOT_BYTES = 100,
    SLOT_AT_PASSES = 4,
    SLOT_AT_SALT = 12,
    AT_SIGNATURE = 1056,
    USED_SLOT = 3,
};

static void flip(uint8_t *bytes, size_t bit)
{
    bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
}

static enum base_code header_code(const uint8_t *bytes, size_t size)
{
    struct record_header header;

    return book_decode_header(bytes, size, &header);
}

/* Whether a header with a bit of this byte flipped may be refused so. */
static bool header_refusal_fits(size_t byte, enum base_code code)
{
    size_t slot = (byte - AT_SLOTS) / SLOT_BYTES, at = (byte - AT_SLOTS) % SLOT_BYTES;

    if (byte < AT_FORMAT)
        return code == BASE_STORE_FOREIGN;
    if (byte < AT_THRESHOLD)
        return code == BASE_STORE_NEWER || code == BASE_STORE_OLDER || code == BASE_STORE_DAMAGED;
    if (byte < AT_STORE_ID || (byte >= AT_ENCRYPTION_KEY && byte < AT_SIGNING_KEY) ||
        (byte >= AT_CLOSED_THROUGH && byte < AT_RESERVED))
        return code == BASE_STORE_DAMAGED || code == BASE_HEADER_FORGED;
    if (byte < AT_CLOSED_THROUGH || byte >= AT_SIGNATURE)
        return code == BASE_HEADER_FORGED;
    if (byte < AT_SLOTS)
        return code == BASE_STORE_DAMAGED;
    if (at == 0)
        return code == (slot == USED_SLOT ? BASE_STORE_DAMAGED : BASE_SLOT_COST) ||
               code == BASE_STORE_DAMAGED;
    if (slot != USED_SLOT || at < SLOT_AT_PASSES)
        return code == BASE_STORE_DAMAGED;
    if (at < SLOT_AT_SALT)
        return code == BASE_SLOT_COST || code == BASE_HEADER_FORGED;
    return code == BASE_HEADER_FORGED;
}

static void test_every_bit_of_the_header(void **state)
{
    uint8_t bytes[RECORD_HEADER_BYTES];

    (void)state;
    memcpy(bytes, book.header, sizeof bytes);
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit += trial_is_slow() ? 101 : 1) {
        flip(bytes, bit);
        enum base_code code = header_code(bytes, sizeof bytes);
        if (!header_refusal_fits(bit / 8, code))
            fail_msg("bit %zu of the header: code %d", bit, (int)code);
        flip(bytes, bit);
    }
    assert_int_equal(header_code(bytes, sizeof bytes), BASE_OK);
}

static void test_header_size(void **state)
{
    uint8_t bytes[2 * RECORD_HEADER_BYTES] = {0};

    (void)state;
    memcpy(bytes, book.header, sizeof book.header);
    for (size_t size = 0; size <= sizeof bytes; size++) {
        enum base_code expected = size < AT_DRAFT               ? BASE_STORE_FOREIGN
                                  : size == RECORD_HEADER_BYTES ? BASE_OK
                                                                : BASE_STORE_DAMAGED;
        uint8_t *exact = malloc(size + 1); /* so that a read past its end is noticed */

        assert_non_null(exact);
        memcpy(exact + 1, bytes, size);
        assert_int_equal(header_code(exact + 1, size), expected);
        free(exact);
    }
}

static void test_format_of_the_header(void **state)
{
    static const struct {
        uint16_t format;
        enum base_code expected;
    } cases[] = {
        {0, BASE_STORE_DAMAGED},    {1, BASE_STORE_OLDER},
        {2, BASE_STORE_OLDER},      {3, BASE_OK},
        {4, BASE_STORE_NEWER},      {0x0100, BASE_STORE_NEWER},
        {0xffff, BASE_STORE_NEWER},
    };

    (void)state;
    for (size_t i = 0; i < TRIAL_COUNT(cases); i++) {
        uint8_t bytes[2 * RECORD_HEADER_BYTES] = {0};

        memcpy(bytes, book.header, sizeof book.header);
        base_put_u16(bytes + AT_FORMAT, cases[i].format);
        book_sign_header(bytes);
        assert_int_equal(header_code(bytes, RECORD_HEADER_BYTES), cases[i].expected);
        /* Another format may have a header of another size. */
        if (cases[i].expected == BASE_STORE_NEWER || cases[i].expected == BASE_STORE_OLDER)
            for (size_t size = AT_DRAFT; size <= sizeof bytes; size += 47)
                assert_int_equal(header_code(bytes, size), cases[i].expected);
    }
}

/* The words of an error for a header of this format and draft. */
static void assert_subject(uint16_t format, uint8_t draft, enum base_code expected,
                           const char *subject)
{
    uint8_t bytes[RECORD_HEADER_BYTES];
    struct base_error error;

    memcpy(bytes, book.header, sizeof bytes);
    base_put_u16(bytes + AT_FORMAT, format);
    bytes[AT_DRAFT] = draft;
    assert_int_equal(record_header_check_format(bytes, sizeof bytes, &error), expected);
    assert_string_equal(error.subject, subject);
}

/* Drafts come before the final form, which is draft 0: no other than ours is read, and each is called what
 * it is. */
static void test_drafts_of_the_format(void **state)
{
    (void)state;
    assert_subject(1, 0x0f, BASE_STORE_OLDER, "format 1");
    assert_subject(2, 0x0f, BASE_STORE_OLDER, "format 2");
    assert_subject(4, 1, BASE_STORE_NEWER, "format 4");
    assert_subject(3, 0, BASE_STORE_NEWER, "format 3");
    assert_subject(3, 2, BASE_STORE_NEWER, "draft 2 of format 3");
    assert_subject(3, 255, BASE_STORE_NEWER, "draft 255 of format 3");
}

static void test_foreign_headers(void **state)
{
    static const char *const texts[] = {"TAVD\0\3", "tavs\0\3", "SQLite format 3", "\0\0\0\0\0\3"};

    (void)state;
    for (size_t i = 0; i < TRIAL_COUNT(texts); i++) {
        uint8_t bytes[RECORD_HEADER_BYTES];

        memcpy(bytes, book.header, sizeof bytes);
        memcpy(bytes, texts[i], AT_DRAFT);
        book_sign_header(bytes);
        assert_int_equal(header_code(bytes, sizeof bytes), BASE_STORE_FOREIGN);
    }
}

/* A field out of range, under a signature that holds. */
static void assert_field_refused(size_t at, uint8_t value, enum base_code expected)
{
    uint8_t bytes[RECORD_HEADER_BYTES];

    memcpy(bytes, book.header, sizeof bytes);
    bytes[at] = value;
    book_sign_header(bytes);
    enum base_code code = header_code(bytes, sizeof bytes);
    if (code != expected)
        fail_msg("byte %zu as 0x%02x: code %d, not %d", at, value, (int)code, (int)expected);
}

static void test_fields_of_a_signed_header(void **state)
{
    (void)state;
    for (unsigned value = 0; value < 256; value += trial_is_slow() ? 15 : 1) {
        /* What is offered is part of what ever was: 1011 and 0111, of which 0011 and 0101 are offered. */
        const bool channels = value != 0 && (value & ~0x0bU) == 0;
        const bool parties = value != 0 && value < 8;
        const bool ever_channels = value < 16 && (value & 3) == 3;
        const bool ever_parties = value < 8 && (value & 5) == 5;
        const bool threshold = value >= 3 && value <= 20;

        assert_field_refused(AT_CHANNELS, (uint8_t)value, channels ? BASE_OK : BASE_STORE_DAMAGED);
        assert_field_refused(AT_PARTIES, (uint8_t)value, parties ? BASE_OK : BASE_STORE_DAMAGED);
        assert_field_refused(AT_EVER_CHANNELS, (uint8_t)value,
                             ever_channels ? BASE_OK : BASE_STORE_DAMAGED);
        assert_field_refused(AT_EVER_PARTIES, (uint8_t)value,
                             ever_parties ? BASE_OK : BASE_STORE_DAMAGED);
        assert_field_refused(AT_THRESHOLD, (uint8_t)value,
                             threshold ? BASE_OK : BASE_STORE_DAMAGED);
        if (value > 1)
            for (size_t slot = 0; slot < KEYS_SLOTS; slot++)
                assert_field_refused(AT_SLOTS + slot * SLOT_BYTES, (uint8_t)value,
                                     BASE_STORE_DAMAGED);
    }
    for (size_t at = AT_RESERVED; at < AT_SLOTS; at++)
        assert_field_refused(at, 1, BASE_STORE_DAMAGED);
    for (size_t slot = 0; slot < KEYS_SLOTS; slot++)
        for (size_t at = 1; at < (slot == USED_SLOT ? SLOT_AT_PASSES : SLOT_BYTES); at++)
            assert_field_refused(AT_SLOTS + slot * SLOT_BYTES + at, 0x20, BASE_STORE_DAMAGED);
    assert_field_refused(AT_SLOTS + USED_SLOT * SLOT_BYTES, 0, BASE_STORE_DAMAGED);
}

static void test_closed_months_of_a_signed_header(void **state)
{
    uint8_t bytes[RECORD_HEADER_BYTES];
    struct record_header header;

    (void)state;
    memcpy(bytes, book.header, sizeof bytes);
    for (unsigned month = 0; month <= UINT16_MAX; month += trial_is_slow() ? 1111 : 1) {
        const bool fits = month == 0 || (month >= 24000 && month <= 26399);

        /* All that do not fit are refused before the signature is looked at. */
        if (fits && month % 101 != 0 && month != 24000 && month != 26399)
            continue;
        base_put_u16(bytes + AT_CLOSED_THROUGH, (uint16_t)month);
        if (fits)
            book_sign_header(bytes);
        assert_int_equal(book_decode_header(bytes, sizeof bytes, &header),
                         fits ? BASE_OK : BASE_STORE_DAMAGED);
        if (fits)
            assert_int_equal(header.closed_through, month);
    }
}

static void test_releases_of_a_signed_header(void **state)
{
    uint8_t bytes[RECORD_HEADER_BYTES];
    struct record_header header;

    (void)state;
    memcpy(bytes, book.header, sizeof bytes);
    for (unsigned releases = 0; releases <= UINT16_MAX; releases += releases % 4096 < 2 ? 1 : 47) {
        const bool fits = releases <= RECORD_MOST_RELEASES;

        base_put_u16(bytes + AT_RELEASES, (uint16_t)releases);
        memset(bytes + AT_LEDGER_HEAD, releases == 0 ? 0 : 0x5a, KEYS_DIGEST_BYTES);
        if (fits)
            book_sign_header(bytes);
        assert_int_equal(book_decode_header(bytes, sizeof bytes, &header),
                         fits ? BASE_OK : BASE_STORE_DAMAGED);
        if (fits)
            assert_int_equal(header.releases, releases);
    }
}

/* A head without a ledger, a ledger without a head. */
static void test_head_of_a_signed_header(void **state)
{
    uint8_t bytes[RECORD_HEADER_BYTES];

    (void)state;
    memcpy(bytes, book.header, sizeof bytes);
    memset(bytes + AT_LEDGER_HEAD, 0, KEYS_DIGEST_BYTES);
    book_sign_header(bytes);
    assert_int_equal(header_code(bytes, sizeof bytes), BASE_STORE_DAMAGED);
    base_put_u16(bytes + AT_RELEASES, 0);
    book_sign_header(bytes);
    assert_int_equal(header_code(bytes, sizeof bytes), BASE_OK);
    bytes[AT_LEDGER_HEAD + KEYS_DIGEST_BYTES - 1] = 1;
    book_sign_header(bytes);
    assert_int_equal(header_code(bytes, sizeof bytes), BASE_STORE_DAMAGED);
}

static void test_edition_of_a_signed_header(void **state)
{
    uint8_t bytes[RECORD_HEADER_BYTES];

    (void)state;
    memcpy(bytes, book.header, sizeof bytes);
    base_put_u32(bytes + AT_EDITION, 0);
    book_sign_header(bytes);
    assert_int_equal(header_code(bytes, sizeof bytes), BASE_STORE_DAMAGED);
    base_put_u32(bytes + AT_EDITION, UINT32_MAX);
    book_sign_header(bytes);
    assert_int_equal(header_code(bytes, sizeof bytes), BASE_OK);
}

static void test_costs_of_a_signed_header(void **state)
{
    static const struct {
        uint32_t passes, memory_kib;
        enum base_code expected;
    } cases[] = {
        {2, 65536, BASE_OK},
        {4, 1048576, BASE_OK},
        {1, 65536, BASE_SLOT_COST},
        {5, 65536, BASE_SLOT_COST},
        {2, 65535, BASE_SLOT_COST},
        {2, 1048577, BASE_SLOT_COST},
        {0, 0, BASE_SLOT_COST},
        {2, 64U << 20, BASE_SLOT_COST},
        {UINT32_MAX, 65536, BASE_SLOT_COST},
        {2, UINT32_MAX, BASE_SLOT_COST},
        {258, 65536, BASE_SLOT_COST},
        {2, 0x1010000, BASE_SLOT_COST},
    };

    (void)state;
    for (size_t i = 0; i < TRIAL_COUNT(cases); i++) {
        uint8_t bytes[RECORD_HEADER_BYTES];
        uint8_t *cost = bytes + AT_SLOTS + USED_SLOT * SLOT_BYTES + SLOT_AT_PASSES;

        memcpy(bytes, book.header, sizeof bytes);
        base_put_u32(cost, cases[i].passes);
        base_put_u32(cost + 4, cases[i].memory_kib);
        book_sign_header(bytes);
        assert_int_equal(header_code(bytes, sizeof bytes), cases[i].expected);
    }
}

static void test_encryption_key_of_a_signed_header(void **state)
{
    json_t *group = trial_vectors("rfc9496.json");
    const json_t *invalid = trial_get(group, "invalid_encodings");
    uint8_t bytes[RECORD_HEADER_BYTES];

    (void)state;
    memcpy(bytes, book.header, sizeof bytes);
    for (size_t i = 0; i < json_array_size(invalid); i++) {
        trial_hex(json_array_get(invalid, i), bytes + AT_ENCRYPTION_KEY, 32);
        book_sign_header(bytes);
        assert_int_equal(header_code(bytes, sizeof bytes), BASE_STORE_DAMAGED);
    }
    memset(bytes + AT_ENCRYPTION_KEY, 0, 32);
    book_sign_header(bytes);
    assert_int_equal(header_code(bytes, sizeof bytes), BASE_STORE_DAMAGED);
    memcpy(bytes, book.header, sizeof bytes);
    bytes[AT_ENCRYPTION_KEY + 31] |= 0x80;
    book_sign_header(bytes);
    assert_int_equal(header_code(bytes, sizeof bytes), BASE_STORE_DAMAGED);
    json_decref(group);
}

/* A thief's whole header is sound in itself: it is the fingerprint that gives it away. But a thief
 * who puts his keys into this header can't sign with the reader's. */
static void test_header_signed_by_another(void **state)
{
    struct keys_reader *thief;
    struct keys_public public_keys;
    struct base_error error;
    struct record_header header;
    uint8_t bytes[RECORD_HEADER_BYTES];

    (void)state;
    assert_int_equal(keys_reader_new(&thief, &error), BASE_OK);
    keys_reader_public(thief, &public_keys);
    assert_int_equal(book_decode_header(book.header, sizeof book.header, &header), BASE_OK);
    memcpy(header.public_keys.encryption, public_keys.encryption, 32);
    record_header_encode(bytes, &header, thief);
    assert_int_equal(header_code(bytes, sizeof bytes), BASE_HEADER_FORGED);
    keys_reader_free(thief);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_bit_of_the_header),
        cmocka_unit_test(test_header_size),
        cmocka_unit_test(test_format_of_the_header),
        cmocka_unit_test(test_drafts_of_the_format),
        cmocka_unit_test(test_foreign_headers),
        cmocka_unit_test(test_fields_of_a_signed_header),
        cmocka_unit_test(test_closed_months_of_a_signed_header),
        cmocka_unit_test(test_releases_of_a_signed_header),
        cmocka_unit_test(test_head_of_a_signed_header),
        cmocka_unit_test(test_edition_of_a_signed_header),
        cmocka_unit_test(test_costs_of_a_signed_header),
        cmocka_unit_test(test_encryption_key_of_a_signed_header),
        cmocka_unit_test(test_header_signed_by_another),
    };

    return cmocka_run_group_tests(tests, book_load, book_unload);
}
