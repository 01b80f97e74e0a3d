# MODEL_WORD_OPTIONS: what compiler and linker need beyond the usual, so that a program of the host has words of
# SEL4MODEL_WORD_BITS bits, as the modelled kernel has. Finds libraries of that width from then on.
set(MODEL_WORD_OPTIONS)
if(NOT "${MODEL_WORD_BITS_CONFIGURED}" STREQUAL SEL4MODEL_WORD_BITS) # what was found had another width
    unset(JANSSON_LIBRARY CACHE)
    unset(CMOCKA_LIBRARY CACHE)
    set(MODEL_WORD_BITS_CONFIGURED ${SEL4MODEL_WORD_BITS} CACHE INTERNAL "")
endif()
math(EXPR host_word_bits "8 * ${CMAKE_SIZEOF_VOID_P}")
if(host_word_bits EQUAL SEL4MODEL_WORD_BITS)
    return()
endif()
if(SEL4MODEL_WORD_BITS EQUAL 64)
    message(FATAL_ERROR "SEL4_ARCH=${SEL4_ARCH} has words of 64 bits, but ${CMAKE_C_COMPILER} builds programs of ${host_word_bits}.")
endif()

# Debian has the headers in <asm/> for the 64-bit architecture only; they serve both.
include(CheckCSourceCompiles)
set(asm_headers /usr/include/${CMAKE_LIBRARY_ARCHITECTURE})
set(plain_options -m32)
set(debian_options -m32 -idirafter ${asm_headers})
foreach(way IN ITEMS plain debian)
    list(JOIN ${way}_options " " CMAKE_REQUIRED_FLAGS)
    check_c_source_compiles("#include <errno.h>\n#include <stdio.h>\nint main(void) { return printf(\"%d\", errno) < 0; }"
                            MODEL_WORD_${way})
    if(MODEL_WORD_${way})
        set(MODEL_WORD_OPTIONS ${CMAKE_REQUIRED_FLAGS})
        break()
    endif()
    if(NOT CMAKE_LIBRARY_ARCHITECTURE)
        break()
    endif()
endforeach()
unset(CMAKE_REQUIRED_FLAGS)
if(NOT MODEL_WORD_OPTIONS)
    message(FATAL_ERROR
        "SEL4_ARCH=${SEL4_ARCH} has words of 32 bits, and ${CMAKE_C_COMPILER} -m32 cannot build a program: a 32-bit C "
        "library is missing, or the compiler builds no 32-bit programs at all.\n"
        "On Debian (amd64): apt-get install gcc-12-multilib   (not gcc-multilib, which removes cross compilers)")
endif()

include(${CMAKE_CURRENT_LIST_DIR}/Libraries32.cmake)
