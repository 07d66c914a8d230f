using System.Globalization;
using Fulcrum.Engine.Admission;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Routing;

/// <summary>One thing that is known of a session.</summary>
public abstract record MetadataValue
{
    private MetadataValue() { }

    /// <summary>As patterns and logs see it.</summary>
    public abstract string Written { get; }

    public sealed override string ToString() => Written;

    public sealed record Text(string Value) : MetadataValue
    {
        public override string Written => Value;
    }

    public sealed record Number(long Value) : MetadataValue
    {
        public override string Written => Value.ToString(CultureInfo.InvariantCulture);
    }

    public sealed record Address(AddressBits Value) : MetadataValue
    {
        public override string Written => Value.ToIPAddress().ToString();
    }

    /// <summary>Several texts; a pattern holds for it when it holds for one of them.</summary>
    public sealed record List(Items<string> Values) : MetadataValue
    {
        public override string Written => string.Join(',', Values);
    }
}
