/* record: releases and the sealed records they are kept in, as another program wrote them and as nobody
 * should. */
#include <string.h>

#include "book.h"
#include "tavs/secret.h"

/* docs/format.md, section 10: of a piece, behind the four bytes that every piece begins with. */
enum {
    AT_MONTH = 4,
    AT_NUMBER = 6,
    AT_CORRECTS = 8,
    AT_EDITION = 10,
    AT_THRESHOLD = 11,
    AT_PLACES = 12,
    AT_PERIODS = 13,
    AT_FIGURES = 14,
    AT_FIRST_PLACE = 4 + 12,
    AT_FIRST_OFFER = AT_FIRST_PLACE + 3 * 16,
    AT_FIRST_PERIOD = AT_FIRST_OFFER + 3 * 2,
    AT_FIRST_FIGURE = AT_FIRST_PERIOD + 2 * 4,
    FIGURE_BYTES = 16,
    PART_BYTES = RECORD_PIECE_BYTES - 4,
    FIGURES = 400,
    PIECES = 2,
    NUMBER = 257,
    RELEASE_SIGNATURE = 4016,
};

static uint8_t pieces[PIECES][RECORD_PIECE_BYTES];
static uint8_t records[PIECES][RECORD_RELEASE_BYTES];
static uint8_t before[KEYS_DIGEST_BYTES], head[KEYS_DIGEST_BYTES];

static int load(void **state)
{
    json_t *format = trial_vectors("format.json");
    const json_t *release = trial_get(format, "release");
    const int result = book_load(state);

    for (size_t i = 0; i < PIECES; i++) {
        trial_hex(json_array_get(trial_get(release, "pieces"), i), pieces[i], sizeof pieces[i]);
        trial_hex(json_array_get(trial_get(release, "records"), i), records[i], sizeof records[i]);
    }
    trial_bytes(release, "before", before, sizeof before);
    trial_bytes(release, "head", head, sizeof head);
    json_decref(format);
    return result;
}

static enum base_code decode(const void *bytes, size_t count, struct record_release **release)
{
    struct base_error error = {.code = BASE_OK};
    const enum base_code code = record_release_decode(bytes, count, NUMBER, release, &error);

    assert_int_equal(error.code, code);
    return code;
}

static enum base_code check(const uint8_t *bytes, size_t size, uint16_t number)
{
    struct base_error error;

    return record_piece_check(bytes, size, number, book.fingerprint, book.public_keys.signing,
                              &error);
}

/* ---- as it should be -------------------------------------------------------------------------- */

static void test_key(void **state)
{
    uint8_t key[RECORD_STORE_KEY_BYTES];

    (void)state;
    record_release_key(key, 0x0102);
    assert_memory_equal(key, "ledger\1\2", sizeof key);
}

static void test_records_of_another_program(void **state)
{
    (void)state;
    for (uint16_t i = 0; i < PIECES; i++) {
        uint8_t piece[RECORD_PIECE_BYTES];
        struct base_error error;

        assert_int_equal(check(records[i], sizeof records[i], NUMBER + i), BASE_OK);
        assert_int_equal(
            record_piece_open(records[i], NUMBER + i, book.fingerprint, book.reader, piece, &error),
            BASE_OK);
        assert_memory_equal(piece, pieces[i], sizeof piece);
    }
}

/* Each has the digest of the one before it, in clear; the last one's is in the header of the vectors. */
static void test_chain_of_another_program(void **state)
{
    uint8_t digest[KEYS_DIGEST_BYTES];

    (void)state;
    assert_memory_equal(record_piece_previous(records[0]), before, sizeof before);
    record_piece_digest(records[0], digest);
    assert_memory_equal(record_piece_previous(records[1]), digest, sizeof digest);
    record_piece_digest(records[1], digest);
    assert_memory_equal(head, digest, sizeof digest);
}

