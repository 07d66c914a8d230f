namespace Fulcrum.Kernel.Tests;

/// <summary>The user-mode Linux guest that these tests run in.</summary>
internal static class Guest
{
    /// <summary>Skips the test on a machine that is no such guest: what it does would be done to the machine's own network.</summary>
    public static void Need() =>
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("FULCRUM_GUEST") == "1",
            "it runs in a guest of its own: ./test kernel"
        );
}
