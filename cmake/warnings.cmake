# What every build of this project's own sources is warned of; ALLOCMAN_WERROR makes errors of it.
option(ALLOCMAN_WERROR "Treat warnings as errors" OFF)
add_compile_options(-Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wmissing-prototypes
                    -Wstrict-prototypes $<$<BOOL:${ALLOCMAN_WERROR}>:-Werror>)
