/* Included first by `make analyze`: gcc's analyzer looks at one file at a time, so it is told here what
 * base.h promises, that what tells of a failure never returns BASE_OK. Inline functions in the manner of glibc's
 * fortified ones: the real function is called by another name. */
#include <tavs/base.h>

extern enum base_code base_fail_itself(struct base_error *error, enum base_code code,
                                       const char *format, ...) __asm__("base_fail");
extern enum base_code base_fail_os_itself(struct base_error *error, int os_error,
                                          const char *format, ...) __asm__("base_fail_os");

#define TELLS_OF_FAILURE extern inline __attribute__((gnu_inline, always_inline)) enum base_code

TELLS_OF_FAILURE base_fail(struct base_error *error, enum base_code code, const char *format, ...)
{
    const enum base_code result = base_fail_itself(error, code, format, __builtin_va_arg_pack());
    if (result == BASE_OK)
        __builtin_unreachable();
    return result;
}

TELLS_OF_FAILURE base_fail_os(struct base_error *error, int os_error, const char *format, ...)
{
    const enum base_code result =
        base_fail_os_itself(error, os_error, format, __builtin_va_arg_pack());
    if (result == BASE_OK)
        __builtin_unreachable();
    return result;
}
