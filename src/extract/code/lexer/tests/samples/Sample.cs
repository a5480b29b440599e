#region It's a region
using System; // "c"
/* A comment /* that does not nest. */
[Route("api/[controller]")]
class Sample
{
    char a = '"', b = '\'', c = '\\', d = '{';
    string e = @"a ""b"" \", f = $"{x["g"]} {{h}} {y:yyyy} {(z ? "i" : $"{j}")}"; // k
    string l = $@"a ""{m["n"]}"" \", o = @$"{p} \";
    string q = """it's "quoted" \""", r = """"
        """ and // no comment
        """";
    string s = $"""a {t} "b" """, u = $$"""{ {{v}} }""";
    ReadOnlySpan<byte> w = "x"u8;
    int Half(int[] y) => y[0] / 2;
#endregion
}
