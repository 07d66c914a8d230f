using System.Net;
using System.Text;
using Fulcrum.Engine.Admission;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Routing;

/// <summary>A match made ready: every key that is set must hold, within a key any one of the alternatives.</summary>
internal sealed class SessionMatcher
{
    private readonly TextMatcher[] _serverNames;
    private readonly byte[][] _protocols;
    private readonly (AddressBits Base, int Length)[] _sources;
    private readonly PortRange[] _ports;
    private readonly (string Field, TextMatcher[] Patterns)[] _fields;
    private readonly SessionMatcher[] _any;
    private readonly SessionMatcher? _not;

    public SessionMatcher(Match match)
    {
        _serverNames = [.. match.Sni.Select(pattern => new TextMatcher(pattern, ignoreCase: true))];
        _protocols = [.. match.Alpn.Select(name => Encoding.UTF8.GetBytes(name))];
        _sources = [.. match.Source.Select(Prefix)];
        _ports = [.. match.Port];
        _fields =
        [
            .. match.Fields.Select(field =>
                (field.Field, field.Patterns.Select(pattern => new TextMatcher(pattern, ignoreCase: false)).ToArray())
            ),
        ];
        _any = [.. match.Any.Select(one => new SessionMatcher(one))];
        _not = match.Not is { } not ? new(not) : null;
        AsksForHello =
            _serverNames.Length > 0
            || _protocols.Length > 0
            || _any.Any(one => one.AsksForHello)
            || _not is { AsksForHello: true }
            || _fields.Any(field => field.Field.StartsWith("tls.", StringComparison.Ordinal));
        AsksForFields = _fields.Length > 0 || _any.Any(one => one.AsksForFields) || _not is { AsksForFields: true };
    }

    /// <summary>It cannot be told before the client's TLS hello was read.</summary>
    public bool AsksForHello { get; }

    public bool AsksForFields { get; }

    public bool Matches(in SessionFacts facts) =>
        HoldsServerName(facts)
        && HoldsProtocol(facts)
        && HoldsSource(facts)
        && HoldsPort(facts)
        && HoldsFields(facts)
        && HoldsAny(facts)
        && !(_not?.Matches(facts) ?? false);

    private static (AddressBits Base, int Length) Prefix(IPNetwork network)
    {
        var length = AddressBits.LengthOf(network);
        return (AddressBits.Of(network.BaseAddress).Leading(length), length);
    }

    private bool HoldsServerName(in SessionFacts facts)
    {
        foreach (var name in _serverNames)
        {
            if (name.Matches(facts.ServerName))
            {
                return true;
            }
        }

        return _serverNames.Length == 0;
    }

    private bool HoldsProtocol(in SessionFacts facts)
    {
        var rest = facts.Protocols;
        while (_protocols.Length > 0 && ProtocolList.TryTake(ref rest, out var offered))
        {
            foreach (var protocol in _protocols)
            {
                if (offered.SequenceEqual(protocol))
                {
                    return true;
                }
            }
        }

        return _protocols.Length == 0;
    }

    private bool HoldsSource(in SessionFacts facts)
    {
        foreach (var (prefix, length) in _sources)
        {
            // All of IPv6, ::/0, is none of IPv4, although it holds the v4-mapped form.
            if (
                facts.Source is { } source
                && source.Leading(length) == prefix
                && (length >= AddressBits.MappedLength || !source.IsIPv4)
            )
            {
                return true;
            }
        }

        return _sources.Length == 0;
    }

    private bool HoldsPort(in SessionFacts facts)
    {
        foreach (var ports in _ports)
        {
            if (ports.Contains(facts.Port))
            {
                return true;
            }
        }

        return _ports.Length == 0;
    }

    private bool HoldsFields(in SessionFacts facts)
    {
        foreach (var (field, patterns) in _fields)
        {
            if (facts.Metadata?[field] is not { } value || (patterns.Length > 0 && !Holds(patterns, value)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Holds(TextMatcher[] patterns, MetadataValue value) =>
        value is MetadataValue.List list
            ? Array.Exists(patterns, pattern => list.Values.Any(text => pattern.Matches(text)))
            : Array.Exists(patterns, pattern => pattern.Matches(value.Written));

    private bool HoldsAny(in SessionFacts facts)
    {
        foreach (var one in _any)
        {
            if (one.Matches(facts))
            {
                return true;
            }
        }

        return _any.Length == 0;
    }
}
