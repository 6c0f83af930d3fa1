#include <stdlib.h>

#include "tavs/cmd.h"

int main(int argc, char **argv)
{
    return cmd_main(argc, argv);
}
