using System.IO.Pipelines;
using System.Text;
using Fulcrum.Api.Metrics.Exposition;
using Fulcrum.TestKit.Exposition;

namespace Fulcrum.Fuzz;

/// <summary>
/// Whatever stands in a label, in HELP and in Accept: the page is one that a strict reader takes, and says the same.
/// </summary>
internal sealed class ExpositionTarget : IFuzzTarget
{
    public string Name => "exposition";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/exposition"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        var format = ExpositionFormat.Choose([text]);
        // A break that is not escaped in either format; what makes one elsewhere is nobody's line.
        text = text.Replace('\r', ' ');
        var half = text.Length / 2;
        var labels = new KeyValuePair<string, object?>[] { new("a", text[..half]), new("b", text[half..]) };
        using var stream = new MemoryStream();
        var pipe = PipeWriter.Create(stream, new(leaveOpen: true));
        var writer = new ExpositionWriter(pipe);
        writer.Help("x_seconds", text);
        writer.Line("# TYPE x_seconds histogram");
        var lines = new HistogramLines("x_seconds");
        lines.Bound(["0.5", "+Inf"]);
        writer.Histogram(lines, labels, [1, 2], 0.25);
        writer.Line("# TYPE y gauge");
        writer.Sample("y"u8, labels, input.Length);
        if (format.IsOpenMetrics)
        {
            writer.Line("# EOF");
        }

        writer.FlushAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        var page = ExpositionParser.Parse(stream.ToArray(), format.IsOpenMetrics);
        var told = page["y"].Samples[0];
        // What is no Unicode is written as the replacement character.
        Require(told.Labels["a"] == Valid(text[..half]), "a label says something else");
        Require(told.Labels["b"] == Valid(text[half..]), "a label says something else");
        Require(page["x_seconds"].Help == Valid(text), "HELP says something else");
        Require(page["x_seconds"].Samples.Count == 4, "a histogram has other samples");
    }

    private static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static void Require(bool isRight, string otherwise)
    {
        if (!isRight)
        {
            throw new FuzzFailureException(otherwise);
        }
    }
}
