using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Secrets;
using Fulcrum.Health.Probing.Conversations;
using Fulcrum.Health.Probing.Echo;
using Fulcrum.Health.Probing.Programs;
using Fulcrum.Health.Probing.Sockets;
using Fulcrum.Health.Tls;
using Fulcrum.Linux.Processes;
using Fulcrum.Loops;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Tls;
using Fulcrum.Protocols.Greetings;
using Fulcrum.Protocols.Grpc;
using Fulcrum.Protocols.Http2;
using Fulcrum.Protocols.Ldap;
using Fulcrum.Protocols.MySql;
using Fulcrum.Protocols.PostgreSql;
using Fulcrum.Protocols.Radius;
using Fulcrum.Protocols.Redis;
using Fulcrum.Protocols.Smtp;

namespace Fulcrum.Health.Probing;

/// <summary>
/// Gives out what makes the probes of a task. All that is the same for each of them (requests, expressions, addresses)
/// is made once, when the task comes.
/// </summary>
/// <param name="node">What we call ourselves, where a protocol wants a name.</param>
/// <param name="report">Is told what is wrong on this machine. Called on the loop: it must not wait.</param>
internal sealed class ProbePlanner(string node, EventLoop loop, TimeProvider time, Action<string> report)
{
    private const string H2 = "h2";

    private readonly TlsMaterials _materials = new(time, report);
    private readonly Secrets _secrets = new(time);
    private readonly EchoPorts _echoes = new(loop);
    private readonly DyingPrograms _dying = new();

    public Func<IProbeOwner, Probe> Plan(ProbeTask task)
    {
        try
        {
            return task.Probe switch
            {
                IcmpProbe => OfEcho(task),
                TcpProbe tcp => OfTcp(task, tcp),
                UdpProbe udp => OfUdp(task, udp),
                HttpProbe { Version: HttpProbeVersion.Http2 } http => OfHttp2(task, http),
                HttpProbe http => OfHttp(task, http),
                GrpcProbe grpc => OfGrpc(task, grpc),
                DnsProbe dns => OfDns(task, dns),
                RadiusProbe radius => OfRadius(task, radius),
                GreetingProbe greeting => Stream(task, null, () => new GreetingConversation(Greeting(greeting))),
                AgentProbe agent => OfAgent(task, agent),
                ExecProbe exec => OfProgram(task, exec),
                var other => throw new NotSupportedException($"{other.Kind} checks are not known here"),
            };
        }
        catch (Exception impossible) when (impossible is ArgumentException or NotSupportedException)
        {
            return owner => new UnaskedProbe(impossible.Message, owner);
        }
    }

    /// <summary>Gives back what probes share.</summary>
    public void Close()
    {
        _echoes.Close();
        _dying.Close();
    }

    private Func<IProbeOwner, Probe> Stream(
        ProbeTask task,
        TlsConnection? tls,
        Func<Conversation>? conversation,
        string? protocol = null
    )
    {
        var target = ProbeTarget.Of(task);
        var plan = tls is null ? null : new TlsPlan(task, tls, protocol, _materials, time);
        return owner => new StreamProbe(target, plan, conversation?.Invoke(), loop, time, owner);
    }

    private Func<IProbeOwner, Probe> OfEcho(ProbeTask task)
    {
        // IPVS balances no echo requests, whatever their mark: this machine would answer for its vip, and all would be
        // well with a backend that is not there.
        if (task.Mark is not null)
        {
            throw new NotSupportedException("no plane carries ICMP: use 'via: direct', or a check of another kind");
        }

        var target = ProbeTarget.Of(task);
        return owner => new EchoProbe(_echoes.For(target), target.Address, time, owner);
    }

    private Func<IProbeOwner, Probe> OfTcp(ProbeTask task, TcpProbe probe)
    {
        var send = Encoding.UTF8.GetBytes(probe.Send ?? "");
        var expect = AnswerPattern.Of(probe.Expect);
        return Stream(
            task,
            probe.Tls,
            send.Length == 0 && expect is null ? null : () => new SendExpect(send, expect, isDatagram: false)
        );
    }

    private Func<IProbeOwner, Probe> OfUdp(ProbeTask task, UdpProbe probe)
    {
        var target = ProbeTarget.Of(task);
        var send = Encoding.UTF8.GetBytes(probe.Send);
        var expect = AnswerPattern.Of(probe.Expect);
        return owner => new DatagramProbe(
            target,
            new SendExpect(send, expect, isDatagram: true),
            null,
            loop,
            time,
            owner
        );
    }

    private Func<IProbeOwner, Probe> OfHttp(ProbeTask task, HttpProbe probe)
    {
        var expectation = new HttpExpectation(probe);
        var request = HttpRequest.Write(probe, AuthorityOf(task));
        return Stream(task, probe.Tls, () => new HttpConversation(expectation, request));
    }

