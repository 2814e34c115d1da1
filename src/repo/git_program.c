#include "repo/git_program.h"

#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"

#define DEFAULT_PROGRAM "/usr/bin/git"

enum { MAX_ARGUMENTS = 32, LINE_MAX_BYTES = 65536, ID_DIGITS = 40 };

void git_place_release(struct git_place *place)
{
    mem_free(place->program);
    mem_free(place->home);
    mem_free(place->folder);
    *place = (struct git_place){0};
}

static dits_error *exists_below(const char *folder, const char *name, bool *out)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(folder, name, &path));
    *out = fs_exists(path);
    return NULL;
}

dits_error *git_place_find(const char *path, char **out_folder)
{
    bool has_git = false;
    bool has_head = false;
    bool has_objects = false;
    *out_folder = NULL;
    TRY(exists_below(path, ".git", &has_git));
    if (has_git)
        return fs_join(path, ".git", out_folder);
    TRY(exists_below(path, "HEAD", &has_head));
    TRY(exists_below(path, "objects", &has_objects));
    return has_head && has_objects ? text_copy(path, out_folder) : NULL;
}

static dits_error *set_program(const dits_context *context,
                               const struct dits_git *git,
                               struct git_place *place)
{
    CLEANUP(buf_release) struct buf home = {0};
    place->context = context;
    TRY(text_copy(git->program != NULL ? git->program : DEFAULT_PROGRAM,
                  &place->program));
    TRY(buf_printf(&home, "HOME=%s", git->home != NULL ? git->home : "/"));
    return buf_take_text(&home, &place->home);
}

dits_error *git_place_make(const dits_context *context,
                           const struct dits_git *git, const char *path,
                           struct git_place *out)
{
    CLEANUP(git_place_release) struct git_place place = {0};
    TRY(set_program(context, git, &place));
    TRY(text_copy(path, &place.folder));
    place.id_size = DITS_OID_SIZE;
    *out = MOVE(place);
    return NULL;
}

static dits_error *read_id_size(struct git_place *place)
{
    static const char *const arguments[] = {"rev-parse", "--show-object-format",
                                            NULL};
    CLEANUP(buf_release) struct buf format = {0};
    TRY(git_output(place, arguments, LINE_MAX_BYTES, &format));
    if (strcmp(buf_text(&format), "sha1\n") == 0)
        place->id_size = 20;
    else if (strcmp(buf_text(&format), "sha256\n") == 0)
        place->id_size = 32;
    else
        return error_new(DITS_E_UNSUPPORTED,
                         "git keeps its objects in an unknown format");
    return NULL;
}

dits_error *git_place_open(const dits_context *context,
                           const struct dits_git *git, const char *path,
                           struct git_place *out)
{
    CLEANUP(git_place_release) struct git_place place = {0};
    TRY(git_place_find(path, &place.folder));
    if (place.folder == NULL)
        return error_hint(
            error_new(DITS_E_NOT_FOUND, "'%s' is no repository of git", path),
            "Name the folder that holds '.git', or a bare repository.");
    TRY(set_program(context, git, &place));
    TRY_CONTEXT(read_id_size(&place), "cannot read the git repository '%s'",
                path);
    *out = MOVE(place);
    return NULL;
}

dits_error *git_start(const struct git_place *place,
                      const char *const *arguments, struct process *out)
{
    CLEANUP(buf_release) struct buf folder = {0};
    const char *const environment[] = {
        place->home,
        "PATH=/usr/local/bin:/usr/bin:/bin",
        "LC_ALL=C",
        "GIT_NO_LAZY_FETCH=1",
        "GIT_NO_REPLACE_OBJECTS=1",
        "GIT_TERMINAL_PROMPT=0",
        "GIT_OPTIONAL_LOCKS=0",
        NULL,
    };
    const char *line[MAX_ARGUMENTS] = {"git",
                                       "",
                                       "--no-pager",
                                       "-c",
                                       "protocol.allow=never",
                                       "-c",
                                       "core.hooksPath=/dev/null"};
    size_t count = 7;
    TRY(buf_printf(&folder, "--git-dir=%s", place->folder));
    line[1] = buf_text(&folder);
    for (; *arguments != NULL; arguments++) {
        if (count + 1 == MAX_ARGUMENTS)
            return error_new(DITS_E_INTERNAL, "too many arguments for git");
        line[count++] = *arguments;
    }
    dits_error *err =
        process_start(place->context, place->program, line, environment, out);
    if (dits_error_has(err, DITS_E_NOT_FOUND))
        return error_hint(err, "Install git, or set DITS_GIT to its path.");
    return err;
}

/* What git says, without the word that it puts before it. */
static const char *plain(const char *said)
{
    static const char *const words[] = {"fatal: ", "error: "};
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (text_starts_with(said, words[i]))
            return said + strlen(words[i]);
    return said;
}

/* Whether a line names an object by its id. */
static bool names_object(const char *line, size_t length)
{
    size_t digits = 0;
    for (size_t i = 0; i < length && digits < ID_DIGITS; i++) {
        char digit[] = {line[i], '\0'};
        digits = strpbrk(digit, "0123456789abcdef") != NULL ? digits + 1 : 0;
    }
    return digits == ID_DIGITS;
}

/* The reason is the first line that names an object, else the first. */
static const char *choose_line(const char *said)
{
    for (const char *line = said; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        if (names_object(line, length))
            return line;
        line += length + (line[length] == '\n');
    }
    return said;
}

static dits_error *reason_of(enum dits_code code, const char *said)
{
    const char *line = plain(choose_line(said));
    int length = (int)strcspn(line, "\n");
    if (length == 0)
        return error_new(code, "git ended without a reason");
    dits_error *err = error_new(code, "git: %.*s", length, line);
    if (strstr(said, "dubious ownership") != NULL)
        return error_hint(err, "The repository belongs to somebody else. Allow "
                               "it with 'git config --global --add "
                               "safe.directory FOLDER'.");
    return err;
}

dits_error *git_failed(struct process *process, enum dits_code code,
                       const char *what)
{
    const char *said = NULL;
    dits_error *err = process_said(process, &said);
    if (err != NULL)
        return err;
    return error_wrap(reason_of(code, said), "%s", what);
}

dits_error *git_finish(struct process *process, const char *what)
{
    int status = 0;
    TRY(process_finish(process, &status));
    return status == 0 ? NULL : git_failed(process, DITS_E_CORRUPT, what);
}

dits_error *git_output(const struct git_place *place,
                       const char *const *arguments, size_t max,
                       struct buf *out)
{
    CLEANUP(process_stop) struct process process = {0};
    CLEANUP(buf_release) struct buf text = buf_limited(max);
    size_t got = 0;
    TRY(git_start(place, arguments, &process));
    do {
        char bytes[4096];
        TRY(process_read(&process, sizeof(bytes), bytes, &got));
        TRY(buf_put(&text, bytes, got));
    } while (got > 0);
    TRY(git_finish(&process, "git cannot answer"));
    text.max = 0;
    *out = MOVE(text);
    return NULL;
}

dits_error *git_common_folder(const struct git_place *place, char **out)
{
    static const char *const arguments[] = {"rev-parse", "--git-common-dir",
                                            NULL};
    CLEANUP(buf_release) struct buf folder = {0};
    TRY(git_output(place, arguments, LINE_MAX_BYTES, &folder));
    size_t length = folder.size;
    while (length > 0 && folder.data[length - 1] == '\n')
        length--;
    return text_copy_part(buf_text(&folder), length, out);
}
