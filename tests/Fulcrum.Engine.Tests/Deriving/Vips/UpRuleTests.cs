using System.Net;
using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;
using static Fulcrum.Engine.Tests.Deriving.Vips.VipWorld;

namespace Fulcrum.Engine.Tests.Deriving.Vips;

public sealed class UpRuleTests
{
    private const string Address = "192.0.2.53";

    /// <summary>
    /// Each letter is a service on the vip: Healthy, Sick, ? unknown; Disabled, Leaving by an operator's word, Gone from
    /// the file; None forwards (others do); Waits for its plane.
    /// </summary>
    [Theory]
    [InlineData(UpWhen.Any, "H", "raise", "seesaw 3.2 rule 3: unicast, any")]
    [InlineData(UpWhen.Any, "HS", "raise", "seesaw 3.2 rule 3: unicast, any")]
    [InlineData(UpWhen.Any, "S?H", "raise", "seesaw 3.2 rule 3: unicast, any")]
    [InlineData(UpWhen.Any, "S", "withdraw", "seesaw 3.2 rule 3: unicast, any")]
    [InlineData(UpWhen.Any, "", "withdraw", "kubernetes A1.4: needs a serving endpoint")]
    [InlineData(UpWhen.Any, "?", "keep", "unknown is not unhealthy, and not healthy")]
    [InlineData(UpWhen.Any, "S?", "keep", "unknown is not unhealthy, and not healthy")]
    [InlineData(UpWhen.Any, "D", "withdraw", "seesaw 3.8: disabled goes at once")]
    [InlineData(UpWhen.Any, "L", "withdraw", "seesaw 3.8: disabled goes at once")]
    [InlineData(UpWhen.Any, "LH", "raise", "seesaw 3.2 rule 3: unicast, any")]
    [InlineData(UpWhen.Any, "G", "withdraw", "a service that is gone is not on it")]
    [InlineData(UpWhen.Any, "N", "raise", "others forward: no plane to wait for")]
    [InlineData(UpWhen.Any, "W", "keep", "seesaw 3.2 rule 4: service first, then address")]
    [InlineData(UpWhen.Any, "WH", "raise", "one of them serves")]
    [InlineData(UpWhen.All, "H", "raise", "seesaw 3.2 rule 3: anycast, all")]
    [InlineData(UpWhen.All, "HH", "raise", "seesaw 3.2 rule 3: anycast, all")]
    [InlineData(UpWhen.All, "HS", "withdraw", "seesaw 3.2 rule 3: anycast, all")]
    [InlineData(UpWhen.All, "?S", "withdraw", "seesaw 3.2 rule 3: anycast, all")]
    [InlineData(UpWhen.All, "H?", "keep", "unknown is not unhealthy, and not healthy")]
    [InlineData(UpWhen.All, "", "withdraw", "all of none is none")]
    [InlineData(UpWhen.All, "HD", "withdraw", "off counts as unhealthy")]
    [InlineData(UpWhen.All, "HL", "withdraw", "off counts as unhealthy")]
    [InlineData(UpWhen.All, "HG", "raise", "a service that is gone is not on it")]
    [InlineData(UpWhen.All, "HN", "raise", "others forward: no plane to wait for")]
    [InlineData(UpWhen.All, "HW", "keep", "seesaw 3.2 rule 4: service first, then address")]
    [InlineData(UpWhen.Always, "", "raise", "seesaw 3.2 rule 5: stays while unhealthy")]
    [InlineData(UpWhen.Always, "S", "raise", "seesaw 3.2 rule 5: stays while unhealthy")]
    [InlineData(UpWhen.Always, "?", "raise", "seesaw 3.2 rule 5: stays while unhealthy")]
    [InlineData(UpWhen.Always, "D", "raise", "nothing is on its way to a plane")]
    [InlineData(UpWhen.Always, "G", "raise", "nothing is on its way to a plane")]
    [InlineData(UpWhen.Always, "N", "raise", "others forward: no plane to wait for")]
    [InlineData(UpWhen.Always, "W", "keep", "seesaw 3.2 rule 4: service first, then address")]
    [InlineData(UpWhen.Always, "SW", "raise", "one of them is carried")]
    public void The_services_on_it_decide(UpWhen upWhen, string services, string expected, string source)
    {
        Assert.NotEmpty(source);
        var vip = Vip("dns", Address) with { UpWhen = upWhen };
        var world = new VipWorld().Have(vip);
        foreach (var letter in services)
        {
            world.Have(ServiceOf(letter), carried: letter != 'W');
        }

        Assert.Equal(expected == "raise", world.Decide().Wants(Address));
        var raised = new RaisedAddress(At(Address), vip.On, null);
        world.Restart().Stand(Map<IPAddress, RaisedAddress>.Empty.With(raised.Key, raised));
        Assert.Equal(expected != "withdraw", world.Decide().Wants(Address));
    }

