using Fulcrum.Model.Planning;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Sources;

/// <summary>One step of a transaction: an object is put in the place of its namesake, or is removed.</summary>
/// <param name="Object">Null: it is removed.</param>
public sealed record ObjectChange(ObjectKey Key, INamed? Object)
{
    /// <summary>It was decided on this object of the API's; null: on there being none. Not looked at where it is not set.</summary>
    public INamed? Before
    {
        get;
        init => (field, IsGuarded) = (value, true);
    }

    /// <summary>It is refused when another object than <see cref="Before"/> is there by now.</summary>
    public bool IsGuarded { get; private init; }

    public static ObjectChange Put(INamed item) => new(new(SnapshotSection.KindOf(item).Key, item.Name), item);

    public static ObjectChange Remove(string kind, string name) => new(new(kind, name), null);
}