static void test_release_of_another_program(void **state)
{
    struct record_release *release = NULL;
    static uint8_t again[PIECES][RECORD_PIECE_BYTES];
    size_t count;
    struct base_error error;

    (void)state;
    assert_int_equal(record_release_measure(pieces[0], NUMBER, &count, &error), BASE_OK);
    assert_int_equal(count, PIECES);
    assert_int_equal(decode(pieces, PIECES, &release), BASE_OK);
    assert_int_equal(release->month, 24220);
    assert_int_equal(release->number, 77);
    assert_int_equal(release->corrects, 12);
    assert_int_equal(release->edition, 3);
    assert_int_equal(release->threshold, 5);
    assert_int_equal(release->place_count, 3);
    assert_memory_equal(release->places[0], book.store_id, sizeof book.store_id);
    for (size_t i = 0; i < release->place_count; i++) {
        static const struct record_offer offers[] = {{0xb, 7}, {1, 4}, {0xe, 1}};
        assert_int_equal(release->offers[i].channels, offers[i].channels);
        assert_int_equal(release->offers[i].parties, offers[i].parties);
    }
    assert_int_equal(release->period_count, 2);
    assert_int_equal(release->periods[1].first, 24216);
    assert_int_equal(release->periods[1].last, 24227);
    assert_int_equal(release->figure_count, FIGURES);
    const struct record_figure *last = &release->figures[FIGURES - 1]; /* make_format.py */
    assert_int_equal(last->cells.places.word[0], 1);
    assert_int_equal(last->cells.places.word[1], 0);
    assert_int_equal(last->cells.months.first, 24207);
    assert_int_equal(last->cells.months.last, 24211);
    assert_int_equal(last->cells.channels, 10);
    assert_int_equal(last->cells.parties, 1);
    assert_int_equal(last->cells.sessions, 28);
    assert_true(last->shown);
    assert_int_equal(last->value, 399 * 10751);
    assert_true(release->figures[0].shown && release->figures[2].shown);
    assert_true(release->figures[0].value == UINT32_MAX);
    assert_int_equal(release->figures[2].value, 0);
    assert_false(release->figures[4].shown);
    assert_int_equal(release->figures[4].value, 0);
    assert_int_equal(record_release_pieces(release), PIECES);
    memset(again, 0xee, sizeof again);
    record_release_encode(again[0], release);
    assert_memory_equal(again, pieces, sizeof again);
    secret_free(release);
}

/* Each seal draws a nonce of its own: two records of the same piece have nothing in common. */
static void test_sealed_anew(void **state)
{
    uint8_t one[RECORD_RELEASE_BYTES], other[RECORD_RELEASE_BYTES], piece[RECORD_PIECE_BYTES];
    struct base_error error;
    size_t same = 0;

    (void)state;
    record_piece_seal(one, pieces[0], NUMBER, before, book.fingerprint, book.reader);
    record_piece_seal(other, pieces[0], NUMBER, before, book.fingerprint, book.reader);
    for (size_t i = sizeof before; i < sizeof one; i++)
        same += one[i] == other[i];
    assert_true(same < sizeof one / 64);
    assert_int_equal(check(one, sizeof one, NUMBER), BASE_OK);
    assert_int_equal(record_piece_open(one, NUMBER, book.fingerprint, book.reader, piece, &error),
                     BASE_OK);
    assert_memory_equal(piece, pieces[0], sizeof piece);
}

