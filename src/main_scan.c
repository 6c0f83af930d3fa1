#include "tavs/cmd.h"

int main(int argc, char **argv)
{
    return cmd_main(&cmd_tavs_scan, argc, argv);
}
