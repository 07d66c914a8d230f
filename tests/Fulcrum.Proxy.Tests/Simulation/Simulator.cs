using System.Globalization;
using Fulcrum.Loops;
using Fulcrum.Model.Services;

namespace Fulcrum.Proxy.Tests.Simulation;

/// <summary>Runs interleavings in worlds of different sizes. The entry for tests, and for assemblies with a fault.</summary>
public static class Simulator
{
    /// <summary>A handshake takes as long as some hundred interleavings without one.</summary>
    private const int SecuredEvery = 64;

    /// <summary>Null when all interleavings went well, else which one did not and why.</summary>
    public static string? Run(int seed, int count)
    {
        World[] worlds =
        [
            new(
                new LoopOptions
                {
                    BufferSize = 16,
                    MaxBuffers = 64,
                    ReadsPerTurn = 2,
                    LargeRead = 8,
                    SpliceAfter = 1,
                    MaxPipes = 64,
                },
                24
            ),
            new(
                new LoopOptions
                {
                    BufferSize = 16,
                    MaxBuffers = 1,
                    ReadsPerTurn = 8,
                    LargeRead = 16,
                    SpliceAfter = 2,
                    MaxPipes = 1,
                },
                40
            ),
            new(
                new LoopOptions
                {
                    BufferSize = 8,
                    MaxBuffers = 0,
                    ReadsPerTurn = 3,
                },
                16
            ),
            new(
                new LoopOptions
                {
                    BufferSize = 32,
                    MaxBuffers = 64,
                    ReadsPerTurn = 1,
                },
                12
            ),
            .. Passages(),
        ];
        World[] secured = [.. Secured()];
        var first = (ulong)seed << 32;
        for (var number = 0; number < count; number++)
        {
            var world =
                number % SecuredEvery == 0
                    ? secured[number / SecuredEvery % secured.Length]
                    : worlds[number % worlds.Length];
            if (world.Run(first + (ulong)number) is { } problem)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"FULCRUM_SEED={seed}, interleaving {number}: {problem}"
                );
            }
        }
        return null;
    }

    private static IEnumerable<World> Secured()
    {
        var roomy = new LoopOptions { MaxBuffers = 64, ReadsPerTurn = 2 };
        var narrow = new LoopOptions
        {
            MaxBuffers = 1,
            ReadsPerTurn = 1,
            MaxHandshakes = 1,
        };
        var bare = new LoopOptions { MaxBuffers = 0, ReadsPerTurn = 8 };
        yield return new(roomy, 40, new() { IsSecured = true });
        yield return new(narrow, 64, new() { IsSecured = true });
        yield return new(roomy, 24, new() { IsSecuredBehind = true });
        yield return new(bare, 40, new() { IsSecured = true, IsSecuredBehind = true });
    }

    private static IEnumerable<World> Passages()
    {
        var roomy = new LoopOptions
        {
            BufferSize = 16,
            MaxBuffers = 64,
            ReadsPerTurn = 2,
            LargeRead = 8,
            SpliceAfter = 1,
            MaxPipes = 64,
        };
        var narrow = new LoopOptions
        {
            BufferSize = 32,
            MaxBuffers = 1,
            ReadsPerTurn = 1,
        };
        yield return new(roomy, 40, new() { IsLimited = true });
        yield return new(roomy, 40, new() { Ingress = Way.Echo });
        yield return new(narrow, 24, new() { Ingress = Way.Discard, Egress = Way.Echo });
        yield return new(narrow, 24, new() { Ingress = Way.Echo, IsLimited = true });
        var bare = new LoopOptions
        {
            BufferSize = 16,
            MaxBuffers = 0,
            ReadsPerTurn = 2,
        };
        yield return new(roomy, 40, new() { IsFiltered = true });
        yield return new(narrow, 24, new() { IsFiltered = true, IsFilteredBack = true });
        yield return new(bare, 16, new() { IsFilteredBack = true });
        yield return new(roomy, 24, new() { Header = ProxyProtocolAcceptance.Require });
        yield return new(narrow, 40, new() { Header = ProxyProtocolAcceptance.Accept, IsLimited = true });
    }
}