/* Every number of figures up to some pages, each with the least that a release has. */
static void test_round_trip(void **state)
{
    static uint8_t bytes[5 * RECORD_PIECE_BYTES], again[sizeof bytes];
    struct base_error error;

    (void)state;
    for (size_t figures = 1; figures < 1000; figures += trial_is_slow() ? 111 : 1) {
        struct record_release *release, *decoded;
        size_t count;

        assert_int_equal(record_release_new(1, 1, figures, &release, &error), BASE_OK);
        release->month = BASE_LAST_MONTH;
        release->number = RECORD_MOST_RELEASES;
        release->edition = 1;
        release->threshold = 20;
        release->offers[0] = (struct record_offer){1, 1};
        release->periods[0] = (struct base_period){BASE_FIRST_MONTH, BASE_LAST_MONTH};
        for (size_t i = 0; i < figures; i++)
            release->figures[i] = (struct record_figure){
                .cells = {.places = place_set_first(1),
                          .months = {BASE_FIRST_MONTH, (base_month)(BASE_FIRST_MONTH + i)},
                          .channels = CODEBOOK_ALL_CHANNELS,
                          .parties = CODEBOOK_ALL_PARTIES,
                          .sessions = COUNTS_ALL_SESSIONS},
                .shown = i % 3 == 0,
                .value = i % 3 == 0 ? (int64_t)(UINT32_MAX - i) : 77, /* which is not kept */
            };
        assert_int_equal((uintptr_t)release % _Alignof(struct record_release), 0);
        const size_t pieces_needed = record_release_pieces(release);
        assert_int_equal(pieces_needed,
                         (12 + 16 + 2 + 4 + 16 * figures + PART_BYTES - 1) / PART_BYTES);
        record_release_encode(bytes, release);
        assert_int_equal(record_release_measure(bytes, NUMBER, &count, &error), BASE_OK);
        assert_int_equal(count, pieces_needed);
        assert_int_equal(decode(bytes, count, &decoded), BASE_OK);
        record_release_encode(again, decoded);
        assert_memory_equal(again, bytes, count * RECORD_PIECE_BYTES);
        for (size_t i = 0; i < figures; i++)
            assert_true(decoded->figures[i].value == (i % 3 == 0 ? (int64_t)(UINT32_MAX - i) : 0));
        secret_free(release);
        secret_free(decoded);
    }
}

/* ---- as it should not be ---------------------------------------------------------------------- */

/* Anybody finds it: the signature covers every bit. */
static void test_every_bit_of_a_record(void **state)
{
    uint8_t bytes[RECORD_RELEASE_BYTES], piece[RECORD_PIECE_BYTES];
    struct base_error error;

    (void)state;
    memcpy(bytes, records[0], sizeof bytes);
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit += trial_is_slow() ? 1009 : 7) {
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(check(bytes, sizeof bytes, NUMBER), BASE_RELEASE_FORGED);
        if (bit / 8 < RELEASE_SIGNATURE) { /* and the seal does once more */
            memset(piece, 0x5a, sizeof piece);
            assert_int_equal(
                record_piece_open(bytes, NUMBER, book.fingerprint, book.reader, piece, &error),
                BASE_STORE_DAMAGED);
        }
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    assert_int_equal(check(bytes, sizeof bytes, NUMBER), BASE_OK);
}

static void test_record_of_another_size(void **state)
{
    static uint8_t bytes[2 * RECORD_RELEASE_BYTES];

    (void)state;
    memcpy(bytes, records[0], sizeof records[0]);
    for (size_t size = 0; size <= sizeof bytes; size += size > 4070 && size < 4090 ? 1 : 97)
        assert_int_equal(check(bytes, size, NUMBER),
                         size == RECORD_RELEASE_BYTES ? BASE_OK : BASE_STORE_DAMAGED);
    assert_int_equal(check(bytes, RECORD_RELEASE_BYTES, 0), BASE_STORE_DAMAGED);
    assert_int_equal(check(bytes, RECORD_RELEASE_BYTES, RECORD_MOST_RELEASES + 1),
                     BASE_STORE_DAMAGED);
}

/* Under another number, or in another store. */
static void test_record_at_another_place(void **state)
{
    uint8_t other[KEYS_FINGERPRINT_BYTES], piece[RECORD_PIECE_BYTES];
    struct base_error error;

    (void)state;
    memcpy(other, book.fingerprint, sizeof other);
    other[0] ^= 1;
    assert_int_equal(check(records[0], sizeof records[0], NUMBER + 1), BASE_RELEASE_FORGED);
    assert_int_equal(
        record_piece_open(records[0], NUMBER + 1, book.fingerprint, book.reader, piece, &error),
        BASE_STORE_DAMAGED);
    assert_int_equal(record_piece_check(records[0], sizeof records[0], NUMBER, other,
                                        book.public_keys.signing, &error),
                     BASE_RELEASE_FORGED);
    assert_int_equal(record_piece_open(records[0], NUMBER, other, book.reader, piece, &error),
                     BASE_STORE_DAMAGED);
}

