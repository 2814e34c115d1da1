/*
 * The C library reads files when it is asked to convert a character set, which
 * kills whoever is locked in. libavformat asks for titles of MPEG-TS, which
 * nobody here looks at; it takes no for an answer.
 */
#include <errno.h>
#include <iconv.h>

/* In place of the C library's, for this program and the libraries it uses. */
__attribute__((visibility("default"))) iconv_t iconv_open(
    const char *__tocode, const char *__fromcode)
{
    (void)__tocode; /* as the declaration calls them */
    (void)__fromcode;
    errno = EINVAL;
    return (iconv_t)-1; /* NOLINT(performance-no-int-to-ptr): POSIX says so */
}
