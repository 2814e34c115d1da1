/*
 * cli/environment.h - what the program finds around it
 *
 * The only reader of environment variables, the password file and the time
 * zone. Strings are borrowed from the process's environment unless they are
 * marked as owned. The platform's code is environment_posix.c.
 */
#ifndef CLI_ENVIRONMENT_H
#define CLI_ENVIRONMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct environment {
    char *config_path; /* owned; NULL: no home folder */
    char *home;        /* owned: HOME, else the login's; NULL: none */
    char *user_name;   /* owned: DITS_COMMITTER_NAME, else the login's */
    char *user_email;  /* owned: DITS_COMMITTER_EMAIL, else login@host */
    int32_t utc_offset_minutes;
    const char *ssh_agent;    /* SSH_AUTH_SOCK */
    const char *ssh_command;  /* DITS_SSH_COMMAND */
    const char *const *all;   /* as programs get it */
    const char *author_name;  /* DITS_AUTHOR_NAME */
    const char *author_email; /* DITS_AUTHOR_EMAIL */
    const char *author_date;  /* DITS_AUTHOR_DATE */
    const char *date;         /* DITS_DATE: what time it is, for tests */
    const char *decoder;      /* DITS_DECODER: path of 'dits-decode', or NULL */
    char *git;                /* owned: DITS_GIT, or where PATH has it; NULL */
    const char *editor;       /* DITS_EDITOR, VISUAL, EDITOR or "vi" */
    const char *pager;        /* DITS_PAGER, PAGER or "less"; NULL: none */
    bool allows_colors;       /* no NO_COLOR, no TERM=dumb */
    bool has_true_color;      /* COLORTERM says so */
};

MUST_USE dits_error *environment_read(struct environment *out);
void environment_release(struct environment *environment);

#endif
