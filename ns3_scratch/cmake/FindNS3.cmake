# SPDX-License-Identifier: GPL-2.0-only
#[=======================================================================[
Finds an installed or built ns-3:

  find_package(NS3 3.37 REQUIRED COMPONENTS core network)

Where it looks, by NRU_NS3:

  auto (default)  NS3_ROOT if set, else the wheel, else the distribution's package
  wheel           the Python wheel `ns3` of the interpreter Python3_EXECUTABLE
  debian          the distribution's package (libns3-dev), in /usr
  a path          a source tree that was built, an install prefix, or an unpacked wheel's ns3/ folder

The wheel's own CMake and pkg-config files name folders of the machine that built it, and Debian's
ask for development packages that linking does not need; so headers and libraries are looked up
directly: ROOT/[build/]include/ns3 and ROOT/[build/]lib*/libns3[VERSION]-MODULE[-PROFILE].so.

Defines the imported targets NS3::MODULE, the variables NS3_KIND (wheel, debian, source or prefix),
NS3_VERSION, NS3_ROOT_DIR, NS3_INCLUDE_DIR, NS3_LIBRARY_DIR, and NS3_FOUND.
#]=======================================================================]

set(NRU_NS3 auto CACHE STRING "Which ns-3 to build against: auto, wheel, debian, or a path")
set(NS3_ROOT "" CACHE PATH "An ns-3 source tree that was built, or an install prefix")

# Prints nothing and sets OUT to the folder of the Python wheel, or to "".
function(_ns3_wheel_root OUT)
  set(${OUT} "" PARENT_SCOPE)
  find_package(Python3 QUIET COMPONENTS Interpreter)
  if(NOT Python3_Interpreter_FOUND)
    return()
  endif()
  execute_process(
    COMMAND
      "${Python3_EXECUTABLE}" -I -c
      "from importlib.metadata import distribution as d; print(d('ns3').locate_file('ns3'), end='')"
    OUTPUT_VARIABLE root
    ERROR_QUIET
    RESULT_VARIABLE status
  )
  if(status EQUAL 0 AND IS_DIRECTORY "${root}")
    set(${OUT} "${root}" PARENT_SCOPE)
  endif()
endfunction()

