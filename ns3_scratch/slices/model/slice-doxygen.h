// SPDX-License-Identifier: GPL-2.0-only

#ifndef SLICE_DOXYGEN_H
#define SLICE_DOXYGEN_H

/**
 * @defgroup slices Sliced network
 *
 * Sites that each have a licensed NR cell and an edge host, and UEs in network slices whose demands
 * of both change slowly. SliceNetwork builds all of it; docs/sliced-network.md says what is
 * modelled, and what is not.
 */

/**
 * @defgroup slices-tests Tests of the sliced network
 * @ingroup slices
 */

#endif // SLICE_DOXYGEN_H
