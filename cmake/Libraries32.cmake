# Where 32-bit libraries lie beside those of a 64-bit host: for find_library().
if(CMAKE_LIBRARY_ARCHITECTURE STREQUAL "x86_64-linux-gnu")
    set(CMAKE_LIBRARY_ARCHITECTURE i386-linux-gnu)
endif()
set_property(GLOBAL PROPERTY FIND_LIBRARY_USE_LIB64_PATHS OFF)
set_property(GLOBAL PROPERTY FIND_LIBRARY_USE_LIB32_PATHS ON)
