/*
 * media/split_machine.h - the machines inside a splitter
 *
 * For split*.c alone. A machine per framing takes one step at a time: it looks
 * at the bytes that are left (at least one), gives at most STEP_PIECES pieces,
 * and returns how many bytes it took; taking none, it is in another state
 * afterwards. What a step decides depends on the bytes before it and on the one
 * it stands at, never on how many follow in this call: that is what makes the
 * division between calls invisible.
 */
#ifndef MEDIA_SPLIT_MACHINE_H
#define MEDIA_SPLIT_MACHINE_H

#include "media/split.h"

enum { STEP_PIECES = 3 };

/* States. Zero is where a sample begins; SPLIT_RAW: its rest, as it is. */
enum { SPLIT_RAW = 99 };
enum { LENGTH_NUMBER = 0, LENGTH_HEADER, LENGTH_BODY, LENGTH_TAIL };
enum { CODE_BODY = 0, CODE_HEADER, CODE_ZEROS };
enum { PRORES_SIZE = 0, PRORES_HEADER_SIZE, PRORES_HEADER, PRORES_DATA };

struct split_output {
    struct split_piece *pieces;
    size_t count;
};

/* Room is seen to before each step. No bytes are no piece. */
void split_give(struct splitter *s, struct split_output *out, uint64_t size,
                enum split_part part);
void split_give_held(struct splitter *s, struct split_output *out,
                     enum split_part part);

/* All bytes at hand, or those of a unit that has `unit` more of them. */
size_t split_take_raw(struct splitter *s, struct slice bytes,
                      struct split_output *out);
size_t split_take_unit(struct splitter *s, struct slice bytes,
                       struct split_output *out, uint64_t unit);

size_t split_step_length(struct splitter *s, struct slice bytes,
                         struct split_output *out);
size_t split_step_start_code(struct splitter *s, struct slice bytes,
                             struct split_output *out);
size_t split_step_prores(struct splitter *s, struct slice bytes,
                         struct split_output *out);
size_t split_step_adts(struct splitter *s, struct slice bytes,
                       struct split_output *out);
size_t split_step_obu(struct splitter *s, struct slice bytes,
                      struct split_output *out);

#endif
