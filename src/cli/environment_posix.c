#include "cli/environment.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"

/* A variable that is set to something. */
static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static const char *first_of(const char *const *names, const char *fallback)
{
    for (; *names != NULL; names++)
        if (variable(*names) != NULL)
            return variable(*names);
    return fallback;
}

static const char *find_home(const struct passwd *user)
{
    const char *home = variable("HOME");
    return home != NULL || user == NULL ? home : user->pw_dir;
}

static dits_error *find_config(const char *home, char **out)
{
    const char *folder = variable("XDG_CONFIG_HOME");
    if (folder != NULL)
        return fs_join(folder, "dits/config", out);
    return home != NULL ? fs_join(home, ".config/dits/config", out) : NULL;
}

/* The full name is the first field of the comment; '&' in it is the login. */
static dits_error *find_name(const struct passwd *user, char **out)
{
    const char *name = variable("DITS_COMMITTER_NAME");
    if (name != NULL || user == NULL)
        return text_copy_optional(name, out);

    const char *full = user->pw_gecos != NULL ? user->pw_gecos : "";
    size_t length = strcspn(full, ",&");
    if (length == 0 || full[length] == '&')
        return text_copy(user->pw_name, out);
    return text_copy_part(full, length, out);
}

static dits_error *find_email(const struct passwd *user, char **out)
{
    const char *email = variable("DITS_COMMITTER_EMAIL");
    if (email == NULL)
        email = variable("EMAIL");
    if (email != NULL || user == NULL)
        return text_copy_optional(email, out);

    char host[256] = {0};
    if (gethostname(host, sizeof(host) - 1) != 0 || host[0] == '\0')
        return text_copy_optional(NULL, out);
    CLEANUP(buf_release) struct buf text = {0};
    TRY(buf_printf(&text, "%s@%s", user->pw_name, host));
    return buf_take_text(&text, out);
}

static int32_t find_offset(void)
{
    time_t now = time(NULL);
    struct tm local = {0};
    return localtime_r(&now, &local) != NULL ? (int32_t)(local.tm_gmtoff / 60)
                                             : 0;
}

/* The file that PATH leads to; NULL without one. */
static dits_error *find_program(const char *name, char **out)
{
    const char *path = variable("PATH");
    *out = NULL;
    while (path != NULL && *path != '\0') {
        CLEANUP(buf_release) struct buf file = {0};
        size_t length = strcspn(path, ":");
        TRY(buf_printf(&file, "%.*s/%s", (int)length, path, name));
        if (access(buf_text(&file), X_OK) == 0)
            return buf_take_text(&file, out);
        path += length + (path[length] == ':');
    }
    return NULL;
}

static dits_error *find_git(struct environment *out)
{
    const char *name = variable("DITS_GIT");
    return name != NULL ? text_copy(name, &out->git)
                        : find_program("git", &out->git);
}

static dits_error *find_programs(struct environment *out)
{
    CLEANUP(text_free) char *less = NULL;
    static const char *const editors[] = {"DITS_EDITOR", "VISUAL", "EDITOR",
                                          NULL};
    static const char *const pagers[] = {"DITS_PAGER", "PAGER", NULL};
    out->editor = first_of(editors, "vi");
    /* A bare system has no less; then output goes to the terminal as it is. */
    TRY(find_program("less", &less));
    out->pager = first_of(pagers, less != NULL ? "less" : NULL);
    if (out->pager != NULL && strcmp(out->pager, "cat") == 0)
        out->pager = NULL;
    return find_git(out);
}

dits_error *environment_read(struct environment *out)
{
    CLEANUP(environment_release) struct environment found = {0};
    const struct passwd *user = getpwuid(geteuid());
    /* The password file's entry lasts until it is asked again: copied. */
    TRY(text_copy_optional(find_home(user), &found.home));
    TRY(find_config(found.home, &found.config_path));
    TRY(find_name(user, &found.user_name));
    TRY(find_email(user, &found.user_email));
    TRY(find_programs(&found));

    const char *terminal = variable("TERM");
    found.allows_colors = variable("NO_COLOR") == NULL && terminal != NULL &&
                          strcmp(terminal, "dumb") != 0;
    const char *colors = variable("COLORTERM");
    found.has_true_color =
        colors != NULL &&
        (strcmp(colors, "truecolor") == 0 || strcmp(colors, "24bit") == 0);
    found.utc_offset_minutes = find_offset();
    found.ssh_agent = variable("SSH_AUTH_SOCK");
    found.ssh_command = variable("DITS_SSH_COMMAND");
    found.all = (const char *const *)environ;
    found.author_name = variable("DITS_AUTHOR_NAME");
    found.author_email = variable("DITS_AUTHOR_EMAIL");
    found.author_date = variable("DITS_AUTHOR_DATE");
    found.date = variable("DITS_DATE");
    found.decoder = variable("DITS_DECODER");
    *out = MOVE(found);
    return NULL;
}

void environment_release(struct environment *environment)
{
    mem_free(environment->config_path);
    mem_free(environment->home);
    mem_free(environment->user_name);
    mem_free(environment->user_email);
    mem_free(environment->git);
    *environment = (struct environment){0};
}
