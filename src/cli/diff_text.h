/*
 * cli/diff_text.h - differences as diff, show and log print them
 */
#ifndef CLI_DIFF_TEXT_H
#define CLI_DIFF_TEXT_H

#include <dits/diff.h>

#include "cli/cli.h"
#include "cli/json.h"

/* What is printed; any of them, one after the other. */
struct diff_style {
    bool stat;
    bool name_status;
    bool name_only;
    bool patch;
    bool nul; /* names as they are, ending in NUL */
    unsigned context_lines;
    size_t columns; /* of the stat */
};

/* With cli->json: an object for each file. */
MUST_USE dits_error *diff_text_print(const struct cli *cli, dits_diff *diff,
                                     const struct diff_style *style, FILE *out);

/* The parts, each for all files or for one. */
MUST_USE dits_error *diff_stat_print(const struct cli *cli, dits_diff *diff,
                                     size_t columns, FILE *out);
MUST_USE dits_error *diff_patch_print(const struct cli *cli, dits_diff *diff,
                                      size_t index, unsigned context_lines,
                                      FILE *out);
MUST_USE dits_error *diff_json_print(dits_diff *diff, size_t index,
                                     bool with_content, FILE *out);

/*
 * What differs in a media file, in an editor's words. `*out_is_media` false:
 * nothing was printed.
 */
MUST_USE dits_error *diff_media_print(const struct cli *cli, dits_diff *diff,
                                      size_t index, FILE *out,
                                      bool *out_is_media);

/* The same as a member "media" of `json`: a list, or null. */
MUST_USE dits_error *diff_media_json(dits_diff *diff, size_t index,
                                     struct json *json);

/* "100644" */
const char *diff_mode(char mode);

#endif
