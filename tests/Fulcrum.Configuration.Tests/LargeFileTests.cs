using System.Diagnostics;
using System.Text;

namespace Fulcrum.Configuration.Tests;

public sealed class LargeFileTests
{
    // Times say little on a shared machine; what is allocated does not depend on it, and grows with waste.
    private const long BytesPerBackend = 5_000;

    [Fact]
    public void A_hundred_thousand_backends_load_without_waste()
    {
        var text = Encoding.UTF8.GetBytes(Generate(10_000, 10));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        var result = SnapshotLoader.Parse(text, "large.yaml", ConfigurationFormat.Yaml);
        watch.Stop();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Repository.AssertFine(result);
        Assert.Equal(10_000, result.Snapshot!.Services.Count);
        Assert.Equal(100_000, result.Snapshot.Upstreams.Sum(upstream => upstream.Backends.Count));
        Assert.True(allocated < 100_000 * BytesPerBackend, $"{allocated >> 20} MiB for {text.Length >> 10} KiB");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{text.Length >> 10} KiB in {watch.ElapsedMilliseconds} ms, {allocated >> 20} MiB allocated"
        );
    }

    [Fact]
    public void A_hundred_thousand_mistakes_are_counted_not_kept()
    {
        var text = Generate(1000, 100).Replace(":80", ":99999", StringComparison.Ordinal);
        var result = SnapshotLoader.Parse(text, "wrong.yaml", ConfigurationFormat.Yaml);
        Assert.Null(result.Snapshot);
        Assert.Equal(201, result.Problems.Count);
        Assert.Equal("and 99800 more problems", result.Problems[^1].Message);
    }

    private static string Generate(int services, int backends)
    {
        var text = new StringBuilder("services:\n");
        for (var i = 0; i < services; i++)
        {
            text.Append(
                $"  service-{i}:\n    listen: tcp://10.{i / 250}.{i % 250}.1:8443\n    balance: maglev\n    backends:\n"
            );
            for (var j = 0; j < backends; j++)
            {
                text.Append(
                    j % 2 == 0
                        ? $"      - {{ address: 172.{j}.{i / 250}.{i % 250}:80, weight: {j + 1} }}\n"
                        : $"      - 172.{j}.{i / 250}.{i % 250}:80\n"
                );
            }
        }

        return text.ToString();
    }
}
