using Fulcrum.TestKit;

namespace Fulcrum.EndToEnd.Tests.Packaging;

/// <summary>The package as <c>deploy/build-deb.sh</c> makes it, once for all tests.</summary>
internal static class DebianPackage
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);
    private static readonly Lazy<Task<string>> Built = new(BuildAsync);

    /// <summary>The path of the <c>.deb</c>.</summary>
    public static Task<string> Path
    {
        get
        {
            _ = Require.Tool("dpkg-deb");
            return Built.Value;
        }
    }

    private static async Task<string> BuildAsync()
    {
        // Packed well it would take half a minute longer.
        var (code, output, errors) = await Tool.TryAsync(
            Bound,
            "env",
            "DPKG_DEB_COMPRESSOR_LEVEL=1",
            Repository.PathOf("deploy", "build-deb.sh")
        );
        Assert.True(code == 0, $"deploy/build-deb.sh: exit code {code}\n{output}{errors}");
        return output.Trim();
    }
}
