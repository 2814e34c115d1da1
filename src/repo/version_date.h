/*
 * repo/version_date.h - dates in the names of files
 *
 * "20240131", "240131", "2024-01-31", "31.01.2024", each perhaps with a time
 * behind it: "_1530", "T153000", " 15-30-00", " at 15.30.00".
 */
#ifndef REPO_VERSION_DATE_H
#define REPO_VERSION_DATE_H

#include <stddef.h>
#include <stdint.h>

/*
 * The length of a date that ends at `end` of the text, 0 without one. `out`
 * rises with the moment that it means.
 */
size_t version_date_before(const char *text, size_t end, uint64_t *out);

#endif