/* Another reader, or a device that may count, can't add to the ledger. */
static void test_record_of_another_writer(void **state)
{
    uint8_t bytes[RECORD_RELEASE_BYTES], piece[RECORD_PIECE_BYTES];
    struct keys_reader *thief;
    struct base_error error;

    (void)state;
    assert_int_equal(keys_reader_new(&thief, &error), BASE_OK);
    record_piece_seal(bytes, pieces[0], NUMBER, before, book.fingerprint, thief);
    assert_int_equal(check(bytes, sizeof bytes, NUMBER), BASE_RELEASE_FORGED);
    assert_int_equal(record_piece_open(records[0], NUMBER, book.fingerprint, thief, piece, &error),
                     BASE_STORE_DAMAGED);
    memcpy(bytes, records[0], sizeof bytes);
    keys_device_sign(book.device_key, bytes + RELEASE_SIGNATURE, bytes, RELEASE_SIGNATURE);
    assert_int_equal(check(bytes, sizeof bytes, NUMBER), BASE_RELEASE_FORGED);
    keys_reader_free(thief);
}

static void assert_refused(size_t piece, size_t at, uint8_t value)
{
    static uint8_t bytes[PIECES][RECORD_PIECE_BYTES];
    struct record_release *release = NULL;

    memcpy(bytes, pieces, sizeof bytes);
    assert_int_not_equal(bytes[piece][at], value);
    bytes[piece][at] = value;
    if (decode(bytes, PIECES, &release) != BASE_STORE_DAMAGED)
        fail_msg("byte %zu of piece %zu as %u is taken", at, piece, value);
    assert_null(release);
}

static void test_fields(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
    } wrong[] = {
        {1, 0},
        {1, 2},
        {3, 1},
        {3, 3},
        {AT_MONTH, 0},
        {AT_MONTH, 0xff},
        {AT_NUMBER + 1, 12},  /* corrects itself */
        {AT_CORRECTS + 1, 0}, /* a later edition of nothing */
        {AT_CORRECTS, 1},     /* of what comes later */
        {AT_EDITION, 0},
        {AT_EDITION, 1}, /* a first edition corrects nothing */
        {AT_THRESHOLD, 2},
        {AT_THRESHOLD, 21},
        {AT_PLACES, 0},
        {AT_PLACES, 33},
        {AT_PERIODS, 0},
        {AT_PERIODS, 201},
        {AT_FIGURES, 0},
        {AT_FIGURES, 0xff},
        {AT_FIRST_PLACE + 16, 0xff}, /* not in order */
        {AT_FIRST_OFFER, 0},
        {AT_FIRST_OFFER, 16},
        {AT_FIRST_OFFER + 1, 0},
        {AT_FIRST_OFFER + 1, 8},
        {AT_FIRST_OFFER + 4, 0},
        {AT_FIRST_OFFER + 5, 0xff},
        {AT_FIRST_PERIOD, 0},
        {AT_FIRST_PERIOD, 0xff},
        {AT_FIRST_PERIOD + 2, 0},
        {AT_FIRST_PERIOD + 2, 0xff},
        {AT_FIRST_FIGURE + 0, 1},
        {AT_FIRST_FIGURE + 3, 0},
        {AT_FIRST_FIGURE + 3, 8},
        {AT_FIRST_FIGURE + 4, 0},
        {AT_FIRST_FIGURE + 4, 0xff},
        {AT_FIRST_FIGURE + 6, 0},
        {AT_FIRST_FIGURE + 8, 0},
        {AT_FIRST_FIGURE + 8, 16},
        {AT_FIRST_FIGURE + 9, 0},
        {AT_FIRST_FIGURE + 9, 8},
        {AT_FIRST_FIGURE + 10, 0},
        {AT_FIRST_FIGURE + 10, 32},
        {AT_FIRST_FIGURE + 11, 2},
        {AT_FIRST_FIGURE + 11, 0},                    /* hidden, and a value is there */
        {AT_FIRST_FIGURE + 4 * FIGURE_BYTES + 12, 1}, /* the same */
        {AT_FIRST_FIGURE + 4 * FIGURE_BYTES + 15, 1},
    };

    (void)state;
    for (size_t i = 0; i < TRIAL_COUNT(wrong); i++)
        assert_refused(0, wrong[i].at, wrong[i].value);
    /* The last figure, and what is behind it. */
    assert_refused(1, 4 + (AT_FIRST_FIGURE - 4 + FIGURES * FIGURE_BYTES - PART_BYTES) - 5, 2);
    for (size_t at = 4 + (AT_FIRST_FIGURE - 4 + FIGURES * FIGURE_BYTES - PART_BYTES);
         at < RECORD_PIECE_BYTES; at += trial_is_slow() ? 97 : 1)
        assert_refused(1, at, 1);
}

