/* A comment /* that does not nest. */
@Path("/a//b/*") // "no text"
public class Sample<T extends Comparable<T>> {
    /** It's {@code "quoted"}. */
    char quote = '\'', double_ = '"', slash = '\\', wide = '\u0041', bracket = '(';
    String text = "a \"b\" \\"; // c
    String block = """
        it's "quoted" // no comment
        \""" } still
        """;
    int[] half(int[] a) { return a.length / 2 > 1 ? new int[] {a[0] /* ( */} : a; }
}
