/* What everybody knows of sessions: nobody has a second conversation before a first one. */
#include "life.h"
#include "joint_inside.h"

/* Cells of both sessions of a month, of all channels. */
static size_t list_month(const struct ground *ground, const struct life_order *order,
                         unsigned month, struct life_term terms[2 * CODEBOOK_CHANNELS])
{
    size_t count = 0;
    for (unsigned channel = 0; channel < CODEBOOK_CHANNELS; channel++) {
        for (unsigned later = 0; later < 2; later++) {
            const struct codebook_contact contact = {
                {(uint8_t)channel, (uint8_t)order->party, (uint8_t)(order->session + later)}};
            const uint32_t cell =
                *attack_cell_at(ground, order->place, month, codebook_cell(contact));
            if (cell != ATTACK_NONE)
                terms[count++] = (struct life_term){cell, later == 0 ? 1 : -1};
        }
    }
    return count;
}

int64_t life_balance(const struct ground *ground, const struct life_order *order, unsigned month,
                     int64_t before)
{
    struct life_term terms[2 * CODEBOOK_CHANNELS];
    const size_t count = list_month(ground, order, month, terms);
    for (size_t i = 0; i < count; i++)
        before += terms[i].factor * (int64_t)ground->cell[terms[i].cell].base;
    return before;
}

/* The row of a month; `least` is by how much the balance may change. */
static enum base_code put_month(struct joint_writing *to, const struct life_order *order,
                                unsigned month, double least, size_t *balance, bool is_first,
                                struct base_error *error)
{
    struct life_term terms[2 * CODEBOOK_CHANNELS];
    const struct joint *joint = to->joint;
    const size_t count = list_month(joint->ground, order, month, terms);
    const size_t before = *balance;
    if (joint_put_balance(to, least, balance, error) != BASE_OK ||
        joint_put_row(to, error) != BASE_OK || joint_put_term(to, *balance, -1, error) != BASE_OK ||
        (!is_first && joint_put_term(to, before, 1, error) != BASE_OK))
        return error->code;
    for (size_t i = 0; i < count; i++)
        if (joint_put_cell(to, joint->number[terms[i].cell], terms[i].factor, error) != BASE_OK)
            return error->code;
    return BASE_OK;
}

/* Within the scope month by month; after it the balances stay as they are, only higher or lower. */
static enum base_code put_order(struct joint_writing *to, const struct life_order *order,
                                struct base_error *error)
{
    const struct joint *joint = to->joint;
    const struct ground *ground = joint->ground;
    const struct attack_life *life = &ground->life[order->place];
    const unsigned first = life->first > joint->scope.first ? life->first : joint->scope.first;
    const unsigned end = life->end < joint->scope.end ? life->end : joint->scope.end;
    int64_t balance = 0, later;
    size_t column = 0;
    for (unsigned month = life->first; month < first; month++)
        balance = life_balance(ground, order, month, balance);
    for (unsigned month = first; month < end; month++) {
        balance = life_balance(ground, order, month, balance);
        int64_t least = balance;
        later = balance;
        for (unsigned next = end; month + 1 == end && next < life->end; next++) {
            later = life_balance(ground, order, next, later);
            least = later < least ? later : least;
        }
        if (put_month(to, order, month, -(double)least, &column, month == first, error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

enum base_code joint_put_lives(struct joint_writing *to, struct base_error *error)
{
    const struct joint *joint = to->joint;
    const struct ground *ground = joint->ground;
    for (unsigned place = 0; place < ground->attack->place_count; place++) {
        const struct attack_life *life = &ground->life[place];
        if (!life->known || !place_set_has(&joint->scope.places, place) ||
            life->first >= joint->scope.end || life->end <= joint->scope.first)
            continue;
        for (unsigned party = 0; party < CODEBOOK_PARTIES; party++)
            for (unsigned session = 0; session + 1 < CODEBOOK_SESSIONS; session++) {
                const struct life_order order = {place, party, session};
                if ((ground->attack->offered[place].parties >> party & 1U) != 0 &&
                    put_order(to, &order, error) != BASE_OK)
                    return error->code;
            }
    }
    return BASE_OK;
}

bool life_agrees(const struct ground *ground)
{
    for (unsigned place = 0; place < ground->attack->place_count; place++) {
        const struct attack_life *life = &ground->life[place];
        for (unsigned party = 0; life->known && party < CODEBOOK_PARTIES; party++)
            for (unsigned session = 0; session + 1 < CODEBOOK_SESSIONS; session++) {
                const struct life_order order = {place, party, session};
                int64_t balance = 0;
                for (unsigned month = life->first; month < life->end; month++) {
                    balance = life_balance(ground, &order, month, balance);
                    if (balance < 0)
                        return false;
                }
            }
    }
    return true;
}
