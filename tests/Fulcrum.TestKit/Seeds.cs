using System.Globalization;
using System.Security.Cryptography;
using Xunit;

namespace Fulcrum.TestKit;

/// <summary>
/// Seeded randomness: every run explores something else, and every failure can be repeated. The seed is written to
/// the test's output, which the runner shows for a failed test; <c>FULCRUM_SEED=N</c> repeats it.
/// </summary>
public static class Seeds
{
    /// <summary>The seed from the environment, or a fresh one. Prints it.</summary>
    public static int FromEnvironmentOrFresh()
    {
        var given = Environment.GetEnvironmentVariable("FULCRUM_SEED");
        var seed = given is null
            ? RandomNumberGenerator.GetInt32(int.MaxValue)
            : int.Parse(given, CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed} (FULCRUM_SEED={seed} repeats it)");
        return seed;
    }

    /// <summary>A generator over <see cref="FromEnvironmentOrFresh"/>.</summary>
    public static Random NewRandom() => new(FromEnvironmentOrFresh());
}
