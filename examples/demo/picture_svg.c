#include "picture.h"
bool picture_svg(const char *path, const struct survey *survey, const char *title, const char *note,
                 const struct table_row *row){(void)path;(void)survey;(void)title;(void)note;(void)row;return true;}
