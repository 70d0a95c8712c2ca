// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * @brief Runs the ns-3 TestSuites linked into it: `--list`, `--suite=NAME`, `--help`.
 *
 * Exits with 0 when every test case passed and with 1 otherwise.
 */

#include "ns3/test.h"

int
main(int argc, char* argv[])
{
    return ns3::TestRunner::Run(argc, argv);
}
