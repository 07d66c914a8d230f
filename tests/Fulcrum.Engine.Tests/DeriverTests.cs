using System.Net;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using static Fulcrum.Engine.Tests.Snapshots;

namespace Fulcrum.Engine.Tests;

public sealed class DeriverTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Without_checks_a_backend_is_healthy_by_declaration()
    {
        var derivation = Derive(Web(Policy.Unset, Backend("10.0.0.1")));
        Assert.Equal(BackendDuty.Serve, Duties(derivation).Single());
        Assert.Empty(derivation.Desired.Probes);
    }

    [Fact]
    public void Unknown_is_not_unhealthy()
    {
        var derivation = Derive(Web(Backend("10.0.0.1")));
        Assert.Equal(BackendDuty.Serve, Duties(derivation).Single());
        Assert.Equal(Verdict.Unknown, Facts(derivation).Single().Verdict);
    }

    [Fact]
    public void An_unhealthy_backend_rests_and_says_why()
    {
        var first = Derive(Web(Backend("10.0.0.1"), Backend("10.0.0.2")));
        var second = Derive(WithHealth(first, "10.0.0.2", Verdict.Unhealthy, "connection refused"), first.Next);
        Assert.Equal([BackendDuty.Serve, BackendDuty.Rest], Duties(second));
        Assert.Equal("tcp: connection refused", Facts(second)[1].Reason.Text);
    }

    [Fact]
    public void Nothing_changed_gives_back_the_same_objects()
    {
        var first = Derive(Web(Backend("10.0.0.1")));
        Assert.Same(first.Desired, Derive(first.Next.Inputs, first.Next).Desired);
        // Equal inputs that are other objects decide alike, so the plane and the prober need not be told.
        var again = Derive(first.Next.Inputs with { Snapshot = Web(Backend("10.0.0.1")) }, first.Next);
        Assert.Same(first.Desired.TableOf(PlaneKind.Proxy), again.Desired.TableOf(PlaneKind.Proxy));
    }

    [Fact]
    public void What_protects_tickets_is_said_by_the_nearest()
    {
        var (far, near) = (new TicketSettings { Every = TimeSpan.FromHours(1) }, new TicketSettings());
        var web = Web(Backend("10.0.0.1"));
        Assert.Null(TicketsOf(Derive(web)));
        var tls = web.Services[0] with { Tls = new() };
        var some = Derive(web with { Services = Named<Service>.From([tls]) });
        Assert.Null(TicketsOf(some));
        var all = some.Next.Inputs.Snapshot with { Defaults = Defaults.None with { Tickets = far } };
        var changed = Derive(some.Next.Inputs with { Snapshot = all }, some.Next);
        Assert.Equal(far, TicketsOf(changed));
        var own = tls with { Tls = new() { Tickets = near } };
        Assert.Equal(near, TicketsOf(Derive(all with { Services = Named<Service>.From([own]) })));

        static TicketSettings? TicketsOf(Derivation derivation) =>
            derivation.Desired.TableOf(PlaneKind.Proxy).Services["web"]!.Tls?.Tickets;
    }

    [Fact]
    public void A_change_of_one_upstream_leaves_the_services_of_others_the_same_objects()
    {
        var web = Web(Backend("10.0.0.1"));
        var two = web with
        {
            Upstreams = web.Upstreams.With(new() { Name = "api", Backends = [Backend("10.0.1.1")] }),
            Services = web.Services.With(
                new()
                {
                    Name = "api",
                    Listeners = [Tcp(8081)],
                    Upstream = "api",
                }
            ),
        };
        var first = Derive(two);
        var second = Derive(WithHealth(first, "10.0.0.1", Verdict.Unhealthy, "gone"), first.Next);
        Assert.Equal(
            first.Desired.TableOf(PlaneKind.Proxy).Generation + 1,
            second.Desired.TableOf(PlaneKind.Proxy).Generation
        );
        Assert.NotSame(
            first.Desired.TableOf(PlaneKind.Proxy).Services["web"]!,
            second.Desired.TableOf(PlaneKind.Proxy).Services["web"]!
        );
        Assert.Same(
            first.Desired.TableOf(PlaneKind.Proxy).Services["api"]!,
            second.Desired.TableOf(PlaneKind.Proxy).Services["api"]!
        );
    }

    [Fact]
    public void The_lowest_priority_number_that_has_a_member_serves()
    {
        var spare = Backend("10.0.0.9") with { Priority = 1 };
        var first = Derive(Web(Backend("10.0.0.1"), spare));
        Assert.Equal([BackendDuty.Serve, BackendDuty.Rest], Duties(first));
        Assert.Equal("priority 0 serves", Facts(first)[1].Reason.Text);
        var second = Derive(WithHealth(first, "10.0.0.1", Verdict.Unhealthy, "gone"), first.Next);
        Assert.Equal([BackendDuty.Rest, BackendDuty.Serve], Duties(second));
    }

    [Theory]
    [InlineData(BackendStatus.Disabled, BackendState.Ready, 1, BackendDuty.Drain)]
    [InlineData(BackendStatus.Enabled, BackendState.Terminating, 1, BackendDuty.Drain)]
    [InlineData(BackendStatus.Enabled, BackendState.Serving, 1, BackendDuty.Rest)]
    [InlineData(BackendStatus.Enabled, BackendState.Ready, 0, BackendDuty.Rest)]
    [InlineData(BackendStatus.Enabled, BackendState.Ready, 1, BackendDuty.Serve)]
    public void What_file_and_source_say_decides_the_duty(
        BackendStatus status,
        BackendState state,
        int weight,
        BackendDuty duty
    )
    {
        var backend = Backend("10.0.0.2") with { Status = status, State = state, Weight = weight };
        Assert.Equal(duty, Duties(Derive(Web(Backend("10.0.0.1"), backend)))[1]);
    }

    [Fact]
    public void A_planned_backend_is_nowhere()
    {
        var derivation = Derive(Web(Backend("10.0.0.1"), Backend("10.0.0.2") with { Status = BackendStatus.Planned }));
        Assert.Single(Duties(derivation));
        Assert.Single(derivation.Desired.Probes);
    }

    [Fact]
    public void Members_that_only_still_answer_serve_when_none_is_ready()
    {
        var serving = Backend("10.0.0.2") with { State = BackendState.Serving };
        var first = Derive(Web(Backend("10.0.0.1"), serving));
        var second = Derive(WithHealth(first, "10.0.0.1", Verdict.Unhealthy, "gone"), first.Next);
        Assert.Equal([BackendDuty.Rest, BackendDuty.Serve], Duties(second));
    }

    [Fact]
    public void The_nearest_policy_wins_and_checks_add_up()
    {
        var http = new Check { Probe = new HttpProbe() };
        var web = Web(
            new Policy
            {
                Checks = [TcpCheck],
                Balance = new() { Algorithm = BalanceAlgorithm.Maglev },
            },
            Backend("10.0.0.1")
        );
        web = web with
        {
            Services = web.Services.With(
                web.Services[0] with
                {
                    Policy = new()
                    {
                        Checks = [http],
                        Balance = new() { Algorithm = BalanceAlgorithm.Random },
                    },
                }
            ),
        };
        var derivation = Derive(web);
        Assert.Equal(2, derivation.Desired.Probes.Count);
        Assert.Equal(
            BalanceAlgorithm.Random,
            derivation.Desired.TableOf(PlaneKind.Proxy).Services["web"]!.Listeners[0].Balance.Algorithm
        );
    }

    [Fact]
    public void Timing_comes_from_the_check_then_the_defaults_then_what_is_built_in()
    {
        var check = TcpCheck with { Timing = new() { Interval = TimeSpan.FromSeconds(7) } };
        var web = Web(new Policy { Checks = [check] }, Backend("10.0.0.1")) with
        {
            Defaults = new()
            {
                Check = new() { Interval = TimeSpan.FromSeconds(9), Fall = 5 },
            },
        };
        var task = Derive(web).Desired.Probes.Keys.Single();
        Assert.Equal((TimeSpan.FromSeconds(7), 5, 2), (task.Interval, task.Fall, task.Rise));
    }

    [Fact]
    public void A_backend_without_a_port_is_asked_on_the_port_of_the_listener()
    {
        var derivation = Derive(Web(Backend("10.0.0.1", null)));
        Assert.Equal(8080, derivation.Desired.Probes.Keys.Single().Port);
    }

    [Fact]
    public void A_name_rests_until_it_has_an_address()
    {
        var named = new Backend { Address = HostAddress.Of("a.example.com"), Port = 80 };
        var first = Derive(Web(named));
        Assert.Equal(["a.example.com"], first.Desired.Names.Keys);
        Assert.Equal([BackendDuty.Rest], Duties(first));
        Items<IPAddress> answer = [IPAddress.Parse("10.9.9.9")];
        var inputs = first.Next.Inputs;
        var second = Derive(inputs with { Names = inputs.Names.With("a.example.com", new(answer)) }, first.Next);
        Assert.Equal([BackendDuty.Serve], Duties(second));
        Assert.Equal(IPAddress.Parse("10.9.9.9"), second.Desired.Probes.Keys.Single().Address);
    }

    [Fact]
    public void Two_services_that_ask_the_same_share_the_question()
    {
        var web = Web(Backend("10.0.0.1"));
        var two = web with
        {
            Services = web.Services.With(
                new()
                {
                    Name = "other",
                    Listeners = [Tcp(8081)],
                    Upstream = "web",
                }
            ),
        };
        var derivation = Derive(two);
        Assert.Single(derivation.Desired.Probes);
        Assert.Equal(2, derivation.Desired.TableOf(PlaneKind.Proxy).Services.Count);
    }

    [Fact]
    public void A_disabled_service_is_not_carried()
    {
        var web = Web(Backend("10.0.0.1"));
        var off = web with { Services = web.Services.With(web.Services[0] with { Enabled = false }) };
        Assert.Empty(Derive(off).Desired.TableOf(PlaneKind.Proxy).Services);
        Assert.Empty(Derive(off).Desired.Probes);
    }

    private static Derivation Derive(Snapshot snapshot) =>
        Derive(EngineInputs.Nothing with { Snapshot = snapshot }, DerivedState.Initial);

    private static Derivation Derive(EngineInputs inputs, DerivedState previous) =>
        Deriver.Derive(inputs, previous, Now);

    private static EngineInputs WithHealth(Derivation before, string address, Verdict verdict, string reason)
    {
        var task = before.Desired.Probes.Keys.Single(probe => probe.Address.Equals(IPAddress.Parse(address)));
        var inputs = before.Next.Inputs;
        return inputs with { Health = inputs.Health.With(task, new(verdict, Now, reason, null)) };
    }

    private static List<BackendDuty> Duties(Derivation derivation) =>
        [
            .. derivation.Desired.TableOf(PlaneKind.Proxy).Services["web"]!
                .Listeners[0]
                .Upstream.Backends.Select(backend => backend.Duty),
        ];

    private static Items<BackendFact> Facts(Derivation derivation) => derivation.Next.ViewsOf("web").Single().Facts;
}
