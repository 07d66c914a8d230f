using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Ipvs;
using Fulcrum.TestKit;

namespace Fulcrum.Forwarding.Tests.Ipvs;

/// <summary>A plane over a table that is only made up, and what a next process of the same node would be.</summary>
internal sealed class PlaneFixture : IDisposable
{
    private readonly TemporaryDirectory _state = new();

    public FakeKernel Kernel { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public string OwnedFile => _state.PathOf("ipvs");

    public IpvsPlane Plane(string table = "this one", bool hasKernel = true) =>
        new(
            new() { OwnedFile = OwnedFile },
            table,
            _ => Task.FromResult<Forwarding.Ipvs.Kernel.IKernelBalancer?>(hasKernel ? Kernel : null),
            Time
        );

    public static async Task TellAsync(IpvsPlane plane, params PlaneService[] services)
    {
        await using var prepared = await plane.PrepareAsync(Tables.Of(services), CancellationToken.None);
        await prepared.CommitAsync();
    }

    public void Dispose() => _state.Dispose();
}
