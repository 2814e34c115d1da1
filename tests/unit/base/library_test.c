#include "base/library.h"

#include <string.h>

#include "support/test.h"

/* A library that every Linux has. */
#define NAME "libm.so.6"

TEST(a_function_of_a_library_can_be_called)
{
    struct library library = {0};
    double (*root)(double) = NULL;
    CHECK_OK(library_open(NAME, &library));
    CHECK_OK(library_find(&library, "sqrt", &root));
    CHECK(root(81.0) == 9.0);
    library_close(&library);
    library_close(&library);
}

TEST(what_is_not_there_is_named)
{
    struct library library = {0};
    void (*function)(void) = NULL;
    dits_error *err = library_open("libdits-nowhere.so.7", &library);
    CHECK(err != NULL && dits_error_code(err) == DITS_E_UNSUPPORTED);
    CHECK(strstr(dits_error_message(err), "libdits-nowhere.so.7") != NULL);
    dits_error_free(err);

    CHECK_OK(library_open(NAME, &library));
    err = library_find(&library, "dits_nothing", &function);
    CHECK(err != NULL && dits_error_code(err) == DITS_E_UNSUPPORTED);
    CHECK(function == NULL);
    dits_error_free(err);
    library_close(&library);
}

TEST(an_opened_library_stays_loaded)
{
    struct library library = {0};
    double (*root)(double) = NULL;
    CHECK_OK(library_open(NAME, &library));
    CHECK_OK(library_find(&library, "sqrt", &root));
    library_close(&library);
    CHECK(root(4.0) == 2.0);
}