    [Theory]
    [InlineData(UpWhen.Any, "H", "h is healthy (up-when any)", "service/h")]
    [InlineData(UpWhen.Any, "SL", "l and 1 more are unhealthy (up-when any)", "service/l")]
    [InlineData(UpWhen.All, "HS", "s is unhealthy (up-when all)", "service/s")]
    [InlineData(UpWhen.All, "H?", "? is unknown (up-when all)", "service/?")]
    [InlineData(UpWhen.All, "", "no service is on it (up-when all)", null)]
    [InlineData(UpWhen.Always, "S", "up-when always", null)]
    [InlineData(UpWhen.All, "HW", "waits for plane proxy to carry w", "service/w")]
    public void And_are_the_reason(UpWhen upWhen, string services, string text, string? cause)
    {
        var world = new VipWorld().Have(Vip("dns", Address) with { UpWhen = upWhen });
        foreach (var letter in services)
        {
            world.Have(ServiceOf(letter), carried: letter != 'W');
        }

        var reason = world.Decide().Of("dns").Reason;
        Assert.Equal((text, cause), (reason.Text, reason.Cause?.ToString()));
    }

    [Theory]
    [InlineData("192.0.2.53", Address, true)]
    [InlineData("192.0.2.54", Address, false)]
    [InlineData("0.0.0.0", Address, true)]
    [InlineData("::", Address, false)]
    [InlineData(null, Address, true)]
    [InlineData("0.0.0.0", "2001:db8::53", false)]
    [InlineData("::", "2001:db8::53", true)]
    [InlineData(null, "2001:db8::53", true)]
    public void A_service_is_on_the_vips_that_it_listens_on(string? listener, string address, bool on)
    {
        var world = new VipWorld().Have(Vip("dns", address)).Have(Service("dns", Verdict.Healthy, listener));
        Assert.Equal(on ? ["dns"] : [], world.Decide().Of("dns").Services);
        Assert.Equal(on, world.Wants(address));
        // The same when the service is known first, and then when it goes.
        var later = new VipWorld().Have(Service("dns", Verdict.Healthy, listener)).Decide();
        Assert.Equal(on, later.Have(Vip("dns", address)).Decide().Wants(address));
        later.Services = later.Services.Without("dns");
        Assert.False(later.Decide().Wants(address));
    }

    [Fact]
    public void Addresses_of_one_vip_come_as_one()
    {
        var world = new VipWorld()
            .Have(Vip("dns", Address, "2001:db8::53"))
            .Have(Service("dns", Verdict.Healthy, Address));
        Assert.Equal("192.0.2.53 2001:db8::53", world.Decide().Wanted());
        Assert.Equal(VipState.Raising, world.Of("dns").State);
    }

    private static DerivedService ServiceOf(char letter)
    {
        var service = Service(char.ToLowerInvariant(letter).ToString(), Verdict.Healthy, Address);
        return letter switch
        {
            'S' => service with { Verdict = Verdict.Unhealthy },
            '?' => service with { Verdict = Verdict.Unknown },
            'D' => service with { Carrier = null, Verdict = Verdict.Unhealthy, Reason = new DisabledInFile() },
            'L' => service with { Leaving = true, Reason = new DisabledInFile() },
            'G' => service with { Leaving = true, Reason = new NotConfigured() },
            'N' => service with { Carrier = null },
            _ => service with { Carrier = PlaneKind.Proxy },
        };
    }
}
