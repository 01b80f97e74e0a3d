# Cmocka::Cmocka. Looks for the files themselves, so that neither pkg-config nor a package file of cmocka's is needed.
find_path(CMOCKA_INCLUDE_DIR cmocka.h)
find_library(CMOCKA_LIBRARY cmocka)
mark_as_advanced(CMOCKA_INCLUDE_DIR CMOCKA_LIBRARY)
set(package libcmocka-dev)
if(CMAKE_LIBRARY_ARCHITECTURE STREQUAL "i386-linux-gnu")
    set(package "${package}:i386 (after dpkg --add-architecture i386 and apt-get update)")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Cmocka
    REQUIRED_VARS CMOCKA_LIBRARY CMOCKA_INCLUDE_DIR
    REASON_FAILURE_MESSAGE "On Debian: apt-get install ${package}")
if(Cmocka_FOUND AND NOT TARGET Cmocka::Cmocka)
    add_library(Cmocka::Cmocka UNKNOWN IMPORTED)
    set_target_properties(Cmocka::Cmocka PROPERTIES
        IMPORTED_LOCATION ${CMOCKA_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${CMOCKA_INCLUDE_DIR})
endif()
