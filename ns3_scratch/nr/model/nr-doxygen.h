// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_DOXYGEN_H
#define NR_DOXYGEN_H

/**
 * @defgroup nr 5G NR
 *
 * What any cell of NR has, in whichever spectrum: modulation and coding, transport blocks and HARQ
 * (TS 38.214), bearers and their scheduler, radio, path gain and propagation (TR 38.901).
 */

/**
 * @defgroup nr-tests Tests of NR
 * @ingroup nr
 */

#endif // NR_DOXYGEN_H
