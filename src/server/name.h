/*
 * server/name.h - names of accounts and repositories
 *
 * Letters, digits, '.', '_' and '-' of ASCII, beginning with a letter or a
 * digit: nothing that looks like another name, that a shell, a URL or a file
 * system takes for something else, or that leads out of a folder.
 */
#ifndef SERVER_NAME_H
#define SERVER_NAME_H

#include "base/error.h"

/* With the NUL. */
#define SERVER_NAME_SIZE 65u

/* Lower case only. INVALID, saying what is wrong. */
MUST_USE dits_error *name_check_account(const char *name);
MUST_USE dits_error *name_check_repository(const char *name);

#endif
