#include <stdio.h>
#include <stdlib.h>

#include "tavs/keys.h"

enum base_code keys_device_folder(char *path, size_t size, struct base_error *error)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    int length;

    /* The XDG base directory specification: a relative path counts as not set. */
    if (state != NULL && state[0] == '/')
        length = snprintf(path, size, "%s/tavs", state);
    else if (home != NULL && home[0] == '/')
        length = snprintf(path, size, "%s/.local/state/tavs", home);
    else
        return base_fail(error, BASE_NO_HOME, "HOME");
    if (length < 0 || (size_t)length >= size)
        return base_fail(error, BASE_BAD_OPTION_VALUE, "XDG_STATE_HOME");
    return BASE_OK;
}
