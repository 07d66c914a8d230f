using Fulcrum.Engine.Admission;

namespace Fulcrum.Engine.Routing;

/// <summary>
/// What is known of one session, as a tree whose leaves have types: who talks to whom (<c>source.address</c>,
/// <c>destination.port</c>), what was learned before the first byte was passed on (<c>tls.sni</c>,
/// <c>proxy-protocol.authority</c>), what routes wrote (<c>labels.tenant</c>). Routes match it, stages and logs read it.
/// It is made only for sessions whose routes or stages ask for it, and belongs to the session's loop.
/// </summary>
public sealed class Metadata
{
    /// <summary>Routes write a handful of fields; what a client sends may not make it grow beyond this.</summary>
    public const int MaxFields = 128;

    private readonly Dictionary<string, MetadataValue> _leaves = new(StringComparer.Ordinal);
    private HashSet<string>? _written;

    /// <summary>What is known of a session as it comes in.</summary>
    /// <param name="listener">As it is written.</param>
    public static Metadata Of(string listener, in SessionFacts facts)
    {
        var metadata = new Metadata();
        metadata._leaves["listener"] = new MetadataValue.Text(listener);
        metadata.SetPlace("source", facts.Source, facts.SourcePort);
        metadata.SetPlace("destination", facts.Destination, facts.Port);
        if (facts.ServerName.Length > 0)
        {
            metadata._leaves["tls.sni"] = new MetadataValue.Text(facts.ServerName.ToString());
        }

        if (facts.Protocols.Length > 0)
        {
            metadata._leaves["tls.alpn"] = new MetadataValue.List(ProtocolList.Read(facts.Protocols));
        }

        return metadata;
    }

    /// <summary>Those that were written by routes, and stand, in the order of the paths.</summary>
    public IEnumerable<KeyValuePair<string, MetadataValue>> Written =>
        _written is null ? [] : Fields.Where(leaf => _written.Contains(leaf.Key));

    public int Count => _leaves.Count;

    /// <summary>The value at the path; null: there is none.</summary>
    public MetadataValue? this[string path] => _leaves.GetValueOrDefault(path);

    /// <summary>All of it in the order of the paths.</summary>
    public IEnumerable<KeyValuePair<string, MetadataValue>> Fields =>
        _leaves.OrderBy(leaf => leaf.Key, StringComparer.Ordinal);

    /// <summary>
    /// Writes a value; what stands below the path, or above it as a leaf, makes room for it. False: there are too many
    /// fields already.
    /// </summary>
    public bool Set(string path, MetadataValue value)
    {
        if (!_leaves.ContainsKey(path))
        {
            RemoveBelow(path);
            for (var dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
            {
                _leaves.Remove(path[..dot]);
            }

            if (_leaves.Count >= MaxFields)
            {
                return false;
            }
        }

        _leaves[path] = value;
        return true;
    }

    /// <summary>As <see cref="Set"/>, by a route.</summary>
    public bool Write(string path, MetadataValue value)
    {
        if (!Set(path, value))
        {
            return false;
        }

        _written ??= new(StringComparer.Ordinal);
        _written.Add(path);
        return true;
    }

    /// <summary>Removes the value at the path, and all below it.</summary>
    public void Remove(string path)
    {
        _leaves.Remove(path);
        RemoveBelow(path);
    }

    private void SetPlace(string name, AddressBits? address, int port)
    {
        if (address is { } known)
        {
            _leaves[$"{name}.address"] = new MetadataValue.Address(known);
        }

        if (port > 0)
        {
            _leaves[$"{name}.port"] = new MetadataValue.Number(port);
        }
    }

    private void RemoveBelow(string path)
    {
        foreach (var other in _leaves.Keys)
        {
            if (
                other.Length > path.Length
                && other[path.Length] == '.'
                && other.StartsWith(path, StringComparison.Ordinal)
            )
            {
                _leaves.Remove(other);
            }
        }
    }
}
