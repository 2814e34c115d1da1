#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

struct dits_error {
    enum dits_code code;
    int line;
    const char *file;
    char *message;
    char *hint;
    dits_error *cause;
};

/* Shared by all threads and never written to. */
static dits_error nomem_error = {
    .code = DITS_E_NOMEM,
    .file = "base/error.c",
    .message = (char[]){"out of memory"},
};

dits_error *error_out_of_memory(void)
{
    return &nomem_error;
}

/* NULL when there is no memory for it. */
static PRINTF_LIKE(1, 0) char *format(const char *fmt, va_list args)
{
    va_list measure;
    va_copy(measure, args);
    int length = vsnprintf(NULL, 0, fmt, measure);
    va_end(measure);
    if (length < 0)
        return NULL;

    size_t size = (size_t)length + 1;
    char *text = mem_new_array(char, size);
    if (text != NULL)
        (void)vsnprintf(text, size, fmt, args);
    return text;
}

dits_error *error_make(enum dits_code code, dits_error *cause, const char *file,
                       int line, const char *fmt, ...)
{
    dits_error *err = mem_new(dits_error);
    va_list args;
    va_start(args, fmt);
    char *message = format(fmt, args);
    va_end(args);

    /* Losing the context is better than losing the cause. */
    if (err == NULL || message == NULL) {
        mem_free(err);
        mem_free(message);
        return cause != NULL ? cause : error_nomem();
    }

    *err = (dits_error){
        .code = code != 0 ? code : dits_error_code(cause),
        .line = line,
        .file = file,
        .message = message,
        .cause = cause,
    };
    return err;
}

dits_error *error_from_errno(int errnum)
{
    enum dits_code code = DITS_E_IO;
    if (errnum == ENOENT || errnum == ESTALE) /* removed on another machine */
        code = DITS_E_NOT_FOUND;
    else if (errnum == EEXIST)
        code = DITS_E_EXISTS;
    else if (errnum == EACCES || errnum == EPERM || errnum == EROFS)
        code = DITS_E_DENIED;
    else if (errnum == ENOSPC || errnum == EDQUOT || errnum == EFBIG ||
             errnum == EMFILE || errnum == ENFILE)
        code = DITS_E_LIMIT;
    else if (errnum == ENOMEM)
        return error_nomem();

    return error_new(code, "%s", strerror(errnum));
}

dits_error *error_set_hint(dits_error *err, const char *fmt, ...)
{
    if (err == &nomem_error)
        return err;

    va_list args;
    va_start(args, fmt);
    mem_free(err->hint);
    err->hint = format(fmt, args);
    va_end(args);
    return err;
}

void dits_error_free(dits_error *err)
{
    while (err != NULL && err != &nomem_error) {
        dits_error *cause = err->cause;
        mem_free(err->message);
        mem_free(err->hint);
        mem_free(err);
        err = cause;
    }
}

bool dits_error_has(const dits_error *err, enum dits_code code)
{
    for (; err != NULL; err = err->cause)
        if (err->code == code)
            return true;
    return false;
}

enum dits_code dits_error_code(const dits_error *err)
{
    return err->code;
}

const char *dits_error_message(const dits_error *err)
{
    return err->message;
}

const char *dits_error_hint(const dits_error *err)
{
    return err->hint;
}

const dits_error *dits_error_cause(const dits_error *err)
{
    return err->cause;
}

const char *error_file(const dits_error *err, int *out_line)
{
    *out_line = err->line;
    return err->file;
}
