#include <map>
/* A comment /* that does not nest. */
const char *a = "it's \"quoted\" // no comment";
const char *raw = R"sql(a ")" b // no comment)sql" "c";
char quote = '\'', slash = '\\', wide = L'x', bracket = '(';
int million = 1'000'000, half = million / 2; // "d"
const char *continued = "e \
f'g";
std::map<int, std::string> m = {{1, u8"h"}, {2, "i"}};
int f(int x) { return m[x].size() / 2; }
