using Fulcrum.Linux.Netlink.Generic;

namespace Fulcrum.Linux.Tests.Netlink;

public sealed class GenericNetlinkTests : IDisposable
{
    private readonly Lab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task The_controller_finds_itself()
    {
        using var generic = new GenericNetlink(_lab.Open, TimeProvider.System, TimeSpan.FromSeconds(10));
        var family = await generic.FindAsync("nlctrl");
        Assert.Equal(("nlctrl", 16, 2u), (family!.Name, family.Id, family.Version));
        Assert.Equal(16u, family.Groups["notify"]);
    }

    [Fact]
    public async Task What_no_module_has_is_not_there()
    {
        using var generic = new GenericNetlink(_lab.Open, TimeProvider.System, TimeSpan.FromSeconds(10));
        Assert.Null(await generic.FindAsync("nonsense"));
        // The same conversation goes on.
        Assert.NotNull(await generic.FindAsync("nlctrl"));
    }
}
