#include <dlfcn.h>
#include <string.h>

#include "base/library.h"

/* The reason is that of the loader, which names the file. */
static dits_error *refused(const char *what)
{
    const char *reason = dlerror();
    return error_wrap(error_new(DITS_E_UNSUPPORTED, "%s",
                                reason != NULL ? reason : "no reason given"),
                      "cannot load '%s'", what);
}

dits_error *library_open(const char *name, struct library *out)
{
    void *handle = dlopen(name, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
    if (handle == NULL)
        return refused(name);
    out->handle = handle;
    return NULL;
}

/* Copied as bytes: C knows no conversion from an object to a function. */
dits_error *library_find(const struct library *library, const char *function,
                         void *out_function)
{
    void *address = dlsym(library->handle, function);
    if (address == NULL)
        return refused(function);
    memcpy(out_function, &address, sizeof(address));
    return NULL;
}

void library_close(struct library *library)
{
    if (library->handle != NULL)
        (void)dlclose(library->handle);
    *library = (struct library){0};
}
