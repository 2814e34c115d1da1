#include "cli/report.h"

#include <string.h>

#include "cli/color.h"

static const char *when(bool colors, enum color color)
{
    return colors ? color_sequence(color) : "";
}

/* Names inside a message may hold anything; one line stays one line. */
static void put_line(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == 0x7f)
            fprintf(out, "\\%03o", c);
        else
            fputc(c, out);
    }
    fputc('\n', out);
}

/* A hint may be of several lines: the names of what is in the way. */
static void put_hint(FILE *out, const char *hint, bool colors)
{
    fprintf(out, "  %shint:%s ", when(colors, COLOR_YELLOW),
            when(colors, COLOR_RESET));
    while (*hint != '\0') {
        size_t length = strcspn(hint, "\n");
        fprintf(out, "%.*s\n", (int)length, hint);
        hint += length + (hint[length] == '\n');
        if (*hint != '\0')
            fputs("        ", out);
    }
}

void report_error(FILE *out, const char *program, const dits_error *err,
                  bool colors)
{
    fprintf(out, "%s%s:%s ", when(colors, COLOR_RED), program,
            when(colors, COLOR_RESET));
    put_line(out, dits_error_message(err));
    for (const dits_error *e = dits_error_cause(err); e != NULL;
         e = dits_error_cause(e)) {
        fputs("  because ", out);
        put_line(out, dits_error_message(e));
    }
    for (const dits_error *e = err; e != NULL; e = dits_error_cause(e))
        if (dits_error_hint(e) != NULL)
            put_hint(out, dits_error_hint(e), colors);
}