/* Figure 5 has the sets of figure 1, which are not beside each other, shown or hidden. */
static void test_a_figure_twice(void **state)
{
    static uint8_t bytes[PIECES][RECORD_PIECE_BYTES];
    struct record_release *release = NULL;
    uint8_t *figure = bytes[0] + AT_FIRST_FIGURE + 5 * FIGURE_BYTES;

    (void)state;
    memcpy(bytes, pieces, sizeof bytes);
    memcpy(figure, bytes[0] + AT_FIRST_FIGURE + FIGURE_BYTES, 11);
    assert_int_equal(decode(bytes, PIECES, &release), BASE_STORE_DAMAGED);
    memset(figure + 11, 0, 5);
    assert_int_equal(decode(bytes, PIECES, &release), BASE_STORE_DAMAGED);
    assert_null(release);
    figure[10] ^= 1;
    assert_int_equal(decode(bytes, PIECES, &release), BASE_OK);
    secret_free(release);
}

/* A place twice: the store's own among the others, or one of them. */
static void test_a_place_twice(void **state)
{
    static uint8_t bytes[PIECES][RECORD_PIECE_BYTES];
    struct record_release *release = NULL;
    uint8_t *places = bytes[0] + AT_FIRST_PLACE;

    (void)state;
    memcpy(bytes, pieces, sizeof bytes);
    memcpy(places + 16, places, 16);
    assert_int_equal(decode(bytes, PIECES, &release), BASE_STORE_DAMAGED);
    memcpy(places + 16, places + 32, 16);
    assert_int_equal(decode(bytes, PIECES, &release), BASE_STORE_DAMAGED);
    assert_null(release);
}

static void test_pieces_that_do_not_belong_together(void **state)
{
    static uint8_t bytes[3][RECORD_PIECE_BYTES];
    struct record_release *release = NULL;
    struct base_error error;
    size_t count = 77;

    (void)state;
    memcpy(bytes[0], pieces[1], sizeof pieces[1]);
    memcpy(bytes[1], pieces[0], sizeof pieces[0]);
    assert_int_equal(decode(bytes, 2, &release), BASE_STORE_DAMAGED);
    assert_int_equal(record_release_measure(bytes[0], NUMBER, &count, &error), BASE_STORE_DAMAGED);
    assert_int_equal(count, 77);
    memcpy(bytes[0], pieces[0], sizeof pieces[0]);
    assert_int_equal(decode(bytes, 2, &release), BASE_STORE_DAMAGED);
    memcpy(bytes[1], pieces[1], sizeof pieces[1]);
    assert_int_equal(decode(bytes, 1, &release), BASE_STORE_DAMAGED);
    assert_int_equal(decode(bytes, 3, &release), BASE_STORE_DAMAGED);
    assert_null(release);
    assert_int_equal(decode(bytes, 2, &release), BASE_OK);
    secret_free(release);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key),
        cmocka_unit_test(test_records_of_another_program),
        cmocka_unit_test(test_release_of_another_program),
        cmocka_unit_test(test_chain_of_another_program),
        cmocka_unit_test(test_sealed_anew),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_every_bit_of_a_record),
        cmocka_unit_test(test_record_of_another_size),
        cmocka_unit_test(test_record_at_another_place),
        cmocka_unit_test(test_record_of_another_writer),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_a_figure_twice),
        cmocka_unit_test(test_a_place_twice),
        cmocka_unit_test(test_pieces_that_do_not_belong_together),
    };

    return cmocka_run_group_tests(tests, load, book_unload);
}
