using Fulcrum.Examining;
using Fulcrum.TestKit;

namespace Fulcrum.Tests.Examining;

public sealed class KernelModulesTests
{
    [Fact]
    public void Modules_are_known_by_name_however_they_are_packed_or_built_in()
    {
        using var folder = new TemporaryDirectory();
        Directory.CreateDirectory(folder.PathOf("6.1"));
        File.WriteAllText(
            folder.PathOf("6.1/modules.dep"),
            """
            kernel/net/netfilter/ipvs/ip_vs.ko.xz: kernel/net/netfilter/nf_conntrack.ko.xz
            kernel/net/8021q/8021q.ko:
            kernel/net/sched/cls-flower.ko.zst:
            nonsense

            """
        );
        File.WriteAllText(folder.PathOf("6.1/modules.builtin"), "kernel/drivers/net/dummy.ko\n");
        var modules = KernelModules.Read(folder.PathOf("."), "6.1");
        Assert.Equal(["8021q", "cls_flower", "dummy", "ip_vs"], modules.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_disk_without_modules_has_none() => Assert.Empty(KernelModules.Read("/nowhere", "6.1"));
}
