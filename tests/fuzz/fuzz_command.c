/* cmd: a command line of anything: words parted by zero bytes. No crash; what is accepted names a command
 * with as many words as it takes, and options that are its own; what is refused is wrong use,
 * but for Danish, whose catalogue is not built for fuzzing. */
#include <getopt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/inside.h"
#include "tavs/cmd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_BYTES = 4096, MOST_WORDS = 200 };

static void expect(bool fact)
{
    if (!fact)
        abort();
}

static bool takes(const struct cmd_command *command, enum cmd_option option)
{
    if (cmd_option_is_common(option))
        return true;
    for (const enum cmd_option *own = command->options; *own != CMD_OPTIONS; own++)
        if (*own == option)
            return true;
    return false;
}

static void check(const struct cmd_context *context)
{
    if (context->command == NULL || context->value[CMD_HELP] != NULL)
        return;
    expect(cmd_find(context->command->name) == context->command);
    expect(context->word_count >= context->command->least_words &&
           context->word_count <= context->command->most_words);
    for (enum cmd_option option = 0; option < CMD_OPTIONS; option++)
        expect(context->value[option] == NULL || takes(context->command, option));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char bytes[MOST_BYTES + 1];
    char program[] = "tavs";
    char *words[MOST_WORDS + 2] = {program};
    int count = 1;
    struct cmd_context context = {0};
    struct base_error error = {0};
    if (size > MOST_BYTES)
        return 0;
    memcpy(bytes, data, size);
    bytes[size] = '\0';
    for (size_t at = 0; at < size && count <= MOST_WORDS; at += strlen(bytes + at) + 1)
        words[count++] = bytes + at;
    cmd_begin(&cmd_tavs);
    optind = 0; /* GNU getopt: a new command line */
    const enum base_code code = cmd_parse(&context, count, words, &error);
    if (code == BASE_OK)
        check(&context);
    else
        expect(error.code == code && (cmd_exit_status(code) == 2)); /* there is none here */
    return 0;
}
