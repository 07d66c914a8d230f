using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Packet.Tests.Kit;

namespace Fulcrum.Packet.Tests.Xdp;

/// <summary>Tables that nobody looks after are nobody's, where that is asked for.</summary>
public abstract class AttendedTests(Hook hook)
{
    [Fact]
    public void The_kernel_gets_everything_until_somebody_looks_after_the_tables()
    {
        // The machine has been up for longer than that, and nobody has said a word yet.
        using var lab = new Lab(hook, new() { AttendedFor = TimeSpan.FromSeconds(30) });
        var frame = Prepare(lab);
        Assert.Equal(Reason.PassedUnattended, lab.Send(frame).Reason);
        lab.Program.Attend(TimeProvider.System);
        Assert.Equal(Reason.SentDirect, lab.Send(frame).Reason);
    }

    [Fact]
    public void Nobody_need_look_after_them_otherwise()
    {
        using var lab = new Lab(hook);
        Assert.Equal(Reason.SentDirect, lab.Send(Prepare(lab)).Reason);
    }

    private static byte[] Prepare(Lab lab)
    {
        lab.Vip(4, Family.Four, VipFlags.None, 3);
        lab.Backend(3, BackendForwarding.Direct, Family.Four);
        return Lab.Incoming(Wire.TcpPacket(Family.Four.Client(1000), Family.Four.At(Family.VipPort), Wire.Syn));
    }
}

public sealed class AttendedTestsAtDriver() : AttendedTests(Hook.Driver);

public sealed class AttendedTestsAtTrafficControl() : AttendedTests(Hook.TrafficControl);
