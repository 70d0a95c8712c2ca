// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOT_DOXYGEN_H
#define IOT_DOXYGEN_H

/**
 * @defgroup iot IoT devices around edge servers
 *
 * Devices that send messages over several hops to the head of their cluster, on ns-3's own radios,
 * by routes that are planned elsewhere and announced over the air. IotNetwork builds all of it;
 * docs/iot-edge.md says what is modelled, and what is not.
 */

/**
 * @defgroup iot-tests Tests of IoT devices
 * @ingroup iot
 */

#endif // IOT_DOXYGEN_H
