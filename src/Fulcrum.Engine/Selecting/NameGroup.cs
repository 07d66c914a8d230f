using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Selecting;

/// <summary>The members of an upstream that are eligible for the same server names.</summary>
public sealed class NameGroup
{
    private readonly Items<TextPattern> _patterns;
    private NameGroup?[]? _further;

    internal NameGroup(PlaneUpstream whole, Items<TextPattern> patterns, IEnumerable<PlaneBackend> members)
    {
        _patterns = patterns;
        Key = string.Concat(patterns.Select(pattern => $"\n{pattern}"));
        Upstream = whole with { Backends = Items.From(members) };
    }

    /// <summary>The same for the same patterns in another generation; empty: those whom no pattern is for.</summary>
    public string Key { get; }

    /// <summary>The upstream, as if it had no other members.</summary>
    public PlaneUpstream Upstream { get; }

    /// <summary>Its members and those of another group, which has one pattern.</summary>
    /// <param name="number">Of that pattern.</param>
    /// <param name="count">How many patterns have a number.</param>
    /// <param name="mayMake">Asked when they were not put together before; false: this group has to do.</param>
    internal NameGroup With(NameGroup other, PlaneUpstream whole, int number, int count, Func<bool> mayMake)
    {
        var further =
            Volatile.Read(ref _further)
            ?? Interlocked.CompareExchange(ref _further, new NameGroup?[count], null)
            ?? _further;
        if (Volatile.Read(ref further[number]) is { } known)
        {
            return known;
        }

        if (!mayMake())
        {
            return this;
        }

        var members = new HashSet<PlaneBackend>(Upstream.Backends, ReferenceEqualityComparer.Instance);
        members.UnionWith(other.Upstream.Backends);
        // In the order of the upstream, which some balancers keep to.
        var patterns = Items.From(_patterns.Concat(other._patterns));
        var made = new NameGroup(whole, patterns, whole.Backends.Where(members.Contains));
        return Interlocked.CompareExchange(ref further[number], made, null) ?? made;
    }
}
