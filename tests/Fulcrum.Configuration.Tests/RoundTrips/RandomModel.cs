using System.Collections.Immutable;
using System.Net;
using System.Reflection;
using Fulcrum.Model;
using Fulcrum.Model.Access;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Pools;
using Fulcrum.Model.Services;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;

namespace Fulcrum.Configuration.Tests.RoundTrips;

/// <summary>
/// Model objects with random contents, made by reflection, so that no property of a new record is forgotten. Each
/// property is left at its default half of the time. Texts are plain words, or now and then something nasty.
/// </summary>
internal sealed class RandomModel(int seed)
{
    private const int Deepest = 5;

    private static readonly string[] Nasty =
    [
        "",
        " ",
        "yes",
        "null",
        "~",
        "~x.*",
        "a*b",
        "${X}",
        "$${X}",
        "$",
        "123",
        "1e3",
        "0x1F",
        "-",
        "- a",
        ": b",
        "a: b",
        "#c",
        "a #c",
        "ü😀",
        "two\nlines",
        "tab\t",
        "\"quoted\"",
        "'",
        "\\",
        "{a}",
        "[b]",
        "*",
        "&a",
        "!t",
        "%d",
        "@at",
        "a,b",
        "trailing:",
        "\u0085",
        "\ufeffx",
    ];

    private readonly Random _random = new(seed);
    private int _depth;

    public T Make<T>() => (T)Make(typeof(T), "")!;

