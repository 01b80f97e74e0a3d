# Jansson::Jansson. Looks for the files themselves, so that neither pkg-config nor a package file of jansson's is needed.
find_path(JANSSON_INCLUDE_DIR jansson.h)
find_library(JANSSON_LIBRARY jansson)
mark_as_advanced(JANSSON_INCLUDE_DIR JANSSON_LIBRARY)
set(package libjansson-dev)
if(CMAKE_LIBRARY_ARCHITECTURE STREQUAL "i386-linux-gnu")
    set(package "${package}:i386 (after dpkg --add-architecture i386 and apt-get update)")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Jansson
    REQUIRED_VARS JANSSON_LIBRARY JANSSON_INCLUDE_DIR
    REASON_FAILURE_MESSAGE "On Debian: apt-get install ${package}")
if(Jansson_FOUND AND NOT TARGET Jansson::Jansson)
    add_library(Jansson::Jansson UNKNOWN IMPORTED)
    set_target_properties(Jansson::Jansson PROPERTIES
        IMPORTED_LOCATION ${JANSSON_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${JANSSON_INCLUDE_DIR})
endif()