# Sets NS3_INCLUDE_DIR and NS3_CORE_LIBRARY from ROOT's layout, or leaves NS3_CORE_LIBRARY unset.
function(_ns3_look_in ROOT)
  foreach(base IN ITEMS "${ROOT}" "${ROOT}/build")
    if(NOT EXISTS "${base}/include/ns3/core-module.h")
      continue()
    endif()
    file(
      GLOB found
      "${base}/lib64/libns3*-core*.so"
      "${base}/lib/libns3*-core*.so"
      "${base}/lib/${CMAKE_LIBRARY_ARCHITECTURE}/libns3*-core*.so"
    )
    list(FILTER found INCLUDE REGEX "/libns3(\\.[0-9.]+|-dev)?-core(-[a-z]+)?\\.so$")
    list(FILTER found EXCLUDE REGEX "-core-test(-[a-z]+)?\\.so$")
    if(found)
      list(GET found 0 library)
      set(NS3_INCLUDE_DIR "${base}/include" PARENT_SCOPE)
      set(NS3_CORE_LIBRARY "${library}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

# Sets OUT to the version: from the library's name, else the headers, else the source tree.
function(_ns3_version OUT)
  get_filename_component(name "${NS3_CORE_LIBRARY}" NAME)
  set(version "")
  if(name MATCHES "^libns3\\.([0-9.]+)-core")
    set(version "3.${CMAKE_MATCH_1}")
  elseif(EXISTS "${NS3_INCLUDE_DIR}/ns3/version-defines.h")
    file(STRINGS "${NS3_INCLUDE_DIR}/ns3/version-defines.h" lines REGEX "#define NS3_VERSION_M")
    if(lines MATCHES "VERSION_MAJOR ([0-9]+).*VERSION_MINOR ([0-9]+)")
      set(version "${CMAKE_MATCH_1}.${CMAKE_MATCH_2}")
    endif()
  elseif(EXISTS "${NS3_ROOT_DIR}/VERSION")
    file(STRINGS "${NS3_ROOT_DIR}/VERSION" version LIMIT_COUNT 1)
    string(REGEX MATCH "^[0-9]+\\.[0-9]+" version "${version}")
  endif()
  set(${OUT} "${version}" PARENT_SCOPE)
endfunction()

# ---- Which root ----

unset(NS3_CORE_LIBRARY)
set(NS3_KIND "")
set(_ns3_remedy "")
if(NRU_NS3 STREQUAL "wheel" OR (NRU_NS3 STREQUAL "auto" AND NOT NS3_ROOT))
  _ns3_wheel_root(_ns3_root)
  if(_ns3_root)
    set(NS3_KIND wheel)
    set(NS3_ROOT_DIR "${_ns3_root}")
    _ns3_look_in("${NS3_ROOT_DIR}")
  endif()
  set(_ns3_remedy "pip install --no-deps 'ns3==3.44.*'")
endif()
if(NOT NS3_CORE_LIBRARY AND (NRU_NS3 STREQUAL "debian" OR (NRU_NS3 STREQUAL "auto" AND NOT NS3_ROOT)))
  set(NS3_KIND debian)
  set(NS3_ROOT_DIR /usr)
  _ns3_look_in(/usr)
  list(APPEND _ns3_remedy "apt-get install libns3-dev")
  list(JOIN _ns3_remedy ", or " _ns3_remedy)
endif()
if(NOT NRU_NS3 MATCHES "^(auto|wheel|debian)$")
  set(NS3_ROOT_DIR "${NRU_NS3}")
elseif(NRU_NS3 STREQUAL "auto" AND NS3_ROOT)
  set(NS3_ROOT_DIR "${NS3_ROOT}")
endif()
if(NS3_ROOT_DIR AND NOT NS3_KIND)
  get_filename_component(NS3_ROOT_DIR "${NS3_ROOT_DIR}" ABSOLUTE BASE_DIR "${CMAKE_BINARY_DIR}")
  _ns3_look_in("${NS3_ROOT_DIR}")
  if(NS3_INCLUDE_DIR STREQUAL "${NS3_ROOT_DIR}/build/include")
    set(NS3_KIND source)
  else()
    set(NS3_KIND prefix)
  endif()
  set(_ns3_remedy "build ns-3 in ${NS3_ROOT_DIR} first (./ns3 build), or give its install prefix")
endif()

# ---- Its modules ----

if(NS3_CORE_LIBRARY)
  _ns3_version(NS3_VERSION)
  get_filename_component(NS3_LIBRARY_DIR "${NS3_CORE_LIBRARY}" DIRECTORY)
  get_filename_component(_ns3_core_name "${NS3_CORE_LIBRARY}" NAME)

  # The language standard that ns-3's headers are written in.
  if(NS3_VERSION VERSION_GREATER_EQUAL 3.44)
    set(_ns3_standard cxx_std_23)
  elseif(NS3_VERSION VERSION_GREATER_EQUAL 3.42)
    set(_ns3_standard cxx_std_20)
  else()
    set(_ns3_standard cxx_std_17)
  endif()

  foreach(module IN LISTS NS3_FIND_COMPONENTS)
    string(REPLACE "-core" "-${module}" name "${_ns3_core_name}")
    if(EXISTS "${NS3_LIBRARY_DIR}/${name}")
      set(NS3_${module}_FOUND TRUE)
      if(NOT TARGET NS3::${module})
        add_library(NS3::${module} SHARED IMPORTED)
        set_target_properties(
          NS3::${module}
          PROPERTIES
            IMPORTED_LOCATION "${NS3_LIBRARY_DIR}/${name}"
            INTERFACE_INCLUDE_DIRECTORIES "${NS3_INCLUDE_DIR}"
            INTERFACE_COMPILE_FEATURES "${_ns3_standard}"
        )
      endif()
    endif()
  endforeach()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  NS3
  REQUIRED_VARS NS3_CORE_LIBRARY NS3_INCLUDE_DIR
  VERSION_VAR NS3_VERSION
  HANDLE_COMPONENTS
  REASON_FAILURE_MESSAGE "with NRU_NS3=${NRU_NS3}. To get it: ${_ns3_remedy}"
)
if(NS3_FOUND)
  message(STATUS "ns-3 ${NS3_VERSION} (${NS3_KIND}): ${NS3_ROOT_DIR}")
endif()
