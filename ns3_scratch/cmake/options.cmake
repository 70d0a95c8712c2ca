# SPDX-License-Identifier: GPL-2.0-only
#
# How every target is compiled and linked: defines the target nru-options, and NRU_ALLOCATOR_FOUND,
# the memory allocator that programs are linked with (empty: the C library's). The key of every ns-3
# run hashes this folder.

option(NRU_LOG "ns-3's logging and assertions in the model; OFF only if ns-3 has no logging" ON)
option(NRU_ALLOCATOR "A faster memory allocator than the C library's, if there is one" ON)
set(NRU_SANITIZE "" CACHE STRING "Sanitizers to build with, such as address,undefined")

# Optimised unless asked otherwise: a run is minutes of event simulation.
if(NOT NRU_IN_NS3 AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, RelWithDebInfo or Debug" FORCE)
endif()

add_library(nru-options INTERFACE)
target_compile_features(nru-options INTERFACE cxx_std_17)
target_link_libraries(nru-options INTERFACE ${ns3_targets})
# A run path that the libraries' own dependencies obey too: not every ns-3 sets one of its own.
target_link_options(nru-options INTERFACE -Wl,--as-needed -Wl,--disable-new-dtags)
if(NOT NRU_IN_NS3) # which has its own mind about these
  target_compile_options(nru-options INTERFACE -Wall -Wextra)
  if(NRU_LOG)
    target_compile_definitions(nru-options INTERFACE NS3_LOG_ENABLE NS3_ASSERT_ENABLE)
  endif()
endif()
if(NRU_SANITIZE)
  set(sanitize -fsanitize=${NRU_SANITIZE} -fno-omit-frame-pointer)
  target_compile_options(nru-options INTERFACE ${sanitize})
  target_link_options(nru-options INTERFACE ${sanitize})
endif()

# Some classes of ns-3 have members only with logging: ns-3 and what is compiled against its headers
# must agree on their sizes.
if(NOT NRU_IN_NS3 AND NOT NRU_LOG)
  try_run(
    NRU_SIZE_DIFFERS
    NRU_SIZE_COMPILES
    SOURCE_FROM_CONTENT
      size.cc
      "#include <ns3/udp-client.h>
      int main() { return ns3::UdpClient::GetTypeId().GetSize() != sizeof(ns3::UdpClient); }"
    LINK_LIBRARIES ${ns3_targets}
  )
  if(NOT NRU_SIZE_COMPILES OR NOT NRU_SIZE_DIFFERS EQUAL 0)
    unset(NRU_SIZE_DIFFERS CACHE)
    message(FATAL_ERROR "NRU_LOG=OFF is allowed only with an ns-3 built without logging; this one in "
                        "${NS3_ROOT_DIR} has it, and classes of other sizes: leave NRU_LOG=ON")
  endif()
endif()

# A run allocates and frees all the time. The fastest first; a run-time package will do, headers are
# not needed. Sanitizers bring their own.
set(NRU_ALLOCATOR_FOUND "")
if(NRU_ALLOCATOR AND NOT NRU_SANITIZE)
  find_library(
    NRU_ALLOCATOR_LIBRARY
    NAMES
      tcmalloc_minimal
      libtcmalloc_minimal.so.4
      mimalloc
      libmimalloc.so.2
      jemalloc
      libjemalloc.so.2
  )
  mark_as_advanced(NRU_ALLOCATOR_LIBRARY)
  if(NRU_ALLOCATOR_LIBRARY)
    set(NRU_ALLOCATOR_FOUND "${NRU_ALLOCATOR_LIBRARY}")
  endif()
endif()
if(NRU_ALLOCATOR_FOUND)
  message(STATUS "memory allocator: ${NRU_ALLOCATOR_FOUND}")
else()
  message(STATUS "memory allocator: the C library's")
endif()
