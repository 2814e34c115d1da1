/*
 * server/id.h - what accounts, tokens and repositories are known by
 *
 * 128 random bits, never used twice. Names are labels that may change hands.
 */
#ifndef SERVER_ID_H
#define SERVER_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "db/db.h"

#define SERVER_ID_BYTES 16u
#define SERVER_ID_HEX_SIZE 33u

/* All zero: none. */
struct server_id {
    uint8_t bytes[SERVER_ID_BYTES];
};

void server_id_new(struct server_id *out);
bool server_id_equal(const struct server_id *a, const struct server_id *b);
bool server_id_is_none(const struct server_id *id);

/* 32 lower-case digits. */
void server_id_hex(const struct server_id *id, char out[SERVER_ID_HEX_SIZE]);

/* Exactly the front of `text` that has that many digits. */
bool server_id_parse(const char *text, struct server_id *out);

/* As an argument of a statement, null for none; and from a column. */
struct db_value server_id_value(const struct server_id *id);
void server_id_column(struct db_rows *rows, int column, struct server_id *out);

/* `size` bytes as 2 * size lower-case digits and a NUL; and back. */
void server_hex_put(const uint8_t *bytes, size_t size, char *out);
bool server_hex_read(const char *text, size_t size, uint8_t *out);

#endif