    private Func<IProbeOwner, Probe> OfHttp2(ProbeTask task, HttpProbe probe)
    {
        var expectation = new HttpExpectation(probe);
        var request = Http2Exchange.Start(
            HttpRequest.Fields(probe, AuthorityOf(task)),
            Encoding.UTF8.GetBytes(probe.Body ?? "")
        );
        return Stream(
            task,
            probe.Tls,
            () =>
                new Http2Conversation(
                    request,
                    expectation.BodyLimit,
                    exchange => expectation.Judge(exchange.StatusCode, exchange.Body)
                ),
            H2
        );
    }

    private Func<IProbeOwner, Probe> OfGrpc(ProbeTask task, GrpcProbe probe)
    {
        var authority = probe.Tls?.ServerName ?? task.Name ?? AuthorityOf(task);
        var request = Http2Exchange.Start(
            GrpcHealth.Headers(authority, probe.Tls is not null),
            GrpcHealth.Request(probe.Service)
        );
        return Stream(
            task,
            probe.Tls,
            () =>
                new Http2Conversation(
                    request,
                    GrpcHealth.BodyLimit,
                    exchange =>
                        GrpcHealth.WhyNotServing(exchange) is { } why
                            ? ProbeResult.Bad(why)
                            : ProbeResult.Good("serving")
                ),
            H2
        );
    }

    private Func<IProbeOwner, Probe> OfDns(ProbeTask task, DnsProbe probe)
    {
        var expectation = new DnsExpectation(probe);
        var stream = Stream(task, null, () => new DnsStream(expectation, NewId()));
        if (probe.OverTcp)
        {
            return stream;
        }

        var target = ProbeTarget.Of(task);
        return owner => new DatagramProbe(target, new DnsDatagrams(expectation, NewId()), stream, loop, time, owner);
    }

    private Func<IProbeOwner, Probe> OfRadius(ProbeTask task, RadiusProbe probe)
    {
        var target = ProbeTarget.Of(task);
        var nas = new RadiusNas(probe.Nas ?? node, task.Source);
        return owner =>
        {
            try
            {
                return new DatagramProbe(target, new RadiusConversation(probe, Ask()), null, loop, time, owner);
            }
            catch (Exception unusable) when (unusable is SecretException or ArgumentException)
            {
                return new UnaskedProbe(unusable.Message, owner);
            }
        };

        RadiusRequest Ask()
        {
            var (id, authenticator) = ((byte)NewId(), RandomNumberGenerator.GetBytes(16));
            var secret = _secrets.Read(probe.Secret);
            if (probe.Method == RadiusMethod.Status)
            {
                return RadiusRequest.Status(id, authenticator, secret.Span, nas);
            }

            ReadOnlyMemory<byte> challenge =
                probe.Method == RadiusMethod.Chap ? RandomNumberGenerator.GetBytes(16) : default;
            var login = new RadiusLogin(probe.User!, _secrets.Read(probe.Password!), challenge);
            return RadiusRequest.Access(id, authenticator, secret.Span, nas, login);
        }
    }

    private Func<IProbeOwner, Probe> OfAgent(ProbeTask task, AgentProbe probe)
    {
        var send = Encoding.UTF8.GetBytes(probe.Send);
        return Stream(task, null, () => new AgentConversation(send));
    }

    // The program gets what it needs to find the backend, and what the user says; nothing else of ours.
    private Func<IProbeOwner, Probe> OfProgram(ProbeTask task, ExecProbe probe)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
            ["FULCRUM_ADDRESS"] = task.Path ?? task.Address.ToString(),
            ["FULCRUM_PORT"] = task.Port.ToString(CultureInfo.InvariantCulture),
        };
        if (task.Mark is { } mark)
        {
            environment["FULCRUM_MARK"] = mark.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var (name, value) in probe.Environment)
        {
            environment[name] = value;
        }

        var options = new ChildOptions([.. probe.Command], environment);
        var (expect, reject) = (AnswerPattern.Of(probe.Expect), AnswerPattern.Of(probe.Reject));
        return owner => new ProgramProbe(options, expect, reject, _dying, loop, time, owner);
    }

    private IGreeting Greeting(GreetingProbe probe) =>
        probe.Protocol switch
        {
            "mysql" => new MySqlGreeting(probe.User ?? "fulcrum"),
            "postgresql" => new PostgreSqlGreeting(probe.User ?? "fulcrum"),
            "redis" => new RedisGreeting(),
            "smtp" => new SmtpGreeting(node),
            _ => new LdapGreeting(),
        };

    private static ushort NewId() => (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);

    private static string AuthorityOf(ProbeTask task) =>
        task.Path is null ? new IPEndPoint(task.Address, task.Port).ToString() : "localhost";
}