    private object? Make(Type type, string property)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Make(inner, property);
        }

        if (type.IsEnum)
        {
            var values = Enum.GetValues(type);
            return values.GetValue(_random.Next(values.Length));
        }

        return Simple(type, property) ?? Composite(type, property);
    }

    private object? Simple(Type type, string property) =>
        type == typeof(string) ? Text(property)
        : type == typeof(int) ? _random.Next(1, 25)
        : type == typeof(uint) ? (uint)_random.Next(1, 100_000)
        : type == typeof(long) ? _random.NextInt64(1, 1L << 40)
        : type == typeof(double) ? _random.NextDouble()
        : type == typeof(bool) ? _random.Next(2) == 0
        : type == typeof(TimeSpan) ? Duration()
        : type == typeof(IPAddress) ? Address()
        : type == typeof(IPNetwork) ? new IPNetwork(IPAddress.Parse("10.0.0.0"), _random.Next(8, 33))
        : type == typeof(IPEndPoint) ? new IPEndPoint(Address(), _random.Next(1, 65536))
        : type == typeof(Uri)
            ? new Uri($"http{(property == "Directory" ? "s" : "")}://h{_random.Next(9)}.example.com/x")
        : type == typeof(PortRange) ? Ports()
        : type == typeof(Amount)
            ? (_random.Next(2) == 0 ? Amount.OfCount(_random.Next(9)) : Amount.OfShare(_random.NextDouble()))
        : type == typeof(Guard) ? (_random.Next(2) == 0 ? new Guard(_random.NextDouble()) : Guard.Off)
        : type == typeof(HostAddress)
            ? (_random.Next(2) == 0 ? HostAddress.Of(Address()) : HostAddress.Of("web.example.com"))
        : type == typeof(InterfaceAddress) ? new InterfaceAddress(IPAddress.Parse("10.0.0.7"), _random.Next(8, 33))
        : type == typeof(AddressRange) ? new AddressRange(IPAddress.Parse("10.0.0.7"), IPAddress.Parse("10.0.0.9"))
        : type == typeof(ClientSubject)
            ? new ClientSubject((ClientSubjectKind)_random.Next(4), $"*.w{_random.Next(9)}.example.com")
        : type == typeof(SecretReference)
            ? (_random.Next(2) == 0 ? new SecretReference("/f", null) : new SecretReference(null, "E"))
        : type == typeof(TextPattern) ? new TextPattern((TextPatternKind)_random.Next(3), Text(""))
        : type == typeof(Labels)
            ? Labels.From(Enumerable.Range(0, _random.Next(3)).Select(i => KeyValuePair.Create($"k{i}", Text(""))))
        : null;

    private object Composite(Type type, string property)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Items<>))
        {
            return Invoke(nameof(MakeItems), type, property);
        }

        if (type.IsAbstract)
        {
            var kinds = type
                .Assembly.GetTypes()
                .Where(kind => kind.IsSubclassOf(type) && !kind.IsAbstract)
                .OrderBy(kind => kind.Name, StringComparer.Ordinal)
                .ToArray();
            type = kinds[_random.Next(kinds.Length)];
        }

        _depth++;
        var constructor = type.GetConstructors().OrderBy(candidate => candidate.GetParameters().Length).First();
        var made = constructor.Invoke([
            .. constructor.GetParameters().Select(parameter => Make(parameter.ParameterType, parameter.Name!)),
        ]);
        foreach (
            var member in type.GetProperties()
                .Where(member =>
                    member.SetMethod is not null
                    && constructor.GetParameters().All(parameter => parameter.Name != member.Name)
                )
        )
        {
            var isRequired = member
                .GetCustomAttributes()
                .Any(attribute => attribute.GetType().Name == "RequiredMemberAttribute");
            if (isRequired || (_depth < Deepest && _random.Next(2) == 0))
            {
                member.SetValue(made, Make(member.PropertyType, member.Name));
            }
        }

        _depth--;
        return Sensible(made);
    }

    // A field that only means something beside another is left out without it: the language cannot say it then.
    private object Sensible(object made) =>
        made switch
        {
            SelectorTerm { Operator: SelectorOperator.Exists or SelectorOperator.DoesNotExist } term => term with
            {
                Values = [],
            },
            Balance { Hash: not HashKey.Field } balance => balance with { HashField = null },
            Balance { HashField: null } balance => balance with { HashField = "http.host" },
            GreetingProbe { Protocol: not ("mysql" or "postgresql") } greeting => greeting with { User = null },
            SuccessRate { Window.TotalSeconds: < 1 } rate => rate with { Window = TimeSpan.FromSeconds(1) },
            ApiTls api => api with { Certificate = api.Certificate with { OcspFile = null } },
            TlsConnection tls => tls with
            {
                Certificate = tls.Certificate is { } shown ? shown with { OcspFile = null } : null,
                Revocations = null,
            },
            ConnectOptions { Tls: { } tls } connect => connect with { Tls = tls with { Revocations = "/f" } },
            Listener listener => OfItsProtocol(listener),
            Vip vip => vip with { Lifetime = Lifetime() },
            VipTemplate vip => vip with { Lifetime = Lifetime() },
            IpvsSettings ipvs => ipvs with
            {
                TcpTimeout = Whole(ipvs.TcpTimeout),
                TcpFinTimeout = Whole(ipvs.TcpFinTimeout),
                UdpTimeout = Whole(ipvs.UdpTimeout),
            },
            XdpSettings xdp => xdp with
            {
                Connections = 1024 + (xdp.Connections & 0xffff),
                HashSeed = xdp.HashSeed & int.MaxValue,
            },
            IpvsSync sync => sync with { Group = IPAddress.Parse("224.0.0.9") },
            _ => made,
        };

    private static Listener OfItsProtocol(Listener random)
    {
        var listener = random with { PrefixLength = null };
        return listener.Protocol switch
        {
            ListenerProtocol.Unix or ListenerProtocol.UnixDatagram or ListenerProtocol.UnixSeqpacket => listener with
            {
                Address = null,
                Ports = default,
                Mark = null,
                Path = "/run/x",
            },
            ListenerProtocol.Mark => listener with
            {
                Address = null,
                Ports = default,
                Path = null,
                Mark = listener.Mark ?? 1,
            },
            ListenerProtocol.Ip => listener with { Ports = default, Path = null, Mark = null },
            _ => Wide(random) with
            {
                Path = null,
                Mark = null,
                Ports = listener.Ports == default ? PortRange.Of(1) : listener.Ports,
            },
        };
    }

    private static Listener Wide(Listener random)
    {
        const int Shortest = 8;
        if (
            random is not { PrefixLength: { } chosen, OwnAddress: { } address }
            || random.Protocol is not (ListenerProtocol.Tcp or ListenerProtocol.Udp)
        )
        {
            return random with { PrefixLength = null };
        }

        // Whole bytes of it, and none beyond.
        var bytes = address.GetAddressBytes();
        var kept = 1 + (int)((uint)chosen % (uint)(bytes.Length - 1));
        bytes.AsSpan(kept).Clear();
        return random with { Address = new(bytes), PrefixLength = Shortest * kept };
    }

    private object Invoke(string method, Type list, string property) =>
        GetType()
            .GetMethod(method, BindingFlags.Instance | BindingFlags.NonPublic)!
            .MakeGenericMethod(list.GetGenericArguments())
            .Invoke(this, [property])!;

    private Items<T> MakeItems<T>(string property)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        for (var count = _random.Next(_depth < Deepest ? 3 : 1); count > 0; count--)
        {
            items.Add((T)Make(typeof(T), property)!);
        }

        return new(items.ToImmutable());
    }

    private string Text(string property) =>
        property switch
        {
            "Path" => "/p",
            "Communities" => "64512:1",
            "Protocol" => "redis",
            "Type" => "AAAA",
            "Query" or "Server" or "ServerName" or "Acme" => "a.example.com",
            "Expression" => "^a+$",
            _ when _random.Next(8) == 0 => Nasty[_random.Next(Nasty.Length)],
            _ => $"w{_random.Next(1000)}",
        };

    private TimeSpan? Lifetime() => _random.Next(3) == 0 ? null : TimeSpan.FromSeconds(_random.Next(1, 100_000));

    private static TimeSpan? Whole(TimeSpan? time) =>
        time is { } some ? TimeSpan.FromSeconds(Math.Ceiling(some.TotalSeconds)) : null;

    private TimeSpan Duration() =>
        _random.Next(3) switch
        {
            0 => TimeSpan.FromSeconds(_random.Next(3, 40)),
            1 => TimeSpan.FromMilliseconds(_random.Next(10, 1000)),
            _ => TimeSpan.FromTicks(_random.NextInt64(TimeSpan.TicksPerSecond, TimeSpan.TicksPerMinute / 2)),
        };

    private IPAddress Address() =>
        IPAddress.Parse(_random.Next(2) == 0 ? $"10.0.0.{_random.Next(256)}" : $"2001:db8::{_random.Next(1, 9999)}");

    private PortRange Ports() =>
        _random.Next(3) switch
        {
            0 => PortRange.Of(_random.Next(200, 600)),
            1 => new PortRange(200, _random.Next(201, 600)),
            _ => PortRange.Every,
        };
}
