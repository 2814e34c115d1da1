/*
 * store/exclusive.h - having the store to oneself
 *
 * Whoever removes packs holds the store's lock exclusively: no writer counts on
 * what it found present. Long work gives the lock up between its steps.
 */
#ifndef STORE_EXCLUSIVE_H
#define STORE_EXCLUSIVE_H

#include "base/fs.h"
#include "store/store.h"

/* Waits some seconds. The packs of now are listed. Errors: LOCKED. */
MUST_USE dits_error *exclusive_take(struct store *store, struct fs_file *out);

/* Let those who wait have their turn, and take it again. */
MUST_USE dits_error *exclusive_yield(struct store *store, struct fs_file *lock);

#endif
