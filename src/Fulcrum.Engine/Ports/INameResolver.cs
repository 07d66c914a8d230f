using System.Net;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Ports;

/// <summary>Keeps the addresses of backends that are written as names.</summary>
public interface INameResolver
{
    /// <summary>From now on these names and no others.</summary>
    void Apply(Map<string, string> names);
}

/// <summary>Hears of every change of a name's addresses, on any thread.</summary>
public interface INameListener
{
    /// <param name="addresses">In the order of preference (RFC 6724). Empty: it has none.</param>
    void OnName(string name, Items<IPAddress> addresses);
}
