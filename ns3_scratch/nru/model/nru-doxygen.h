// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_DOXYGEN_H
#define NRU_DOXYGEN_H

/**
 * @defgroup nru 5G NR in unlicensed spectrum
 *
 * A model of an NR-U network in a factory hall that shares its channels with Wi-Fi: channel access
 * (TS 37.213), data plane (TS 38.214), system information and mobility (TS 38.331), propagation
 * (TR 38.901). NruNetwork builds all of it; docs/model.md says what is modelled, and what is not.
 */

/**
 * @defgroup nru-tests Tests of NR-U
 * @ingroup nru
 */

#endif // NRU_DOXYGEN_H
