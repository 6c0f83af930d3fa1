/* A program in the making. */
#ifndef PROTECT_ATTACK_JOINT_INSIDE_H
#define PROTECT_ATTACK_JOINT_INSIDE_H

#include "inside.h"

struct joint_writing {
    struct joint *joint;
    size_t columns, column_room;
    struct solver_column *column;
    size_t rows, row_room;
    struct solver_row *row;
    size_t terms, term_room;
    uint32_t *term;
    double *factor;
};

/* An equation without terms yet; they are added to the last row. */
enum base_code joint_put_row(struct joint_writing *to, struct base_error *error);
enum base_code joint_put_term(struct joint_writing *to, size_t column, double factor,
                              struct base_error *error);
/* The change of a cell (its number in the program). */
enum base_code joint_put_cell(struct joint_writing *to, uint32_t number, double factor,
                              struct base_error *error);
/* A column that is at least so much. */
enum base_code joint_put_balance(struct joint_writing *to, double least, size_t *column,
                                 struct base_error *error);

/* life.c: the rule of sessions. */
enum base_code joint_put_lives(struct joint_writing *to, struct base_error *error);

#endif
